//! Joins several data sets to one.
//!
//! The first set is the one for evaluation: FER2013, or any set if `any_size` is true. Further sets
//! are the user's own images in the same layouts, of any size, and are joined split by split:
//!
//! | added set | joins Training | joins PublicTest | joins PrivateTest |
//! |---|---|---|---|
//! | a table | its `Training` rows | its `PublicTest` rows | its `PrivateTest` rows |
//! | a folder | all of `train/` | nothing | `test/`, if there is one |
//! | a folder with `labels.csv` | all but validation faces, see [`sources`] | nothing | nothing |
//!
//! Nothing is held out of an added folder, so that only the first set selects the epoch. A folder
//! with only `train/` does not change the test splits or their metrics. [`Fer2013::split_name`]
//! returns another name for a split that is not the first set's only.

use std::collections::HashSet;
use std::path::Path;

use super::error::DataError;
use super::item::{Fer2013, FerItem, Form, Split};
use super::{LoadOptions, fer_plus, fer2013, folder, load_with, sources};
use crate::vision::{FaceCrop, Rect, resample};

/// Loads the sets at `paths` and joins them to one with distinct rows: the first set's rows keep
/// their numbers, those of each further set follow. `votes` is the path of FER+'s table, which
/// belongs to the first set.
///
/// # Errors
/// A [`DataError`] with the file, the line if there is one, and the remedy.
pub fn load_joined(
    paths: &[impl AsRef<Path>],
    votes: Option<&Path>,
    mut options: LoadOptions<'_>,
) -> Result<Fer2013, DataError> {
    let (first, added) = paths.split_first().ok_or(DataError::NoSets)?;
    let mut whole = load_with(first.as_ref(), &mut options)?;
    if let Some(votes) = votes {
        fer_plus::attach(votes, &mut whole)?;
    }
    options.any_size = true;
    let mut sets = vec![whole];
    for path in added {
        let path = path.as_ref();
        sets.push(if path.join(sources::LABELS_FILE).is_file() {
            sources::load(path, &mut options)?
        } else if path.is_dir() {
            folder::load_added(path, &mut options)?
        } else {
            fer2013::load(path, &mut options)?
        });
    }
    check_distinct(paths, &sets)?;
    Ok(join(sets))
}

/// Returns an error if two of the sets are the same, for example as table and as folder, because
/// test images would be trained on.
fn check_distinct(paths: &[impl AsRef<Path>], sets: &[Fer2013]) -> Result<(), DataError> {
    // Smaller sets are not compared.
    const LEAST: usize = 50;
    let fingerprints: Vec<HashSet<u64>> = sets
        .iter()
        .map(|set| {
            let splits = Split::ALL.into_iter().flat_map(|split| set.split(split));
            splits.map(|item| fingerprint(&item.crop)).collect()
        })
        .collect();
    for (later, second) in fingerprints.iter().enumerate() {
        for (earlier, first) in fingerprints[..later].iter().enumerate() {
            let smaller = first.len().min(second.len());
            let both = first.intersection(second).count();
            if smaller >= LEAST && 2 * both > smaller {
                return Err(DataError::Twice {
                    first: paths[earlier].as_ref().into(),
                    second: paths[later].as_ref().into(),
                    share: 100 * both / smaller,
                });
            }
        }
    }
    Ok(())
}

/// Computes a fingerprint of 60 bits: whether each cell of a 6×6 grid is brighter than its left and
/// its upper neighbour. A compressed copy nearly always has the same.
fn fingerprint(crop: &FaceCrop) -> u64 {
    const PARTS: usize = 6;
    let whole = Rect::new(0.0, 0.0, crop.side() as f32, crop.side() as f32);
    let means = resample(crop.view(), whole, PARTS, PARTS);
    let along = (0..PARTS).flat_map(|y| (1..PARTS).map(move |x| (y * PARTS + x, 1)));
    let across = (1..PARTS).flat_map(|y| (0..PARTS).map(move |x| (y * PARTS + x, PARTS)));
    along.chain(across).fold(0, |bits, (at, before)| {
        bits << 1 | u64::from(means[at] > means[at - before])
    })
}

