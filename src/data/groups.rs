//! Photographs of people with their self-reported sex, age and origin, to compare the accuracy
//! between groups.
//!
//! A set is a folder with `labels.csv`, which has the columns `file`, `expression` and any of
//! [`COLUMNS`], optionally [`PERSON`], and the photographs beside it or in `.tar` files. It is never
//! used for training or model selection.

use std::path::Path;

use super::error::DataError;
use super::label_table::{LabelRow, LabelTable};
use super::pictures::PictureRef;
use super::{LoadOptions, pictures};
use crate::emotion::Emotion;
use crate::pipeline::finder::{FaceFinder, Search};
use crate::vision::{FaceCrop, FaceSquare, crop_face};

/// Columns that faces are grouped by.
pub const COLUMNS: [&str; 3] = ["sex", "age", "ethnicity"];
/// Last age of each band in years, with the band's name.
const BANDS: [(u32, &str); 4] = [
    (17, "under 18"),
    (24, "18 to 24"),
    (34, "25 to 34"),
    (49, "35 to 49"),
];
/// Column that says which photographs show the same person.
pub const PERSON: &str = "person";
const OLDEST_BAND: &str = "50 and older";

/// The face in one person's photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFace {
    /// Crop of the largest face, as the page crops it; `None` if the detector found no face.
    pub crop: Option<FaceCrop>,
    /// Expression that the person was asked to show.
    pub emotion: Emotion,
    /// Name of the person, the same in all of their photographs; `None` if the set does not say.
    pub person: Option<String>,
    /// Groups of the person, as column and value: `sex: female`, `age: 25 to 34`.
    pub groups: Vec<String>,
}

/// Loads the folder at `path` and detects the faces.
///
/// # Errors
/// A [`DataError`] with the file, the line if there is one, and the remedy.
pub fn load(path: &Path, options: &mut LoadOptions<'_>) -> Result<Vec<GroupFace>, DataError> {
    let table = LabelTable::read(path)?;
    let rows = parse(&table)?;
    let named: Vec<PictureRef<'_>> = rows
        .iter()
        .map(|row| PictureRef::new(&row.file, row.line))
        .collect();
    let read = |_: usize, bytes: &[u8], _: &Path| Ok(pictures::gray(bytes));
    let pictures = pictures::load(path, &table.path, &named, &read, &mut |_, _| ())?;
    let mut finder = FaceFinder::built_in().map_err(|error| DataError::Detector {
        reason: error.to_string(),
    })?;
    let total = rows.len();
    let mut faces = Vec::with_capacity(total);
    for (row, picture) in rows.into_iter().zip(pictures) {
        let picture = picture.map_err(|reason| DataError::Image {
            path: path.join(&row.file),
            reason,
        })?;
        let found = finder.find(&picture, Search::Thorough);
        let crop = found
            .first()
            .map(|face| crop_face(&picture, &FaceSquare::of(face)));
        faces.push(GroupFace {
            crop,
            emotion: row.emotion,
            person: row.person,
            groups: row.groups,
        });
        options.report(faces.len() as u64, total as u64);
    }
    Ok(faces)
}

struct Row {
    line: usize,
    file: String,
    emotion: Emotion,
    person: Option<String>,
    groups: Vec<String>,
}

fn parse(table: &LabelTable) -> Result<Vec<Row>, DataError> {
    let groups = COLUMNS.map(|name| (name, table.column(name)));
    let person = table.column(PERSON);
    let read = |row: &LabelRow| {
        let value = |at: Option<usize>| {
            let value = row.fields[at?].as_str();
            // R writes a missing value as NA.
            (!value.is_empty() && value != "NA").then_some(value)
        };
        let mut of = vec![];
        for (name, at) in groups {
            let Some(value) = value(at) else {
                continue;
            };
            let fault = |_| table.fault(row, "an age in years", value);
            let value = match name {
                "age" => band(value.parse().map_err(fault)?),
                _ => value,
            };
            of.push(format!("{name}: {value}"));
        }
        Ok(Row {
            line: row.line,
            file: row.fields[table.file].clone(),
            emotion: table.emotion(row, "one of the seven expressions")?,
            person: value(person).map(str::to_owned),
            groups: of,
        })
    };
    table.rows.iter().map(read).collect()
}

fn band(age: u32) -> &'static str {
    let found = BANDS.iter().find(|(last, _)| age <= *last);
    found.map_or(OLDEST_BAND, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::label_table::LABELS_FILE;
    use super::*;

    fn told(table: &str) -> String {
        match LabelTable::parse("labels.csv".into(), table).and_then(|table| parse(&table)) {
            Ok(rows) => rows
                .iter()
                .map(|row| row.groups.join("; "))
                .collect::<Vec<_>>()
                .join(" | "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn groups_are_columns_with_their_values_and_ages_in_bands() {
        let table = "file,expression,person,sex,age,ethnicity\na.jpg,happy,1,female,24,white\n\
                     b.jpg,neutral,2,,51,NA\n";
        assert_eq!(
            told(table),
            "sex: female; age: 18 to 24; ethnicity: white | age: 50 and older"
        );
        assert_eq!(told("file,expression\na.jpg,sad\n"), "");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (table, expected) in [
            ("file,age\n", "\"expression\""),
            (
                "file,expression,age\na.jpg,happy,old\n",
                "an age in years, found \"old\"",
            ),
            (
                "file,expression\na.jpg,glad\n",
                "labels.csv:2: expected one of the seven",
            ),
            ("file,expression\na.jpg\n", "as many fields"),
        ] {
            let error = told(table);
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn drawn_faces_are_found_and_an_empty_picture_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        for name in ["happy.png", "no-face.png"] {
            fs::copy(fixtures.join(name), folder.path().join(name)).unwrap();
        }
        let table = "file,expression,sex\nhappy.png,happy,female\nno-face.png,neutral,male\n";
        fs::write(folder.path().join(LABELS_FILE), table).unwrap();
        let faces = load(folder.path(), &mut LoadOptions::default()).unwrap();
        assert!(faces[0].crop.is_some() && faces[1].crop.is_none());
        assert_eq!(faces[0].groups, ["sex: female"]);
    }
}
