//! Loads the labelled photographs and checks their sizes against the labels.

use std::path::Path;

use super::super::pictures::{self, PictureRef};
use super::error::FacesError;
use super::labels::{PhotoLabel, labels_file};
use super::{LabelledPhoto, OnProgress};
use crate::vision::decode;

/// Loads the photograph of each label of the file or folder `path`, in the order of the labels. A
/// file in the folder takes precedence over an entry of the same name in an archive.
///
/// # Errors
/// The first [`FacesError`] met.
pub fn load(
    path: &Path,
    labels: Vec<PhotoLabel>,
    on_progress: OnProgress<'_>,
) -> Result<Vec<LabelledPhoto>, FacesError> {
    let named: Vec<PictureRef<'_>> = labels
        .iter()
        .map(|label| PictureRef::new(&label.file, label.line))
        .collect();
    let table = labels_file(path);
    let folder = table.parent().unwrap_or(path);
    let decode = |index: usize, bytes: &[u8], container: &Path| {
        decode_one(&table, &labels[index], bytes, container)
    };
    let found = pictures::load(folder, &table, &named, &decode, on_progress)?;
    let photos = labels.into_iter().zip(found);
    Ok(photos
        .map(|(label, rgb)| LabelledPhoto {
            file: label.file,
            source: label.source,
            width: label.width,
            height: label.height,
            rgb,
            faces: label.faces,
        })
        .collect())
}

fn decode_one(
    table: &Path,
    label: &PhotoLabel,
    bytes: &[u8],
    container: &Path,
) -> Result<Vec<u8>, FacesError> {
    let picture = decode(bytes).map_err(|source| FacesError::Photo {
        path: container.into(),
        file: label.file.clone(),
        source,
    })?;
    let (width, height) = (picture.width, picture.height);
    if (width, height) != (label.width, label.height) {
        return Err(FacesError::PhotoSize {
            path: table.into(),
            line: label.line,
            file: label.file.clone(),
            expected: format!("{}×{}", label.width, label.height),
            found: format!("{width}×{height}"),
        });
    }
    let (pixels, _) = picture.rgba.as_chunks::<4>();
    Ok(pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io;

    use image::{ExtendedColorType, ImageFormat};

    use super::super::{FaceSet, LABELS_FILE};
    use super::*;

    fn png(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
        let pixels: Vec<u8> = (0..width * height).flat_map(|_| colour).collect();
        let mut bytes = io::Cursor::new(Vec::new());
        image::write_buffer_with_format(
            &mut bytes,
            &pixels,
            width,
            height,
            ExtendedColorType::Rgb8,
            ImageFormat::Png,
        )
        .unwrap();
        bytes.into_inner()
    }

    fn label(file: &str, source: &str, width: u32, height: u32) -> String {
        format!(
            r#"{{"file":"{file}","width":{width},"height":{height},"source":"{source}","kind":"scene","faces":[{{"box":[0,0,2,2],"landmarks":[[0,0],[1,0],[0.5,0.5],[0,1],[1,1]]}}]}}"#
        )
    }

    fn write_tar(path: &Path, entries: &[(&str, Vec<u8>)]) {
        let mut builder = tar::Builder::new(File::create(path).unwrap());
        for (name, bytes) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder
                .append_data(&mut header, name, bytes.as_slice())
                .unwrap();
        }
        builder.finish().unwrap();
    }

    /// `a.png` lies in the folder, `deep/b.png` below it, the rest in two archives.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        fs::write(at("a.png"), png(3, 2, [1, 2, 3])).unwrap();
        fs::write(at("deep/b.png"), png(2, 2, [4, 5, 6])).unwrap();
        let in_first = [("in/c.png", png(5, 1, [7, 8, 9])), ("a.png", vec![0; 9])];
        write_tar(&at("one.tar"), &in_first);
        write_tar(
            &at("two.tar"),
            &[("d.png", png(1, 1, [9, 9, 9])), ("in/c.png", vec![])],
        );
        let labels = [
            label("d.png", "film", 1, 1),
            label("a.png", "film", 3, 2),
            label("in/c.png", "street", 5, 1),
            label("deep/b.png", "street", 2, 2),
        ];
        fs::write(at(LABELS_FILE), labels.join("\n")).unwrap();
        folder
    }

    fn load_all(folder: &Path) -> Result<FaceSet, FacesError> {
        FaceSet::load(folder, |_| true, &mut |_, _| {})
    }

    fn told(folder: &Path) -> String {
        load_all(folder).unwrap_err().to_string()
    }

    #[test]
    fn photographs_come_from_files_and_archives_in_the_order_of_their_labels() {
        let folder = folder();
        let mut last = (0, 0);
        let set = FaceSet::load(folder.path(), |_| true, &mut |done, total| {
            last = (done, total);
        })
        .unwrap();
        assert_eq!(last, (4, 4));
        let found: Vec<_> = set
            .photos
            .iter()
            .map(|photo| (photo.file.as_str(), photo.rgb.clone()))
            .collect();
        assert_eq!(
            found,
            [
                ("d.png", vec![9, 9, 9]),
                ("a.png", [1, 2, 3].repeat(6)),
                ("in/c.png", [7, 8, 9].repeat(5)),
                ("deep/b.png", [4, 5, 6].repeat(4)),
            ]
        );
        assert_eq!(set.face_count(), 4);
    }

    #[test]
    fn only_what_is_kept_is_decoded() {
        let folder = folder();
        fs::write(folder.path().join("a.png"), b"no picture").unwrap();
        let set = FaceSet::load(
            folder.path(),
            |label| label.source == "street",
            &mut |_, _| {},
        )
        .unwrap();
        assert_eq!(set.photos.len(), 2);
        assert!(told(folder.path()).contains("\"a.png\": this is not a picture"));
    }

    #[test]
    fn what_is_missing_damaged_or_of_another_size_is_named() {
        let missing = folder();
        fs::remove_file(missing.path().join("two.tar")).unwrap();
        let error = told(missing.path());
        assert!(
            error.contains("labels.jsonl:1: \"d.png\" is neither"),
            "{error}"
        );

        let other_size = folder();
        fs::write(other_size.path().join("a.png"), png(2, 3, [0; 3])).unwrap();
        let error = told(other_size.path());
        assert!(
            error.contains(":2: expected \"a.png\" to have 3×2"),
            "{error}"
        );

        let damaged = folder();
        let tar = damaged.path().join("two.tar");
        let mut bytes = fs::read(&tar).unwrap();
        bytes[..512].fill(b'x');
        fs::write(&tar, bytes).unwrap();
        let error = told(damaged.path());
        assert!(
            error.contains("two.tar: the tar archive is damaged"),
            "{error}"
        );

        let empty = tempfile::tempdir().unwrap();
        let error = told(empty.path());
        assert!(
            error.contains("labels.jsonl: there is no such file"),
            "{error}"
        );
    }

    #[test]
    fn an_error_among_many_ends_the_loading() {
        let folder = tempfile::tempdir().unwrap();
        let count = 300;
        let names: Vec<String> = (0..count).map(|index| format!("{index}.png")).collect();
        let mut entries: Vec<_> = names
            .iter()
            .map(|name| (name.as_str(), png(1, 1, [0; 3])))
            .collect();
        entries[3].1.clear();
        write_tar(&folder.path().join("all.tar"), &entries);
        let labels: Vec<_> = names.iter().map(|name| label(name, "s", 1, 1)).collect();
        fs::write(folder.path().join(LABELS_FILE), labels.join("\n")).unwrap();
        assert!(told(folder.path()).contains("\"3.png\": the file is empty"));
    }
}
