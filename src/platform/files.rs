//! Writes files that are complete at any moment.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The system refused to read, create or write a file or folder.
#[derive(Debug, Error)]
#[error("cannot {action} {path}: {source}")]
pub struct FileError {
    action: &'static str,
    path: PathBuf,
    source: std::io::Error,
}

impl FileError {
    /// Creates an error; `action` is a verb, as in "cannot read".
    pub fn new(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self {
            action,
            path: path.into(),
            source,
        }
    }
}

/// Writes a file, and creates the folders above it, so that at any moment either the old or the new
/// content is there, complete.
///
/// # Errors
/// [`FileError`] if the system refuses.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let error = |source| FileError::new("write", path, source);
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(error)?;
    // Made by `File::create_new`, so that it has the permissions of any file of this user, and not
    // the narrow ones of a temporary file.
    let mut file = tempfile::Builder::new()
        .make_in(parent, |path| fs::File::create_new(path))
        .map_err(error)?;
    file.write_all(bytes).map_err(error)?;
    file.as_file().sync_all().map_err(error)?;
    file.persist(path).map_err(|refused| error(refused.error))?;
    Ok(())
}
