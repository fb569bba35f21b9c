//! Loads the pictures named in a table, from files in its folder or entries of `.tar` files in it.
//!
//! One thread reads and all cores decode, with a short queue of encoded pictures in between.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::faces::{FacesError, OnProgress};
use crate::vision::{GrayImage, decode};

/// Largest number of queued encoded pictures per core.
const WAITING_PER_CORE: usize = 4;
/// Largest number of bytes read of a picture; a longer one is cut off and fails to decode.
const MAX_FILE_BYTES: u64 = 1 << 28;
/// Number of pictures between two progress reports.
const PICTURES_PER_PROGRESS: usize = 64;

/// An encoded picture.
struct Encoded {
    index: usize,
    bytes: Vec<u8>,
    /// The folder or archive that holds the picture, for errors.
    container: PathBuf,
}

/// A picture named in a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct PictureRef<'a> {
    /// Path in the folder or in an archive, with `/`.
    pub(super) file: &'a str,
    /// Line of the table, from 1.
    pub(super) line: usize,
}

impl<'a> PictureRef<'a> {
    pub(super) fn new(file: &'a str, line: usize) -> Self {
        Self { file, line }
    }
}

/// Decodes a picture to gray; the error is a message for the user.
pub(super) fn gray(bytes: &[u8]) -> Result<GrayImage, String> {
    let picture = decode(bytes).map_err(|error| error.to_string())?;
    let frame = picture.frame().map_err(|error| error.to_string())?;
    Ok(GrayImage::from_frame(frame))
}

/// Loads the pictures `named` in `table`, in that order. `decode` is called on any core with the
/// index and the bytes of a picture and the folder or archive that holds it. A file in `folder`
/// takes precedence over an entry of the same name in an archive.
///
/// # Errors
/// The first [`FacesError`] met, including those of `decode`.
pub(super) fn load<T: Send>(
    folder: &Path,
    table: &Path,
    named: &[PictureRef<'_>],
    decode: &(impl Fn(usize, &[u8], &Path) -> Result<T, FacesError> + Sync),
    on_progress: OnProgress<'_>,
) -> Result<Vec<T>, FacesError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut collector = Collector {
        found: named.iter().map(|_| None).collect(),
        done: 0,
        on_progress,
    };
    let missing = |index: usize| FacesError::PhotoMissing {
        path: table.into(),
        line: named[index].line,
        file: named[index].file.into(),
    };
    let (to_decode, encoded) = mpsc::sync_channel(cores * WAITING_PER_CORE);
    let (to_collect, decoded) = mpsc::channel();
    let encoded = Mutex::new(encoded);
    thread::scope(|scope| {
        for _ in 0..cores {
            let to_collect = to_collect.clone();
            let encoded = &encoded;
            scope.spawn(move || decode_all(decode, encoded, &to_collect));
        }
        drop(to_collect);
        let absent = read_all(folder, named, &to_decode, &mut || {
            decoded
                .try_iter()
                .try_for_each(|picture| collector.take(picture))
        })?;
        if let Some(index) = absent {
            return Err(missing(index));
        }
        drop(to_decode);
        decoded
            .iter()
            .try_for_each(|picture| collector.take(picture))
    })?;
    let found = collector.found.into_iter().enumerate();
    found
        .map(|(index, picture)| picture.ok_or_else(|| missing(index)))
        .collect()
}

/// Collects the decoded pictures.
struct Collector<'a, T> {
    found: Vec<Option<T>>,
    done: usize,
    on_progress: OnProgress<'a>,
}

impl<T> Collector<'_, T> {
    fn take(&mut self, decoded: Result<(usize, T), FacesError>) -> Result<(), FacesError> {
        let (index, picture) = decoded?;
        if let Some(slot) = self.found.get_mut(index) {
            *slot = Some(picture);
        }
        self.done += 1;
        let total = self.found.len();
        if self.done == total || self.done.is_multiple_of(PICTURES_PER_PROGRESS) {
            (self.on_progress)(self.done, total);
        }
        Ok(())
    }
}

/// Reads every picture and sends it to the cores, calling `between` after each. Returns the index
/// of the first missing picture, if any.
fn read_all(
    folder: &Path,
    named: &[PictureRef<'_>],
    to_decode: &SyncSender<Encoded>,
    between: &mut dyn FnMut() -> Result<(), FacesError>,
) -> Result<Option<usize>, FacesError> {
    let mut in_archives: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, picture) in named.iter().enumerate() {
        let path = folder.join(picture.file);
        match File::open(&path).and_then(read_bounded) {
            Ok(bytes) => {
                let container = folder.into();
                send(to_decode, index, bytes, container);
                between()?;
            }
            Err(error) if is_absent(&error) => {
                in_archives.entry(picture.file).or_default().push(index);
            }
            Err(source) => return Err(FacesError::Read { path, source }),
        }
    }
    if in_archives.is_empty() {
        return Ok(None);
    }
    for archive in archives(folder)? {
        read_archive(&archive, &mut in_archives, to_decode, between)?;
    }
    Ok(in_archives.into_values().flatten().min())
}

/// Sends the `wanted` entries of an archive to the cores and removes them from `wanted`.
fn read_archive(
    path: &Path,
    wanted: &mut HashMap<&str, Vec<usize>>,
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
        if let Some(indices) = wanted.remove(name) {
            let bytes = read_bounded(entry).map_err(damaged)?;
            // A picture of several faces has one line for each.
            for index in indices {
                send(to_decode, index, bytes.clone(), path.into());
                between()?;
            }
        }
    }
    Ok(())
}

/// Sends a picture to the cores. The channel is closed only if all cores have panicked, which the
/// scope propagates.
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

/// Lists the `.tar` files of the folder by name.
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

/// Decodes pictures on one core until none is left.
fn decode_all<T>(
    decode: &impl Fn(usize, &[u8], &Path) -> Result<T, FacesError>,
    encoded: &Mutex<Receiver<Encoded>>,
    to_collect: &Sender<Result<(usize, T), FacesError>>,
) {
    loop {
        // The lock is held while waiting; other cores wait for the lock.
        let next = encoded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(Encoded {
            index,
            bytes,
            container,
        }) = next
        else {
            return;
        };
        let decoded = decode(index, &bytes, &container).map(|picture| (index, picture));
        // The collector outlives the cores.
        to_collect.send(decoded).ok();
    }
}
