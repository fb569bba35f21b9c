//! What can be wrong with a folder of labelled photographs, where, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

use crate::vision::DecodeError;

/// Why photographs with labelled faces were not loaded. Lines count from 1.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum FacesError {
    /// No labels in the folder.
    #[error(
        "{}: there is no such file; name the folder that holds labels.jsonl and the photographs (or \
         .tar files of them)", path.display()
    )]
    LabelsMissing {
        /// Where they were expected.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: cannot be read ({source}); check its permissions and the disk", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The reason it gave.
        source: std::io::Error,
    },
    /// A line that is no label.
    #[error(
        "{}:{line}: expected an object with file, width, height, source, kind and faces: {reason}; \
         correct the line or remove it", path.display()
    )]
    Line {
        path: PathBuf,
        line: usize,
        /// What the parser found.
        reason: String,
    },
    /// A size that no photograph has.
    #[error(
        "{}:{line}: expected a photograph of 1 to 16384 pixels a side, found {width}×{height}; \
         correct the label", path.display()
    )]
    Size {
        path: PathBuf,
        line: usize,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A box or a point that cannot be meant.
    #[error(
        "{}:{line}: face {face}: expected {expected}, found {found}; correct the label or remove the \
         face", path.display()
    )]
    Face {
        path: PathBuf,
        line: usize,
        /// Which face of the line, from 1.
        face: usize,
        /// What a label holds here.
        expected: &'static str,
        /// The numbers found.
        found: String,
    },
    /// One photograph in two lines.
    #[error(
        "{}:{line}: {file:?} is labelled in line {earlier} too; keep one of the two lines",
        path.display()
    )]
    Duplicate {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// The photograph.
        file: String,
        /// The line that named it first.
        earlier: usize,
    },
    /// A name that is no path inside the folder.
    #[error(
        "{}:{line}: expected a path inside the folder with forward slashes, found {file:?}; \
         name the photograph relative to the folder, without .. and without a drive",
        path.display()
    )]
    Outside {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// The name.
        file: String,
    },
    /// No label at all.
    #[error("{}: expected one label a line, found none; fetch the file again", path.display())]
    Empty { path: PathBuf },
    /// A photograph that is neither a file nor in an archive.
    #[error(
        "{}:{line}: {file:?} is neither in the folder nor in a .tar file beside labels.jsonl; copy \
         it there or remove the line", path.display()
    )]
    PhotoMissing {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// The photograph.
        file: String,
    },
    /// A photograph that is no picture.
    #[error("{}: {file:?}: {source}", path.display())]
    Photo {
        /// The folder or the archive.
        path: PathBuf,
        /// The photograph.
        file: String,
        /// What is wrong with it, and what helps.
        source: DecodeError,
    },
    /// A photograph of another size than its label's.
    #[error(
        "{}:{line}: expected {file:?} to have {expected} pixels, found {found}; boxes are in pixels, \
         so restore the photograph that was labelled or label this one anew", path.display()
    )]
    PhotoSize {
        /// The file of labels.
        path: PathBuf,
        line: usize,
        /// The photograph.
        file: String,
        /// The labelled size, `width×height`.
        expected: String,
        /// The size found.
        found: String,
    },
    /// An archive that contradicts itself.
    #[error("{}: the tar archive is damaged ({source}); fetch it again", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What the reader said.
        source: std::io::Error,
    },
    /// A source without photographs.
    #[error(
        "{}: there are no photographs of the source {absent:?}; the sources are {known}",
        path.display()
    )]
    NoSuchSource {
        /// The file of labels.
        path: PathBuf,
        /// The name asked for.
        absent: String,
        /// The names there are.
        known: String,
    },
}
