//! Reads `fer2013new.csv` and gives each face of a loaded `fer2013.csv` its votes.
//!
//! Rows are matched by number only: image names drift from it and four repeat.

use std::path::Path;

use super::super::archive::Archive;
use super::super::error::DataError;
use super::super::item::{Fer2013, Form, Split};
use super::super::lines::Lines;
use super::super::row::shortened;
use super::{COLUMNS, Votes};

/// Largest length of a line in bytes; a row has a usage, a file name and ten numbers.
const LINE_LIMIT: usize = 1 << 12;
const USAGE: &str = "Usage";

/// Gives each face of `fer` the votes of its row in `fer2013new.csv` (plain, gzip or xz) at `path`.
/// On an error, no votes are set.
///
/// # Errors
/// A [`DataError`] with the file and the line if a row cannot be read, if the number of rows is not
/// the number of images in `fer`, or if a row has another split; [`DataError::VotesForm`] if `fer`
/// does not come from a table, as its rows would not match.
pub fn attach(path: impl AsRef<Path>, fer: &mut Fer2013) -> Result<(), DataError> {
    let path = path.as_ref();
    if fer.form != Form::Table {
        return Err(DataError::VotesForm { path: path.into() });
    }
    let rows = read(path)?;
    if rows.len() != fer.len() {
        return Err(DataError::VotesRows {
            path: path.into(),
            expected: fer.len(),
            found: rows.len(),
        });
    }
    for split in Split::ALL {
        for item in fer.split(split) {
            match rows.get(item.row) {
                Some(row) if row.split == split => {}
                other => {
                    return Err(DataError::VotesSplit {
                        path: path.into(),
                        line: other.map_or(0, |row| row.line),
                        expected: split.usage(),
                        found: other.map_or("no row", |row| row.split.usage()),
                    });
                }
            }
        }
    }
    for items in [
        &mut fer.training,
        &mut fer.public_test,
        &mut fer.private_test,
    ] {
        for item in items {
            item.votes = rows.get(item.row).map(|row| row.votes);
        }
    }
    Ok(())
}

struct Row {
    line: u64,
    split: Split,
    votes: Votes,
}

fn read(path: &Path) -> Result<Vec<Row>, DataError> {
    let missing = || DataError::VotesMissing { path: path.into() };
    if path.is_dir() {
        return Err(missing());
    }
    let mut archive = Archive::open(path).map_err(|error| match error {
        DataError::Missing { .. } => missing(),
        other => other,
    })?;
    let mut lines = Lines::new(path, archive.format, LINE_LIMIT);
    lines.advance(&mut archive.bytes)?;
    let header = Header::find(path, &mut lines)?;
    let mut rows = Vec::new();
    while lines.advance(&mut archive.bytes)? {
        if !lines.text.is_empty() {
            rows.push(header.parse(path, &mut lines)?);
        }
    }
    Ok(rows)
}

/// Positions of the fields in a row.
struct Header {
    usage: usize,
    votes: [usize; COLUMNS.len()],
    fields: usize,
}

impl Header {
    fn find(path: &Path, lines: &mut Lines<'_>) -> Result<Self, DataError> {
        let text = lines.text.clone();
        let header = &text[..];
        if std::str::from_utf8(header).is_err() {
            return Err(DataError::NotUtf8 {
                path: path.into(),
                line: 1,
            });
        }
        let names = lines.fields();
        let position = |name: &str| {
            names
                .iter()
                .position(|found| *found == name.as_bytes())
                .ok_or_else(|| DataError::VotesHeader {
                    path: path.into(),
                    absent: name.into(),
                    found: shortened(header),
                })
        };
        let mut votes = [0; COLUMNS.len()];
        for (slot, name) in votes.iter_mut().zip(COLUMNS) {
            *slot = position(name)?;
        }
        Ok(Self {
            usage: position(USAGE)?,
            votes,
            fields: names.len(),
        })
    }

