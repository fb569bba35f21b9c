//! Errors of loading a data set, each with its place and its remedy.

use std::path::PathBuf;

use thiserror::Error;

use super::faces::FacesError;
use crate::emotion::Emotion;

/// Error of loading a data set. Lines count from 1 and include the header.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum DataError {
    /// There is no file or folder at the path.
    #[error(
        "{}: there is no such file or folder; name fer2013.csv (also .gz or .xz) or a folder that \
         holds train/ and test/", path.display()
    )]
    Missing {
        /// The path that was given.
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
    /// The file is a zip or tar archive that must be unpacked first.
    #[error("{}: this is a {kind} archive; unpack it and name the fer2013.csv inside", path.display())]
    Packed {
        path: PathBuf,
        /// `zip` or `tar`.
        kind: &'static str,
    },
    /// The file is empty or has a header without rows.
    #[error(
        "{}: expected the rows of fer2013.csv, found none; the download may have failed, fetch the \
         file again", path.display()
    )]
    Empty { path: PathBuf },
    /// The first line is not the expected header.
    #[error(
        "{}:1: expected the header \"emotion,pixels,Usage\", found {found:?}; use the original \
         fer2013.csv, which has it", path.display()
    )]
    Header {
        path: PathBuf,
        /// The line found, shortened.
        found: String,
    },
    /// The line is not UTF-8.
    #[error(
        "{}:{line}: expected UTF-8 text, found other bytes; save the table as UTF-8 (not UTF-16) or \
         fetch the file again", path.display()
    )]
    NotUtf8 { path: PathBuf, line: u64 },
    /// The line is too long to be a row.
    #[error(
        "{}:{line}: expected at most {limit} bytes in a line, found more; the file has lost its line \
         ends or is no table, fetch it again", path.display()
    )]
    LineTooLong {
        path: PathBuf,
        line: u64,
        /// Largest allowed number of bytes in a line.
        limit: usize,
    },
    /// The line has too few or too many fields.
    #[error(
        "{}:{line}: expected 3 fields (emotion,pixels,Usage), found {found}; restore the line from \
         the original file", path.display()
    )]
    Fields {
        path: PathBuf,
        line: u64,
        /// Number of fields in the line.
        found: usize,
    },
    /// The label is not one of the seven.
    #[error(
        "{}:{line}: expected a label from 0 (anger) to 6 (neutral), found {found:?}; remove the row \
         or correct its label", path.display()
    )]
    Label {
        path: PathBuf,
        line: u64,
        /// The field found, shortened.
        found: String,
    },
    /// The image does not have 48×48 pixels.
    #[error(
        "{}:{line}: expected 2304 pixels (48×48), found {found}; resize the image to 48×48 or remove \
         the row", path.display()
    )]
    PixelCount {
        path: PathBuf,
        line: u64,
        /// Number of values in the field.
        found: usize,
    },
    /// A pixel is not a whole number from 0 to 255.
    #[error(
        "{}:{line}: expected whole numbers from 0 to 255, found {found:?} as pixel {position}; \
         restore the line from the original file", path.display()
    )]
    Pixel {
        path: PathBuf,
        line: u64,
        /// Number of the pixel, from 1.
        position: usize,
        /// The text found, shortened.
        found: String,
    },
    /// The usage is not one of the three splits.
    #[error(
        "{}:{line}: expected the usage Training, PublicTest or PrivateTest, found {found:?}; correct \
         the row or remove it", path.display()
    )]
    Usage {
        path: PathBuf,
        line: u64,
        /// The field found, shortened.
        found: String,
    },
    /// The compressed file ends too early.
    #[error(
        "{}:{line}: the {format} archive ends too early, after {} whole lines; the download was cut \
         off, fetch the file again", path.display(), line.saturating_sub(1)
    )]
    Truncated {
        path: PathBuf,
        /// The line that could not be read to its end.
        line: u64,
        /// `gzip` or `xz`.
        format: &'static str,
    },
    /// The compressed data is invalid.
    #[error(
        "{}:{line}: the {format} archive is damaged ({source}); fetch the file again", path.display()
    )]
    Damaged {
        path: PathBuf,
        /// The line that could not be read to its end.
        line: u64,
        /// `gzip` or `xz`.
        format: &'static str,
        /// The error of the decoder.
        source: std::io::Error,
    },
    /// The number of images of a class is not FER2013's.
    #[error(
        "{}: expected {expected} {emotion} images in {split}, as FER2013 has, found {found}; the file \
         is cut off or changed: fetch it again, or pass --any-size for data of your own", path.display()
    )]
    Counts {
        /// The file or folder.
        path: PathBuf,
        /// Name of the split in the data.
        split: &'static str,
        /// The class that differs.
        emotion: Emotion,
        /// Number of images in FER2013.
        expected: usize,
        /// Number of images found.
        found: usize,
    },
    /// `train/` or `test/` has no images.
    #[error(
        "{}: expected PNG or JPEG images in one folder a class, found none; unpack the data set \
         again", path.display()
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
    },
    /// The folder lacks `train/` or `test/`.
    #[error(
        "{}: expected the folders train/ and test/ with one folder a class, found no {absent}/; name \
         the folder that holds both", path.display()
    )]
    Layout {
        /// The folder.
        path: PathBuf,
        /// The subfolder that is missing, `train` or `test`.
        absent: &'static str,
    },
    /// An added folder has neither `train/` nor `test/`.
    #[error(
        "{}: expected train/ or test/ with one folder a class, found neither; put your images into \
         train/happy, train/sad and so on", path.display()
    )]
    AddedLayout {
        /// The folder.
        path: PathBuf,
    },
    /// No data set was named.
    #[error("no data set was named; name fer2013.csv or a folder that holds train/ and test/")]
    NoSets,
    /// The name of a class folder is not one of the seven.
    #[error(
        "{}: expected a folder named angry, disgust, fear, happy, neutral, sad or surprise; rename \
         it or move it out", path.display()
    )]
    Class {
        /// The class folder.
        path: PathBuf,
    },
    /// The file cannot be read as an image.
    #[error("{}: not a usable image ({reason}); replace it or remove it", path.display())]
    Image {
        /// The image file.
        path: PathBuf,
        /// What is wrong with the image and how to fix it.
        reason: String,
    },
    /// There is no file of votes at the path.
    #[error(
        "{}: there is no such file; name fer2013new.csv of FER+ (also .gz or .xz)", path.display()
    )]
    VotesMissing {
        /// The path that was given.
        path: PathBuf,
    },
    /// The header of the votes lacks a column.
    #[error(
        "{}:1: expected a column {absent:?}, found the header {found:?}; use the original \
         fer2013new.csv of FER+", path.display()
    )]
    VotesHeader {
        path: PathBuf,
        /// Name of the missing column.
        absent: String,
        /// The line found, shortened.
        found: String,
    },
    /// A row of votes has too few or too many fields.
    #[error(
        "{}:{line}: expected {expected} fields, found {found}; restore the line from the original \
         fer2013new.csv", path.display()
    )]
    VotesFields {
        path: PathBuf,
        line: u64,
        /// Number of fields in the header.
        expected: usize,
        /// Number of fields in the line.
        found: usize,
    },
    /// A count of raters is not a whole number from 0 to 255.
    #[error(
        "{}:{line}: expected a number of raters from 0 to 255 as {column}, found {found:?}; restore \
         the line from the original fer2013new.csv", path.display()
    )]
    VotesCount {
        path: PathBuf,
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// The field found, shortened.
        found: String,
    },
    /// The number of rows of votes is not the number of images in the table.
    #[error(
        "{}: expected {expected} rows of votes, one an image of the table, found {found}; use \
         fer2013new.csv with the whole fer2013.csv, or cut both to the same rows", path.display()
    )]
    VotesRows {
        path: PathBuf,
        /// Number of images in the table.
        expected: usize,
        /// Number of rows of votes.
        found: usize,
    },
    /// A row of votes has another split than the image in the same row.
    #[error(
        "{}:{line}: expected a row of {expected}, as row by row in the table, found {found}; the two \
         files are not in the same order, use both as published", path.display()
    )]
    VotesSplit {
        path: PathBuf,
        line: u64,
        /// Split of the image.
        expected: &'static str,
        /// Split of the row of votes.
        found: &'static str,
    },
    /// Votes were given for a folder; they only match the rows of the table.
    #[error(
        "{}: FER+ votes align with the rows of fer2013.csv, and a folder has none; name the original \
         fer2013.csv first, or leave the votes out", path.display()
    )]
    VotesForm {
        /// The file of votes.
        path: PathBuf,
    },
    /// The table of a source lacks a column.
    #[error(
        "{}:1: expected a column {absent:?}, found the header {found:?}; write the table with the \
         columns file and expression", path.display()
    )]
    SourceHeader {
        path: PathBuf,
        /// Name of the missing column.
        absent: &'static str,
        /// The line found, shortened.
        found: String,
    },
    /// A field in the table of a source is invalid.
    #[error("{}:{line}: expected {expected}, found {found:?}; correct the line or remove it", path.display())]
    SourceField {
        path: PathBuf,
        line: usize,
        /// Description of a valid value.
        expected: &'static str,
        /// The value found, shortened.
        found: String,
    },
    /// The pictures of a source could not be loaded.
    #[error(transparent)]
    Pictures(#[from] FacesError),
    /// More than one picture in a hundred of a source cannot be decoded.
    #[error(
        "{}:{line}: {file:?} cannot be read ({reason}), as {count} of {total} pictures; one in a hundred \
         is left out, more are an error: fetch the pictures again", path.display()
    )]
    Unreadable {
        /// Path of the table.
        path: PathBuf,
        /// Line of the first unreadable picture.
        line: usize,
        /// Name of the first unreadable picture.
        file: String,
        /// What is wrong with the first unreadable picture.
        reason: String,
        count: usize,
        /// Number of pictures in the table.
        total: usize,
    },
    /// Two of the sets hold the same faces.
    #[error(
        "{} and {} hold the same faces ({share} in 100 of the smaller); name each set once",
        first.display(), second.display()
    )]
    Twice {
        /// The set named first.
        first: PathBuf,
        /// The set named later.
        second: PathBuf,
        /// Percentage of the smaller set's faces that both have.
        share: usize,
    },
    /// The built-in face detector could not be loaded.
    #[error("the face detector does not start ({reason}); build the program again")]
    Detector {
        /// The detector's error message.
        reason: String,
    },
}
