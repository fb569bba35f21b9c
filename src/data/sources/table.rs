//! Reads a folder of sources: `labels.csv` and its pictures.

use std::path::Path;

use super::super::error::DataError;
use super::super::item::{Fer2013, FerItem, Form};
use super::super::label_table::LabelTable;
use super::super::pictures::PictureRef;
use super::super::{LoadOptions, pictures};
use super::is_validation;
use crate::emotion::Emotion;
use crate::spec::heads::{CONTEMPT, answer_name};
use crate::vision::{FaceCrop, FaceSquare, Rect, crop_face};

/// Largest share of pictures that may be unreadable; these are left out.
const UNREADABLE: f64 = 0.01;

/// One row of the table.
#[derive(Debug)]
struct Label {
    line: usize,
    source: usize,
    file: String,
    emotion: Emotion,
    rect: Option<Rect>,
}

/// Loads all sources of the folder at `path`, for training and validation; none of their faces is
/// in a test split. Unreadable pictures are left out, up to one in a hundred.
///
/// # Errors
/// A [`DataError`] with the file, the line if there is one, and the remedy.
pub fn load(path: &Path, options: &mut LoadOptions<'_>) -> Result<Fer2013, DataError> {
    let table = LabelTable::read(path)?;
    let (labels, sources) = parse(&table, &super::super::name_of(path))?;
    let named: Vec<PictureRef<'_>> = labels
        .iter()
        .map(|it| PictureRef::new(&it.file, it.line))
        .collect();
    // Unreadable pictures are counted, and are not an error here.
    let decode = |index: usize, bytes: &[u8], _: &Path| Ok(face(bytes, labels[index].rect));
    let crops = pictures::load(path, &table.path, &named, &decode, &mut |done, total| {
        options.report(done as u64, total as u64);
    })?;
    let unreadable: Vec<(&Label, &String)> = labels
        .iter()
        .zip(&crops)
        .filter_map(|(label, crop)| Some((label, crop.as_ref().err()?)))
        .collect();
    if unreadable.len() as f64 > UNREADABLE * labels.len() as f64
        && let Some((first, reason)) = unreadable.first()
    {
        return Err(DataError::Unreadable {
            path: table.path,
            line: first.line,
            file: first.file.clone(),
            reason: (*reason).clone(),
            count: unreadable.len(),
            total: labels.len(),
        });
    }
    let mut fer = Fer2013 {
        form: Form::Sources {
            unreadable: unreadable.len(),
        },
        training: vec![],
        public_test: vec![],
        private_test: vec![],
        selecting: vec![],
        sources,
    };
    for (row, (label, crop)) in labels.iter().zip(crops).enumerate() {
        let Ok(crop) = crop else { continue };
        let item = FerItem {
            crop,
            emotion: label.emotion,
            row,
            votes: None,
            source: label.source,
        };
        match is_validation(&label.file) {
            true => fer.selecting.push(item),
            false => fer.training.push(item),
        }
    }
    Ok(fer)
}

/// Crops the face in a picture; the error is a message for the user.
fn face(bytes: &[u8], rect: Option<Rect>) -> Result<FaceCrop, String> {
    let gray = pictures::gray(bytes)?;
    let (width, height) = (gray.width() as f32, gray.height() as f32);
    let overlaps = |rect: &Rect| {
        rect.x < width && rect.y < height && rect.right() > 0.0 && rect.bottom() > 0.0
    };
    if rect.as_ref().is_some_and(|rect| !overlaps(rect)) {
        return Err("its box lies outside the picture".to_owned());
    }
    let square = match rect {
        Some(rect) => FaceSquare::around(rect, 0.0),
        None => FaceSquare {
            centre: (width / 2.0, height / 2.0),
            side: width.max(height),
            radians: 0.0,
        },
    };
    Ok(crop_face(&gray, &square))
}