fn join(sets: Vec<Fer2013>) -> Fer2013 {
    let names = Split::ALL.map(|split| joint_name(&sets, split));
    let alone = sets.len() == 1;
    let mut next_row = 0;
    let joined = sets.into_iter().reduce(|mut whole, mut set| {
        next_row = next_row.max(rows_end(&whole));
        let sources_before = whole.sources.len();
        for (into, from) in [
            (&mut whole.training, &mut set.training),
            (&mut whole.public_test, &mut set.public_test),
            (&mut whole.private_test, &mut set.private_test),
            (&mut whole.selecting, &mut set.selecting),
        ] {
            into.extend(from.drain(..).map(|item| FerItem {
                row: item.row + next_row,
                source: item.source + sources_before,
                ..item
            }));
        }
        for name in set.sources {
            let name = free_name(&whole.sources, name);
            whole.sources.push(name);
        }
        whole
    });
    let mut joined = joined.unwrap_or(Fer2013 {
        form: Form::Joined { names },
        training: vec![],
        public_test: vec![],
        private_test: vec![],
        selecting: vec![],
        sources: vec![],
    });
    if !alone {
        joined.form = Form::Joined { names };
    }
    joined
}

/// Returns the name, numbered if it is taken, because biases are looked up by the source's name.
fn free_name(taken: &[String], name: String) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = [name.clone()].into_iter().chain(numbered);
    let free = names.find(|name| !taken.contains(name));
    free.unwrap_or(name)
}

/// Returns one more than the largest row number.
fn rows_end(set: &Fer2013) -> usize {
    let rows = Split::ALL.into_iter().flat_map(|split| set.split(split));
    let rows = rows.chain(&set.selecting);
    rows.map(|item| item.row + 1).max().unwrap_or(0)
}