    fn parse(&self, path: &Path, lines: &mut Lines<'_>) -> Result<Row, DataError> {
        let (line, path) = (lines.line, || path.to_owned());
        if std::str::from_utf8(&lines.text).is_err() {
            return Err(DataError::NotUtf8 { path: path(), line });
        }
        let fields = lines.fields();
        if fields.len() != self.fields {
            return Err(DataError::VotesFields {
                path: path(),
                line,
                expected: self.fields,
                found: fields.len(),
            });
        }
        let field = |position: usize| fields.get(position).copied().unwrap_or_default();
        let usage = field(self.usage);
        let split = Split::from_usage(usage).ok_or_else(|| DataError::Usage {
            path: path(),
            line,
            found: shortened(usage),
        })?;
        let mut counts = [0; COLUMNS.len()];
        for ((slot, &position), column) in counts.iter_mut().zip(&self.votes).zip(COLUMNS) {
            *slot = count(field(position)).ok_or_else(|| DataError::VotesCount {
                path: path(),
                line,
                column,
                found: shortened(field(position)),
            })?;
        }
        Ok(Row {
            line,
            split,
            votes: Votes::new(counts),
        })
    }
}

/// Parses a number of raters, 0 to 255, written in digits only.
fn count(field: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(field).ok()?;
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rand::{Rng, SeedableRng};

    use super::*;
    use crate::data::{Expression, FerItem, LoadOptions, load};
    use crate::emotion::Emotion;
    use crate::vision::FaceCrop;

    const HEADER: &str = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,\
                          contempt,unknown,NF\n";

    fn faces() -> Fer2013 {
        let item = |row| FerItem {
            crop: FaceCrop::new([row as u8; FaceCrop::AREA]),
            emotion: Emotion::Sad,
            row,
            votes: None,
            source: 0,
        };
        Fer2013 {
            form: Form::Table,
            training: vec![item(0), item(2)],
            public_test: vec![item(1)],
            private_test: vec![item(3)],
            selecting: vec![],
            sources: vec!["fer2013".into()],
        }
    }

    fn good() -> String {
        format!(
            "{HEADER}Training,fer0.png,4,0,0,1,3,2,0,0,0,0\nPublicTest,,0,0,0,0,0,0,0,0,0,10\n\
             Training,fer2.png,0,10,0,0,0,0,0,0,0,0\nPrivateTest,fer3.png,0,0,0,0,0,0,0,6,4,0\n"
        )
    }

    fn attach_bytes(bytes: impl AsRef<[u8]>) -> Result<Fer2013, DataError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fer2013new.csv");
        fs::write(&path, bytes).unwrap();
        let mut fer = faces();
        attach(&path, &mut fer).map(|()| fer)
    }

    #[test]
    fn votes_reach_the_faces_of_their_rows() {
        let fer = attach_bytes(good()).unwrap();
        let counts = |item: &FerItem| *item.votes.unwrap().counts();
        assert_eq!(counts(&fer.training[0]), [4, 0, 0, 1, 3, 2, 0, 0, 0, 0]);
        assert_eq!(counts(&fer.training[1]), [0, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(counts(&fer.public_test[0])[9], 10);
        assert_eq!(
            fer.private_test[0].votes.unwrap().majority(),
            Some(Expression::Contempt)
        );
    }

    #[test]
    fn every_spelling_of_the_table_is_the_same_data() {
        let reference = attach_bytes(good()).unwrap();
        let reordered: String = good()
            .lines()
            .map(|line| {
                let (usage, rest) = line.split_once(',').unwrap();
                format!("{rest}, \"{usage}\"\n")
            })
            .collect();
        let extra = good().replace("Usage,", "index,Usage,");
        let extra = extra.replace("\nT", "\n7,T").replace("\nP", "\n7,P");
        for text in [
            format!("\u{feff}{}", good()),
            good().replace('\n', "\r\n"),
            good().trim_end().to_owned(),
            good().replace("10\n", "10\n\n"),
            reordered,
            extra,
        ] {
            assert_eq!(attach_bytes(&text).unwrap(), reference, "{text}");
        }
    }

    #[test]
    fn each_fault_names_its_line_and_what_was_found() {
        let message = |text: String| attach_bytes(text).unwrap_err().to_string();
        let cases = [
            (String::new(), "expected a column \"neutral\""),
            (
                good().replacen("contempt", "scorn", 1),
                "new.csv:1: expected a column \"contempt\"",
            ),
            (
                HEADER.into(),
                "expected 4 rows of votes, one an image of the table, found 0",
            ),
            (
                good().replacen("PrivateTest,fer3.png,0,0,0,0,0,0,0,6,4,0\n", "", 1),
                "expected 4 rows of votes, one an image of the table, found 3",
            ),
            (
                good().replacen("Training,fer2", "PublicTest,fer2", 1),
                "new.csv:4: expected a row of Training, as row by row in the table, found PublicTest",
            ),
            (
                good().replacen("Training,fer2", "Test,fer2", 1),
                ":4: expected the usage Training, PublicTest or PrivateTest, found \"Test\"",
            ),
            (
                good().replacen("4,0,0,1", "4,0,0,x", 1),
                ":2: expected a number of raters from 0 to 255 as sadness, found \"x\"",
            ),
            (
                good().replacen("4,0,0,1", "4,256,0,1", 1),
                "as happiness, found \"256\"",
            ),
            (
                good().replacen("4,0,0,1", "4,0,-1,1", 1),
                "as surprise, found \"-1\"",
            ),
            (
                good().replacen("4,0,0,1", "4,0,+1,1", 1),
                "as surprise, found \"+1\"",
            ),
            (
                good().replacen("4,0,0,1", "4,,0,1", 1),
                "as happiness, found \"\"",
            ),
            (
                good().replacen("4,0,0,1", "4,0,1", 1),
                ":2: expected 12 fields, found 11",
            ),
            (
                good().replacen("fer2.png", &"f".repeat(5000), 1),
                ":4: expected at most 4096 bytes",
            ),
        ];
        for (text, part) in cases {
            let found = message(text);
            assert!(found.contains(part), "{found:?} lacks {part:?}");
        }
        let latin = [good().as_bytes(), b"Training,f\xe9,1\n"].concat();
        assert!(matches!(
            attach_bytes(latin),
            Err(DataError::NotUtf8 { line: 6, .. })
        ));
        let error = attach("/no/such.csv", &mut faces())
            .unwrap_err()
            .to_string();
        assert!(error.contains("fer2013new.csv"), "{error}");
    }

    #[test]
    fn a_folder_has_no_rows_to_align() {
        let mut fer = Fer2013 {
            form: Form::Folder,
            ..faces()
        };
        let error = attach("votes.csv", &mut fer).unwrap_err().to_string();
        assert!(
            error.contains("name the original fer2013.csv first"),
            "{error}"
        );
    }

    #[test]
    fn a_fault_leaves_the_faces_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fer2013new.csv");
        fs::write(&path, good().replacen("PrivateTest", "Training", 1)).unwrap();
        let mut fer = faces();
        attach(&path, &mut fer).unwrap_err();
        assert_eq!(fer, faces());
    }

    #[test]
    fn no_bytes_panic() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        let good = good().into_bytes();
        let mut refused = 0;
        for _ in 0..400 {
            let mut bytes = good.clone();
            for _ in 0..rng.random_range(1..6) {
                let at = rng.random_range(0..bytes.len());
                match rng.random_range(0..4) {
                    0 => bytes[at] = rng.random(),
                    1 => bytes.truncate(at.max(1)),
                    2 => bytes.insert(at, *b",\n\"9\xff".get(at % 5).unwrap()),
                    _ => {
                        bytes.remove(at);
                    }
                }
                if bytes.is_empty() {
                    bytes.push(b',');
                }
            }
            refused += usize::from(attach_bytes(&bytes).is_err());
        }
        assert!(
            refused > 200,
            "only {refused} of 400 damaged tables were refused"
        );
    }

    /// Runs on the real files only if `MOUE_FER2013` and `MOUE_FERPLUS` name them; the data sets
    /// are not in the project.
    #[test]
    fn the_original_tables_align_and_keep_the_published_counts() {
        let paths = ["MOUE_FER2013", "MOUE_FERPLUS"].map(std::env::var_os);
        let [Some(faces), Some(votes)] = paths else {
            println!("skipped: MOUE_FER2013 and MOUE_FERPLUS name no files");
            return;
        };
        let mut fer = load(faces, LoadOptions::default()).unwrap();
        attach(votes, &mut fer).unwrap();
        let kept = Split::ALL.map(|split| {
            let majorities = fer.split(split).iter().map(|item| item.votes.unwrap());
            majorities
                .filter(|votes| votes.majority().is_some())
                .count()
        });
        assert_eq!(kept, [25_060, 3_199, 3_153]);
    }
}
