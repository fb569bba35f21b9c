//! Reads the folder form: `train/<class>/*.png|jpg` and `test/<class>/…`.
//!
//! Its `test/` is PublicTest and PrivateTest merged, 7,178 images that cannot be told apart, so it
//! must not be used to select a model. A ninth of `train/` is held out for that instead (PublicTest
//! has an eighth of Training's size). The part is chosen by the seed and the pixels for each class,
//! and copies of an image always stay in the same part, whatever their labels.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::DataError;
use super::item::{Fer2013, FerItem, Form, Split};
use super::{LoadOptions, counts, pictures};
use crate::emotion::Emotion;
use crate::vision::{FaceCrop, resize};

/// One in this many images of each class of `train/` is held out.
const HELD_OUT_OF: usize = 9;
const FILES_PER_PROGRESS: usize = 256;

/// Loads the folder at `path`.
///
/// # Errors
/// A [`DataError`] that names the file or folder.
pub(super) fn load(path: &Path, options: &mut LoadOptions<'_>) -> Result<Fer2013, DataError> {
    let train_files = list_split(path, "train")?;
    let test_files = list_split(path, "test")?;
    for (files, split) in [(&train_files, "train"), (&test_files, "test")] {
        if files.is_empty() {
            return Err(DataError::NoImages {
                path: path.join(split),
            });
        }
    }
    let (items, test) = read_items(&train_files, &test_files, options)?;
    if !options.any_size {
        counts::check(path, "train", &items, counts::expected(Split::Training))?;
        counts::check(path, "test", &test, counts::expected_merged_test())?;
    }
    let (training, held_out) = hold_out(items, options.seed);
    Ok(Fer2013 {
        form: Form::Folder,
        training,
        public_test: held_out,
        private_test: test,
        selecting: vec![],
        sources: vec![super::name_of(path)],
    })
}

/// Loads a folder that is added to another set: `train/`, `test/` or both, of any size. Nothing is
/// held out.
///
/// # Errors
/// A [`DataError`] that names the file or folder.
pub(super) fn load_added(path: &Path, options: &mut LoadOptions<'_>) -> Result<Fer2013, DataError> {
    let list = |split| match path.join(split).is_dir() {
        true => list_split(path, split).map(Some),
        false => Ok(None),
    };
    let (train_files, test_files) = match (list("train")?, list("test")?) {
        (None, None) => return Err(DataError::AddedLayout { path: path.into() }),
        (train, test) => (train.unwrap_or_default(), test.unwrap_or_default()),
    };
    if train_files.is_empty() && test_files.is_empty() {
        return Err(DataError::NoImages { path: path.into() });
    }
    let (training, test) = read_items(&train_files, &test_files, options)?;
    Ok(Fer2013 {
        form: Form::Folder,
        training,
        public_test: vec![],
        private_test: test,
        selecting: vec![],
        sources: vec![super::name_of(path)],
    })
}

/// Reads the items of both splits; the row numbers of the second continue those of the first.
fn read_items(
    train_files: &[ImageFile],
    test_files: &[ImageFile],
    options: &mut LoadOptions<'_>,
) -> Result<(Vec<FerItem>, Vec<FerItem>), DataError> {
    let total = train_files.len() + test_files.len();
    let mut items = Vec::with_capacity(total);
    for (row, file) in train_files.iter().chain(test_files).enumerate() {
        let crop = read_crop(&file.path)?;
        items.push(FerItem {
            crop,
            emotion: file.emotion,
            row,
            votes: None,
            source: 0,
        });
        if row % FILES_PER_PROGRESS == 0 {
            options.report(row as u64, total as u64);
        }
    }
    options.report(total as u64, total as u64);
    let test = items.split_off(train_files.len());
    Ok((items, test))
}

struct ImageFile {
    path: PathBuf,
    emotion: Emotion,
}

/// Lists the images of `train/` or `test/` by path, so that rows do not depend on the file system.
fn list_split(root: &Path, split: &'static str) -> Result<Vec<ImageFile>, DataError> {
    let folder = root.join(split);
    if !folder.is_dir() {
        return Err(DataError::Layout {
            path: root.to_owned(),
            absent: split,
        });
    }
    let mut files = Vec::new();
    for class_folder in visible_entries(&folder)? {
        let name = class_folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let emotion = emotion_of_folder(&name)
            .filter(|_| class_folder.is_dir())
            .ok_or_else(|| DataError::Class {
                path: class_folder.clone(),
            })?;
        let paths = visible_entries(&class_folder)?;
        files.extend(paths.into_iter().map(|path| ImageFile { path, emotion }));
    }
    Ok(files)
}

