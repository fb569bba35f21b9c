//! Reads `fer2013.csv`, plain or compressed, line by line.
//!
//! The columns `emotion`, `pixels` and `Usage` are found by name, so that the challenge's other
//! column order (`emotion, Usage, pixels`) loads too. Fields may be quoted and lines may end in
//! CRLF. Only the items and one line are held in memory.

use std::path::Path;

use super::archive::Archive;
use super::error::DataError;
use super::item::{Fer2013, Form, Split};
use super::lines::Lines;
use super::row::Columns;
use super::{LoadOptions, counts};

/// Largest length of a line in bytes. A row has at most 2304 three-digit numbers; the limit is
/// larger so that the error can count the pixels of an image several times too large.
const LINE_LIMIT: usize = 1 << 16;
const ROWS_PER_PROGRESS: usize = 256;

/// Loads the table at `path`.
///
/// # Errors
/// A [`DataError`] with the line.
pub(super) fn load(path: &Path, options: &mut LoadOptions<'_>) -> Result<Fer2013, DataError> {
    let mut archive = Archive::open(path)?;
    let mut lines = Lines::new(path, archive.format, LINE_LIMIT);
    if !lines.advance(&mut archive.bytes)? {
        return Err(DataError::Empty {
            path: path.to_owned(),
        });
    }
    let columns = Columns::find(path, &mut lines)?;
    let mut fer = Fer2013 {
        form: Form::Table,
        training: Vec::new(),
        public_test: Vec::new(),
        private_test: Vec::new(),
        selecting: Vec::new(),
        sources: vec![super::name_of(path)],
    };
    let mut row = 0;
    while lines.advance(&mut archive.bytes)? {
        if lines.text.is_empty() {
            continue;
        }
        let (split, item) = columns
            .parse(row, &lines.fields())
            .map_err(|fault| fault.locate(path, lines.line, &lines.text))?;
        match split {
            Split::Training => fer.training.push(item),
            Split::PublicTest => fer.public_test.push(item),
            Split::PrivateTest => fer.private_test.push(item),
        }
        row += 1;
        if row % ROWS_PER_PROGRESS == 0 {
            options.report(archive.bytes_read(), archive.bytes_total);
        }
    }
    options.report(archive.bytes_total, archive.bytes_total);
    if fer.is_empty() {
        return Err(DataError::Empty {
            path: path.to_owned(),
        });
    }
    if !options.any_size {
        for split in Split::ALL {
            counts::check(
                path,
                split.usage(),
                fer.split(split),
                counts::expected(split),
            )?;
        }
    }
    Ok(fer)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::PathBuf;

    use super::*;
    use crate::data::{FerItem, load};
    use crate::emotion::Emotion;

    const HEADER: &str = "emotion,pixels,Usage\n";

    fn pixels(count: usize) -> String {
        (0..count)
            .map(|index| (index % 256).to_string())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn good() -> String {
        let pixels = pixels(2304);
        format!("{HEADER}3,{pixels},Training\n0,{pixels},PublicTest\n6,{pixels},PrivateTest\n")
    }

    fn any_size() -> LoadOptions<'static> {
        LoadOptions {
            any_size: true,
            ..LoadOptions::default()
        }
    }

    fn write(bytes: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table");
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn load_bytes(bytes: impl AsRef<[u8]>) -> Result<Fer2013, DataError> {
        let (_folder, path) = write(bytes);
        load(&path, any_size())
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn xz(text: &str) -> Vec<u8> {
        let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn rows_reach_their_splits_with_pixels_label_and_row() {
        let fer = load_bytes(good()).unwrap();
        assert_eq!(fer.len(), 3);
        let item = &fer.public_test[0];
        assert_eq!((item.emotion, item.row), (Emotion::Anger, 1));
        assert_eq!(item.crop.pixels()[..3], [0, 1, 2]);
        assert_eq!(item.crop.pixels()[2303], 255);
        assert_eq!(
            (fer.private_test[0].emotion, fer.private_test[0].row),
            (Emotion::Neutral, 2)
        );
    }

    #[test]
    fn every_spelling_of_the_table_is_the_same_data() {
        let reference = load_bytes(good()).unwrap();
        let crlf = good().replace('\n', "\r\n");
        let marked = format!("\u{feff}{}", good());
        let quoted = good()
            .replace(",0 1 ", ",\"0 1 ")
            .replace(" 255,", " 255\",");
        assert_ne!(quoted, good());
        let unended = good().trim_end().to_owned();
        let mut reordered = String::from("emotion, Usage, pixels\n\n");
        for line in good().lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            reordered += &format!("{}, {}, {}\n", fields[0], fields[2], fields[1]);
        }
        for text in [crlf, marked, quoted, unended, reordered] {
            assert_eq!(load_bytes(&text).unwrap(), reference, "{}", &text[..60]);
        }
        for bytes in [gzip(&good()), xz(&good())] {
            assert_eq!(load_bytes(bytes).unwrap(), reference);
        }
    }

    #[test]
    fn each_fault_names_its_line_and_what_was_found() {
        let row = |label: &str, pixels: &str, usage: &str| {
            let text = format!("{}{label},{pixels},{usage}\n", good());
            load_bytes(text).unwrap_err().to_string()
        };
        let whole = pixels(2304);
        let cases = [
            (
                row("7", &whole, "Training"),
                ":5: expected a label from 0 (anger) to 6 (neutral), found \"7\"",
            ),
            (row("happy", &whole, "Training"), "found \"happy\""),
            (
                row("3", &pixels(47 * 48), "Training"),
                ":5: expected 2304 pixels (48×48), found 2256",
            ),
            (row("3", &pixels(2305), "Training"), "found 2305"),
            (row("3", "", "Training"), "found 0"),
            (
                row("3", &whole.replace(" 255 ", " 256 "), "Training"),
                "found \"256\" as pixel 256",
            ),
            (
                row("3", &whole.replace(" 9 ", " -9 "), "Training"),
                "found \"-9\" as pixel 10",
            ),
            (
                row("3", &whole.replace(" 9 ", " 9.5 "), "Training"),
                "found \"9.5\"",
            ),
            (
                row("3", &whole.replace(" 9 ", " 1009 "), "Training"),
                "found \"1009\"",
            ),
            (
                row("3", &whole, "Test"),
                ":5: expected the usage Training, PublicTest or PrivateTest, found \"Test\"",
            ),
            (
                row("3", &whole, "Training,x"),
                ":5: expected 3 fields (emotion,pixels,Usage), found 4",
            ),
            (
                row("3", &pixels(40_000), "Training"),
                ":5: expected at most 65536 bytes",
            ),
        ];
        for (message, part) in cases {
            assert!(message.contains(part), "{message:?} lacks {part:?}");
        }
    }

    #[test]
    fn files_that_are_no_table_are_told_apart() {
        assert!(matches!(load_bytes(""), Err(DataError::Empty { .. })));
        assert!(matches!(load_bytes(HEADER), Err(DataError::Empty { .. })));
        assert!(matches!(
            load_bytes("PK\x03\x04...."),
            Err(DataError::Packed { kind: "zip", .. })
        ));
        let mut tar = vec![0; 1024];
        tar[..7].copy_from_slice(b"fer2013");
        tar[257..262].copy_from_slice(b"ustar");
        assert!(matches!(
            load_bytes(tar),
            Err(DataError::Packed { kind: "tar", .. })
        ));
        assert!(matches!(
            load_bytes(b"\xff\xfee\0m\0"),
            Err(DataError::NotUtf8 { line: 1, .. })
        ));
        let latin = [good().as_bytes(), b"3,1 2 \xe9,Training\n"].concat();
        assert!(matches!(
            load_bytes(latin),
            Err(DataError::NotUtf8 { line: 5, .. })
        ));
        let error = load_bytes("emotion,pixels\n0,1\n").unwrap_err().to_string();
        assert!(error.contains(":1: expected the header"), "{error}");
        assert!(error.contains("found \"emotion,pixels\""), "{error}");
        let error = load("/no/such/fer2013.csv", any_size()).unwrap_err();
        assert!(matches!(error, DataError::Missing { .. }), "{error}");
    }

    #[test]
    fn cut_off_and_damaged_archives_are_told_apart() {
        let varied = |row: usize| {
            let number = |index: usize| (index * index * (row + 3) % 256).to_string();
            (0..2304).map(number).collect::<Vec<_>>().join(" ")
        };
        let rows: Vec<String> = (0..40)
            .map(|row| format!("3,{},Training\n", varied(row)))
            .collect();
        let text = format!("{HEADER}{}", rows.concat());
        for (bytes, name) in [(gzip(&text), "gzip"), (xz(&text), "xz")] {
            let error = load_bytes(&bytes[..bytes.len() * 2 / 3]).unwrap_err();
            let DataError::Truncated { line, format, .. } = error else {
                panic!("{error}")
            };
            assert_eq!(format, name);
            assert!((1..=41).contains(&line), "{line}");
            let mut flipped = bytes.clone();
            let middle = flipped.len() / 2;
            flipped[middle] ^= 0x55;
            assert!(load_bytes(flipped).is_err(), "{name}");
        }
    }

    #[test]
    fn wrong_counts_are_refused_unless_any_size_is_allowed() {
        let (_folder, path) = write(good());
        let error = load(&path, LoadOptions::default()).unwrap_err().to_string();
        assert!(
            error.contains("expected 3995 anger images in Training"),
            "{error}"
        );
        assert!(error.contains("found 0"), "{error}");
        assert!(error.contains("--any-size"), "{error}");
    }

    #[test]
    fn progress_grows_to_the_whole_file() {
        let (_folder, path) = write(gzip(&good()));
        let length = fs::metadata(&path).unwrap().len();
        let mut reports = Vec::new();
        let mut progress = |done, total| reports.push((done, total));
        let progress = Some(&mut progress as &mut dyn FnMut(u64, u64));
        load(
            &path,
            LoadOptions {
                any_size: true,
                seed: 0,
                progress,
            },
        )
        .unwrap();
        assert_eq!(reports.last(), Some(&(length, length)));
    }

    /// Runs on the real file only if `MOUE_FER2013` names it; the data set is not in the project.
    #[test]
    fn the_original_table_loads_with_its_known_copies() {
        let Some(path) = std::env::var_os("MOUE_FER2013") else {
            println!("skipped: MOUE_FER2013 does not name fer2013.csv");
            return;
        };
        let start = std::time::Instant::now();
        let fer = load(path, LoadOptions::default()).unwrap();
        println!("loaded {} images in {:.1?}", fer.len(), start.elapsed());
        let known: std::collections::HashSet<&[u8]> =
            fer.training.iter().map(|item| item.crop.pixels()).collect();
        let copies = |items: &[FerItem]| {
            items
                .iter()
                .filter(|item| known.contains(item.crop.pixels()))
                .count()
        };
        assert_eq!(copies(&fer.private_test), 288);
        assert_eq!(copies(&fer.public_test), 280);
        assert_eq!(fer.training.len() - known.len(), 1236);
    }
}