/// Returns the name of a joined split; sets without images in it are ignored.
fn joint_name(sets: &[Fer2013], split: Split) -> &'static str {
    let giving = sets.iter().filter(|set| !set.split(split).is_empty());
    let names: Vec<&str> = giving.map(|set| set.split_name(split)).collect();
    let folder = |name: &&&str| **name != split.usage();
    match (names.len(), names.iter().filter(folder).count(), split) {
        (0, _, split) | (1, 0, split) => split.usage(),
        (1, _, split) => Form::Folder.split_name(split),
        (all, folders, Split::Training) if folders == all => "train of several sets",
        (_, 0, Split::Training) => "Training of several sets",
        (_, _, Split::Training) => "Training and train",
        (all, folders, Split::PublicTest) if folders == all => "held out of several sets",
        (_, 0, Split::PublicTest) => "PublicTest of several sets",
        (_, _, Split::PublicTest) => "PublicTest and held out of train",
        (all, folders, Split::PrivateTest) if folders == all => "test of several sets",
        (_, 0, Split::PrivateTest) => "PrivateTest of several sets",
        (_, _, Split::PrivateTest) => "PrivateTest and test",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    fn write_table(folder: &Path, name: &str, usages: &[&str]) -> PathBuf {
        let mut text = String::from("emotion,pixels,Usage\n");
        for (index, usage) in usages.iter().enumerate() {
            let pixels = vec![(index + 1).to_string(); 48 * 48].join(" ");
            text += &format!("{},{pixels},{usage}\n", index % 7);
        }
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn write_folder(root: &Path, images: &[&str]) -> PathBuf {
        for (index, image) in images.iter().enumerate() {
            let path = root.join(image);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            image::GrayImage::from_pixel(48, 48, image::Luma([100 + index as u8]))
                .save(path)
                .unwrap();
        }
        root.into()
    }

    fn joined(paths: &[PathBuf]) -> Result<Fer2013, DataError> {
        let options = LoadOptions {
            any_size: true,
            ..LoadOptions::default()
        };
        load_joined(paths, None, options)
    }

    fn names(fer: &Fer2013) -> [&'static str; 3] {
        Split::ALL.map(|split| fer.split_name(split))
    }

    const ALL: [&str; 4] = ["Training", "PublicTest", "PrivateTest", "Training"];

    #[test]
    fn a_folder_with_train_alone_adds_to_training_and_to_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let table = write_table(root.path(), "fer.csv", &ALL);
        let own = write_folder(
            &root.path().join("own"),
            &["train/happy/a.png", "train/sad/b.png"],
        );
        let alone = joined(std::slice::from_ref(&table)).unwrap();
        let fer = joined(&[table, own]).unwrap();
        assert_eq!(
            names(&fer),
            ["Training and train", "PublicTest", "PrivateTest"]
        );
        assert_eq!(fer.public_test, alone.public_test);
        assert_eq!(fer.private_test, alone.private_test);
        assert_eq!(fer.training[..2], alone.training[..]);
        let added: Vec<(usize, u8)> = fer.training[2..]
            .iter()
            .map(|item| (item.row, item.crop.pixels()[0]))
            .collect();
        assert_eq!(added, [(4, 100), (5, 101)]);
        assert_eq!(names(&alone), ["Training", "PublicTest", "PrivateTest"]);
        assert_eq!(alone.form, Form::Table);
    }

    #[test]
    fn a_test_that_is_joined_changes_its_name() {
        let root = tempfile::tempdir().unwrap();
        let table = write_table(root.path(), "fer.csv", &ALL);
        let own = write_folder(&root.path().join("own"), &["test/fear/a.png"]);
        let fer = joined(&[table.clone(), own.clone()]).unwrap();
        assert_eq!(
            names(&fer),
            ["Training", "PublicTest", "PrivateTest and test"]
        );
        assert_eq!(fer.private_test.len(), 2);
        let again = joined(&[table.clone(), table, own]).unwrap();
        assert_eq!(
            names(&again),
            [
                "Training of several sets",
                "PublicTest of several sets",
                "PrivateTest and test"
            ]
        );
        assert_eq!(again.sources, ["fer", "fer-2", "own"]);
        let rows: HashSet<usize> = Split::ALL
            .into_iter()
            .flat_map(|split| again.split(split))
            .map(|item| item.row)
            .collect();
        assert_eq!(rows.len(), 9, "rows must be distinct: {rows:?}");
    }

    #[test]
    fn folders_join_and_the_first_alone_selects() {
        let root = tempfile::tempdir().unwrap();
        let images: Vec<String> = (0..9)
            .map(|index| format!("train/sad/{index}.png"))
            .collect();
        let mut images: Vec<&str> = images.iter().map(String::as_str).collect();
        images.push("test/sad/t.png");
        let first = write_folder(&root.path().join("first"), &images);
        let second = write_folder(&root.path().join("second"), &images);
        let fer = joined(&[first, second]).unwrap();
        assert_eq!(
            names(&fer),
            [
                "train of several sets",
                "held out of train",
                "test of several sets"
            ]
        );
        let sizes = [&fer.training, &fer.public_test, &fer.private_test].map(Vec::len);
        assert_eq!(sizes, [8 + 9, 1, 2]);
    }

    #[test]
    fn what_is_wrong_with_an_added_set_is_named() {
        let root = tempfile::tempdir().unwrap();
        let table = write_table(root.path(), "fer.csv", &ALL);
        let empty = root.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let message = |added: PathBuf| joined(&[table.clone(), added]).unwrap_err().to_string();
        let found = message(empty.clone());
        assert!(found.contains("empty: expected train/ or test/"), "{found}");
        fs::create_dir_all(empty.join("train/happy")).unwrap();
        let found = message(empty);
        assert!(found.contains("expected PNG or JPEG images"), "{found}");
        let found = message(root.path().join("absent.csv"));
        assert!(found.contains("no such file or folder"), "{found}");
        assert!(matches!(joined(&[]), Err(DataError::NoSets)));
    }

    #[test]
    fn the_first_set_is_held_to_its_counts_and_the_added_are_not() {
        let root = tempfile::tempdir().unwrap();
        let table = write_table(root.path(), "fer.csv", &ALL);
        let error = load_joined(&[&table, &table], None, LoadOptions::default()).unwrap_err();
        assert!(matches!(error, DataError::Counts { .. }), "{error}");
    }

    #[test]
    fn votes_reach_the_first_set_alone() {
        let root = tempfile::tempdir().unwrap();
        let table = write_table(root.path(), "fer.csv", &ALL);
        let mut text = String::from("Usage,");
        text += &fer_plus::COLUMNS.join(",");
        for usage in ALL {
            text += &format!("\n{usage},0,10,0,0,0,0,0,0,0,0");
        }
        let votes = root.path().join("votes.csv");
        fs::write(&votes, text).unwrap();
        let options = LoadOptions {
            any_size: true,
            ..LoadOptions::default()
        };
        let fer = load_joined(&[&table, &table], Some(&votes), options).unwrap();
        let voted = fer.training.iter().map(|item| item.votes.is_some());
        assert_eq!(voted.collect::<Vec<_>>(), [true, true, false, false]);
    }
}