/// Returns the label of each picture, and the names of the sources in the order of the table.
fn parse(table: &LabelTable, name: &str) -> Result<(Vec<Label>, Vec<String>), DataError> {
    let set = table.column("set");
    const BOX: [&str; 4] = ["box_x", "box_y", "box_w", "box_h"];
    let rect_columns = match BOX.iter().any(|name| table.column(name).is_some()) {
        true => Some([
            table.needed(BOX[0])?,
            table.needed(BOX[1])?,
            table.needed(BOX[2])?,
            table.needed(BOX[3])?,
        ]),
        false => None,
    };
    let mut sources: Vec<String> = vec![];
    let mut labels = vec![];
    for row in &table.rows {
        if row.fields[table.expression] == answer_name(CONTEMPT) {
            continue;
        }
        let emotion = table.emotion(
            row,
            "anger, disgust, fear, happy, sad, surprise, neutral or contempt as expression",
        )?;
        let rect = match rect_columns.map(|columns| columns.map(|at| row.fields[at].as_str())) {
            None | Some(["", "", "", ""]) => None,
            Some(words) => {
                let numbers = words.map(|word| word.parse::<f32>().ok());
                let [Some(x), Some(y), Some(width), Some(height)] = numbers else {
                    return Err(table.fault(
                        row,
                        "four numbers as the box, or none",
                        &words.join(","),
                    ));
                };
                let whole = [x, y, width, height]
                    .iter()
                    .all(|number| number.is_finite());
                if !whole || width < 1.0 || height < 1.0 {
                    return Err(table.fault(row, "a box of at least one pixel", &words.join(",")));
                }
                Some(Rect::new(x, y, width, height))
            }
        };
        let set = set.map_or(name, |at| row.fields[at].as_str());
        let source = sources
            .iter()
            .position(|known| known == set)
            .unwrap_or_else(|| {
                sources.push(set.to_owned());
                sources.len() - 1
            });
        labels.push(Label {
            line: row.line,
            source,
            file: row.fields[table.file].clone(),
            emotion,
            rect,
        });
    }
    if labels.is_empty() {
        return Err(DataError::Empty {
            path: table.path.clone(),
        });
    }
    Ok((labels, sources))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::super::label_table::LABELS_FILE;
    use super::*;

    fn png(value: u8) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(vec![]);
        image::GrayImage::from_pixel(112, 112, image::Luma([value]))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    fn loaded(table: &str, files: &[&str]) -> Result<Fer2013, DataError> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(LABELS_FILE), table).unwrap();
        for (index, file) in files.iter().enumerate() {
            fs::write(folder.path().join(file), png(index as u8)).unwrap();
        }
        load(folder.path(), &mut LoadOptions::default())
    }

    #[test]
    fn pictures_become_faces_of_their_source() {
        let names: Vec<String> = (0..40).map(|index| format!("{index}.png")).collect();
        let files: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut table = "set,file,expression,box_x,box_y,box_w,box_h\n".to_owned();
        for (index, file) in files.iter().enumerate() {
            let row = match index % 2 {
                0 => format!("a,{file},happy,,,,\n"),
                _ => format!("b,{file},anger,30.5,20,50,60\n"),
            };
            table += &row;
        }
        let fer = loaded(&table, &files).unwrap();
        assert_eq!(fer.sources, ["a", "b"]);
        assert_eq!(fer.training.len() + fer.selecting.len(), 40);
        assert!(!fer.selecting.is_empty() && fer.public_test.is_empty());
        for item in fer.training.iter().chain(&fer.selecting) {
            assert_eq!(item.crop.side(), FaceCrop::CUT_SIDE);
            assert_eq!(item.crop.pixels()[0], item.row as u8);
            assert_eq!(item.source, item.row % 2);
        }
    }

    #[test]
    fn names_with_commas_and_quotes_are_read_as_spreadsheets_write_them() {
        let files = ["a, b.png", "c \"d\".png"];
        let table = "file,expression\r\n\"a, b.png\",happy\r\n\r\n\"c \"\"d\"\".png\", sad\r\n";
        let fer = loaded(table, &files).unwrap();
        assert_eq!(fer.training.len() + fer.selecting.len(), 2);
        let error = loaded(&table.replace("sad", "joy"), &files).unwrap_err();
        assert!(error.to_string().contains("labels.csv:4:"), "{error}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let told = |table: &str| loaded(table, &["a.png"]).unwrap_err().to_string();
        let error = told("file,label\na.png,happy\n");
        assert!(
            error.contains("labels.csv:1: expected a column \"expression\""),
            "{error}"
        );
        let error = told("file,expression\na.png,joy\n");
        assert!(
            error.contains(":2: expected anger, disgust") && error.contains("joy"),
            "{error}"
        );
        let error = told("file,expression\nb.png,happy\n");
        assert!(error.contains("\"b.png\" is neither"), "{error}");
        let error = told("file,expression,box_x,box_y,box_w,box_h\na.png,sad,1,2,x,4\n");
        assert!(error.contains("four numbers as the box"), "{error}");
        let error = told("file,expression,box_x,box_y,box_width,box_h\na.png,sad,1,2,3,4\n");
        assert!(error.contains("a column \"box_w\""), "{error}");
        let error = told("file,expression,box_x,box_y,box_w,box_h\na.png,sad,500,2,30,40\n");
        assert!(error.contains("outside the picture"), "{error}");
        let error = told("file,expression,box_x,box_y,box_w,box_h\na.png,sad,1,2,0,4\n");
        assert!(error.contains("a box of at least one pixel"), "{error}");
        let error = told("file,expression\n");
        assert!(error.contains("labels.csv"), "{error}");
    }

    #[test]
    fn one_unreadable_picture_in_a_hundred_is_left_out_and_more_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut table = "file,expression\n".to_owned();
        for index in 0..200 {
            table += &format!("{index}.png,sad\n");
            fs::write(folder.path().join(format!("{index}.png")), png(3)).unwrap();
        }
        fs::write(folder.path().join(LABELS_FILE), table).unwrap();
        let broken = |index: usize| fs::write(folder.path().join(format!("{index}.png")), b"x");
        broken(7).unwrap();
        broken(9).unwrap();
        let load = || load(folder.path(), &mut LoadOptions::default());
        let fer = load().unwrap();
        assert_eq!(fer.training.len() + fer.selecting.len(), 198);
        assert_eq!(fer.form, Form::Sources { unreadable: 2 });
        broken(11).unwrap();
        let error = load().unwrap_err().to_string();
        assert!(
            error.contains("labels.csv:9: \"7.png\"") && error.contains("3 of 200"),
            "{error}"
        );
    }
}
