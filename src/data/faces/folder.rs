//! The photographs themselves: files of the folder, or entries of the `.tar` files in it.
//!
//! One thread reads, every core decodes, and few encoded photographs wait in between.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::error::FacesError;
use super::labels::{LABELS_FILE, PhotoLabel};
use super::{LabelledPhoto, OnProgress};
use crate::vision::decode;

/// Encoded photographs that wait for a core, for each core.
const WAITING_PER_CORE: usize = 4;
/// The most bytes of a photograph that are read; what is longer fails to decode.
const MAX_FILE_BYTES: u64 = 1 << 28;
/// A photograph in one of this many is reported.
const PHOTOS_PER_PROGRESS: usize = 64;

/// A photograph as it lies on disk.
struct Encoded {
    index: usize,
    bytes: Vec<u8>,
    /// The folder or archive it comes from, for errors.
    container: PathBuf,
}

/// A label's index and its photograph's pixels.
type Decoded = Result<(usize, Vec<u8>), FacesError>;

/// Loads the photograph of each label, in the order of the labels. A file of the folder goes
/// before an entry of the same name in an archive.
///
/// # Errors
/// The first [`FacesError`] met.
pub fn load(
    folder: &Path,
    labels: Vec<PhotoLabel>,
    on_progress: OnProgress<'_>,
) -> Result<Vec<LabelledPhoto>, FacesError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut collector = Collector {
        pixels_of: labels.iter().map(|_| None).collect(),
        done: 0,
        on_progress,
    };
    let (to_decode, encoded) = mpsc::sync_channel(cores * WAITING_PER_CORE);
    let (to_collect, decoded) = mpsc::channel();
    let encoded = Mutex::new(encoded);
    thread::scope(|scope| {
        for _ in 0..cores {
            let to_collect = to_collect.clone();
            let (encoded, labels) = (&encoded, &labels);
            scope.spawn(move || decode_all(folder, labels, encoded, &to_collect));
        }
        drop(to_collect);
        read_all(folder, &labels, &to_decode, &mut || {
            decoded
                .try_iter()
                .try_for_each(|photo| collector.take(photo))
        })?;
        drop(to_decode);
        decoded.iter().try_for_each(|photo| collector.take(photo))
    })?;
    let photos = labels.into_iter().zip(collector.pixels_of);
    photos
        .map(|(label, rgb)| {
            let rgb = rgb.ok_or_else(|| missing(folder, &label))?;
            Ok(LabelledPhoto {
                file: label.file,
                source: label.source,
                width: label.width,
                height: label.height,
                rgb,
                faces: label.faces,
            })
        })
        .collect()
}

/// Gathers what the cores have decoded.
struct Collector<'a> {
    pixels_of: Vec<Option<Vec<u8>>>,
    done: usize,
    on_progress: OnProgress<'a>,
}

impl Collector<'_> {
    fn take(&mut self, decoded: Decoded) -> Result<(), FacesError> {
        let (index, rgb) = decoded?;
        if let Some(slot) = self.pixels_of.get_mut(index) {
            *slot = Some(rgb);
        }
        self.done += 1;
        let total = self.pixels_of.len();
        if self.done == total || self.done.is_multiple_of(PHOTOS_PER_PROGRESS) {
            (self.on_progress)(self.done, total);
        }
        Ok(())
    }
}

/// Reads every photograph and hands it to the cores; `between` is called after each.
fn read_all(
    folder: &Path,
    labels: &[PhotoLabel],
    to_decode: &SyncSender<Encoded>,
    between: &mut dyn FnMut() -> Result<(), FacesError>,
) -> Result<(), FacesError> {
    let mut in_archives = HashMap::new();
    for (index, label) in labels.iter().enumerate() {
        let path = folder.join(&label.file);
        match File::open(&path).and_then(read_bounded) {
            Ok(bytes) => {
                let container = folder.into();
                send(to_decode, index, bytes, container);
                between()?;
            }
            Err(error) if is_absent(&error) => {
                in_archives.insert(label.file.as_str(), index);
            }
            Err(source) => return Err(FacesError::Read { path, source }),
        }
    }
    if in_archives.is_empty() {
        return Ok(());
    }
    for archive in archives(folder)? {
        read_archive(&archive, &mut in_archives, to_decode, between)?;
    }
    match in_archives.into_values().min() {
        Some(index) => Err(missing(folder, &labels[index])),
        None => Ok(()),
    }
}

/// Hands the entries of an archive that are still wanted to the cores.
fn read_archive(
    path: &Path,
    wanted: &mut HashMap<&str, usize>,
    to_decode: &SyncSender<Encoded>,
    between: &mut dyn FnMut() -> Result<(), FacesError>,
) -> Result<(), FacesError> {
    let damaged = |source| FacesError::Archive {
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(|source| FacesError::Read {
        path: path.into(),
        source,
    })?;
    let mut archive = tar::Archive::new(BufReader::with_capacity(1 << 18, file));
    for entry in archive.entries().map_err(damaged)? {
        if wanted.is_empty() {
            break;
        }
        let entry = entry.map_err(damaged)?;
        let name = entry.path_bytes();
        let Ok(name) = std::str::from_utf8(name.strip_prefix(b"./").unwrap_or(&name)) else {
            continue;
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        if let Some(index) = wanted.remove(name) {
            let bytes = read_bounded(entry).map_err(damaged)?;
            send(to_decode, index, bytes, path.into());
            between()?;
        }
    }
    Ok(())
}

/// A closed channel means that every core has ended, which only a panic brings about; the scope
/// passes that on.
fn send(to_decode: &SyncSender<Encoded>, index: usize, bytes: Vec<u8>, container: PathBuf) {
    let encoded = Encoded {
        index,
        bytes,
        container,
    };
    to_decode.send(encoded).ok();
}

fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The `.tar` files of the folder, by name.
fn archives(folder: &Path) -> Result<Vec<PathBuf>, FacesError> {
    let read = |source| FacesError::Read {
        path: folder.into(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        let path = entry.map_err(read)?.path();
        let is_tar = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("tar"));
        if is_tar && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn missing(folder: &Path, label: &PhotoLabel) -> FacesError {
    FacesError::PhotoMissing {
        path: folder.join(LABELS_FILE),
        line: label.line,
        file: label.file.clone(),
    }
}

/// What one core does until no photograph is left.
fn decode_all(
    folder: &Path,
    labels: &[PhotoLabel],
    encoded: &Mutex<Receiver<Encoded>>,
    to_collect: &Sender<Decoded>,
) {
    loop {
        // The lock is held while waiting, so that the others queue for their turn.
        let next = encoded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(photo) = next else {
            return;
        };
        let index = photo.index;
        let decoded = decode_one(folder, &labels[index], photo).map(|rgb| (index, rgb));
        // The collector outlives the cores.
        to_collect.send(decoded).ok();
    }
}

fn decode_one(folder: &Path, label: &PhotoLabel, photo: Encoded) -> Result<Vec<u8>, FacesError> {
    let picture = decode(&photo.bytes).map_err(|source| FacesError::Photo {
        path: photo.container,
        file: label.file.clone(),
        source,
    })?;
    let (width, height) = (picture.width, picture.height);
    if (width, height) != (label.width, label.height) {
        return Err(FacesError::PhotoSize {
            path: folder.join(LABELS_FILE),
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
    use image::{ExtendedColorType, ImageFormat};

    use super::super::FaceSet;
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
