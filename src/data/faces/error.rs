//! Errors of loading a folder of labelled photographs, each with its place and its remedy.

use std::path::PathBuf;

use thiserror::Error;

use crate::vision::DecodeError;

/// Error of loading photographs with labelled faces. Lines count from 1.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum FacesError {
    /// The folder has no `labels.jsonl`.
    #[error(
        "{}: there is no such file; name the folder that holds labels.jsonl and the photographs (or \
         .tar files of them)", path.display()
    )]
    LabelsMissing {
        /// Path where the labels were expected.
        path: PathBuf,
    },
    /// The operating system refused to read the file or folder.
    #[error("{}: cannot be read ({source}); check its permissions and the disk", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The line is not a valid label.
    #[error(
        "{}:{line}: expected an object with file, width, height, source and faces: {reason}; \
         correct the line or remove it", path.display()
    )]
    Line {
        path: PathBuf,
        line: usize,
        /// The error of the JSON parser.
        reason: String,
    },
    /// The labelled size is not possible.
    #[error(
        "{}:{line}: expected a photograph of 1 to 16384 pixels a side, found {width}×{height}; \
         correct the label", path.display()
    )]
    Size {
        path: PathBuf,
        line: usize,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The box or a landmark of a face is invalid.
    #[error(
        "{}:{line}: face {face}: expected {expected}, found {found}; correct the label or remove the \
         face", path.display()
    )]
    Face {
        path: PathBuf,
        line: usize,
        /// Number of the face in the line, from 1.
        face: usize,
        /// Description of a valid value.
        expected: &'static str,
        /// The values found.
        found: String,
    },
    /// Two lines label the same photograph.
    #[error(
        "{}:{line}: {file:?} is labelled in line {earlier} too; keep one of the two lines",
        path.display()
    )]
    Duplicate {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// Path of the photograph.
        file: String,
        /// The line that labels it first.
        earlier: usize,
    },
    /// The name is not a path inside the folder.
    #[error(
        "{}:{line}: expected a path inside the folder with forward slashes, found {file:?}; \
         name the photograph relative to the folder, without .. and without a drive",
        path.display()
    )]
    Outside {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// The name found.
        file: String,
    },
    /// The file has no labels.
    #[error("{}: expected one label a line, found none; fetch the file again", path.display())]
    Empty { path: PathBuf },
    /// The photograph is neither in the folder nor in an archive.
    #[error(
        "{}:{line}: {file:?} is neither in the folder nor in a .tar file beside labels.jsonl; copy \
         it there or remove the line", path.display()
    )]
    PhotoMissing {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// Path of the photograph.
        file: String,
    },
    /// The photograph cannot be decoded.
    #[error("{}: {file:?}: {source}", path.display())]
    Photo {
        /// The folder or archive that holds the photograph.
        path: PathBuf,
        /// Path of the photograph.
        file: String,
        /// The error of the decoder, with its remedy.
        source: DecodeError,
    },
    /// The photograph does not have the size of its label.
    #[error(
        "{}:{line}: expected {file:?} to have {expected} pixels, found {found}; boxes are in pixels, \
         so restore the photograph that was labelled or label this one anew", path.display()
    )]
    PhotoSize {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// Path of the photograph.
        file: String,
        /// Labelled size, as `width×height`.
        expected: String,
        /// Size found, as `width×height`.
        found: String,
    },
    /// The tar archive cannot be read.
    #[error("{}: the tar archive is damaged ({source}); fetch it again", path.display())]
    Archive {
        /// Path of the archive.
        path: PathBuf,
        /// The error of the tar reader.
        source: std::io::Error,
    },
    /// There are no photographs of the source.
    #[error(
        "{}: there are no photographs of the source {absent:?}; the sources are {known}",
        path.display()
    )]
    NoSuchSource {
        /// The file of labels.
        path: PathBuf,
        /// The name that was given.
        absent: String,
        /// The names of the existing sources.
        known: String,
    },
}