/// Lists a folder's entries by path, without hidden files and `Thumbs.db` or `desktop.ini`.
fn visible_entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let read_error = |source| DataError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(read_error)? {
        let entry = entry.map_err(read_error)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && name != "Thumbs.db" && name != "desktop.ini" {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn emotion_of_folder(lower_case_name: &str) -> Option<Emotion> {
    Some(match lower_case_name {
        "anger" | "angry" => Emotion::Anger,
        "disgust" | "disgusted" => Emotion::Disgust,
        "fear" | "fearful" => Emotion::Fear,
        "happy" | "happiness" => Emotion::Happy,
        "sad" | "sadness" => Emotion::Sad,
        "surprise" | "surprised" => Emotion::Surprise,
        "neutral" => Emotion::Neutral,
        _ => return None,
    })
}

/// Reads an image as gray and stretches it to 48×48 if it has another size.
fn read_crop(path: &Path) -> Result<FaceCrop, DataError> {
    let bytes = fs::read(path).map_err(|source| DataError::Read {
        path: path.to_owned(),
        source,
    })?;
    let fault = |reason: String| DataError::Image {
        path: path.to_owned(),
        reason,
    };
    let mut gray = pictures::gray(&bytes).map_err(fault)?;
    let side = FaceCrop::SIDE as u32;
    if (gray.width(), gray.height()) != (side, side) {
        gray = resize(gray.view(), side, side);
    }
    let pixels = <[u8; FaceCrop::AREA]>::try_from(gray.pixels())
        .map_err(|error| fault(error.to_string()))?;
    Ok(FaceCrop::new(pixels))
}

/// Splits `items` into those for training and those held out, both in their original order.
fn hold_out(items: Vec<FerItem>, seed: u64) -> (Vec<FerItem>, Vec<FerItem>) {
    let hashes: Vec<[u8; 32]> = items.iter().map(|item| hash(seed, &item.crop)).collect();
    let mut chosen = HashSet::new();
    for emotion in Emotion::ALL {
        let mut of_class: Vec<[u8; 32]> = items
            .iter()
            .zip(&hashes)
            .filter(|(item, _)| item.emotion == emotion)
            .map(|(_, hash)| *hash)
            .collect();
        of_class.sort_unstable();
        let wanted = (of_class.len() + HELD_OUT_OF / 2) / HELD_OUT_OF;
        chosen.extend(of_class.into_iter().take(wanted));
    }
    let (mut training, mut held_out) = (Vec::new(), Vec::new());
    for (item, hash) in items.into_iter().zip(hashes) {
        if chosen.contains(&hash) {
            held_out.push(item)
        } else {
            training.push(item)
        }
    }
    (training, held_out)
}

/// Hashes the seed and the pixels, so that copies of an image have the same hash.
fn hash(seed: u64, crop: &FaceCrop) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(crop.pixels())
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::data::load;

    fn write_image(path: &Path, side: u32, value: u8) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::GrayImage::from_pixel(side, side, image::Luma([value]))
            .save(path)
            .unwrap();
    }

    fn any_size(seed: u64) -> LoadOptions<'static> {
        LoadOptions {
            any_size: true,
            seed,
            progress: None,
        }
    }

    #[test]
    fn folders_load_with_both_spellings_and_any_image_size() {
        let root = tempfile::tempdir().unwrap();
        write_image(&root.path().join("train/angry/b.png"), 48, 20);
        write_image(&root.path().join("train/angry/a.png"), 48, 10);
        write_image(&root.path().join("train/Happiness/c.png"), 96, 30);
        write_image(&root.path().join("test/neutral/d.png"), 48, 40);
        write_image(&root.path().join("test/sad/e.jpg"), 48, 50);
        fs::write(root.path().join("train/angry/.DS_Store"), "x").unwrap();
        let fer = load(root.path(), any_size(0)).unwrap();
        let seen = |items: &[FerItem]| -> Vec<(usize, Emotion, u8)> {
            items
                .iter()
                .map(|item| (item.row, item.emotion, item.crop.pixels()[1000]))
                .collect()
        };
        assert_eq!(fer.form, Form::Folder);
        assert_eq!(
            seen(&fer.training),
            [
                (0, Emotion::Happy, 30),
                (1, Emotion::Anger, 10),
                (2, Emotion::Anger, 20)
            ]
        );
        assert_eq!(
            seen(&fer.private_test),
            [(3, Emotion::Neutral, 40), (4, Emotion::Sad, 50)]
        );
        assert_eq!(fer.split_name(Split::PrivateTest), "test");
        let error = load(root.path(), LoadOptions::default()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("expected 3995 anger images in train"),
            "{error}"
        );
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let root = tempfile::tempdir().unwrap();
        let message = |part: &str| {
            let error = load(root.path(), any_size(0)).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        message("found no train/");
        write_image(&root.path().join("train/fear/a.png"), 48, 1);
        message("found no test/");
        fs::create_dir_all(root.path().join("test/fear")).unwrap();
        message("test: expected PNG or JPEG images");
        fs::write(root.path().join("test/fear/b.png"), "not an image").unwrap();
        message("b.png: not a usable image");
        fs::write(root.path().join("test/fear/b.png"), "").unwrap();
        message("b.png: not a usable image (the file is empty");
        fs::create_dir_all(root.path().join("test/contempt")).unwrap();
        message("contempt: expected a folder named angry");
    }

    #[test]
    fn a_ninth_is_held_out_by_seed_and_copies_stay_together() {
        let item = |row: usize| {
            // Every image occurs twice, the second time with another label.
            let value = (row / 2) as u8;
            let crop = FaceCrop::new([value; FaceCrop::AREA]);
            FerItem {
                crop,
                emotion: Emotion::ALL[row % 2],
                row,
                votes: None,
                source: 0,
            }
        };
        let items: Vec<FerItem> = (0..360).map(item).collect();
        let (training, held_out) = hold_out(items.clone(), 3);
        assert_eq!((training.len(), held_out.len()), (320, 40));
        assert_eq!(counts::class_counts(&held_out)[..2], [20, 20]);
        let mut sides: HashMap<u8, usize> = HashMap::new();
        for item in &held_out {
            *sides.entry(item.crop.pixels()[0]).or_default() += 1;
        }
        assert!(sides.values().all(|count| *count == 2));
        assert_eq!(hold_out(items.clone(), 3).1, held_out);
        assert_ne!(hold_out(items, 4).1, held_out);
    }
}
