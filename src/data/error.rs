//! What can be wrong with a data set on disk, where, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

use super::faces::FacesError;
use crate::emotion::Emotion;

/// Why a data set was not loaded. Lines count from 1 and include the header.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum DataError {
    /// Nothing at that path.
    #[error(
        "{}: there is no such file or folder; name fer2013.csv (also .gz or .xz) or a folder that \
         holds train/ and test/", path.display()
    )]
    Missing {
        /// The path that was asked for.
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
    /// A container that holds the table.
    #[error("{}: this is a {kind} archive; unpack it and name the fer2013.csv inside", path.display())]
    Packed {
        path: PathBuf,
        /// `zip` or `tar`.
        kind: &'static str,
    },
    /// No bytes, or a header without rows.
    #[error(
        "{}: expected the rows of fer2013.csv, found none; the download may have failed, fetch the \
         file again", path.display()
    )]
    Empty { path: PathBuf },
    /// The first line does not name the columns.
    #[error(
        "{}:1: expected the header \"emotion,pixels,Usage\", found {found:?}; use the original \
         fer2013.csv, which has it", path.display()
    )]
    Header {
        path: PathBuf,
        /// The line found, shortened.
        found: String,
    },
    /// Bytes that are no UTF-8.
    #[error(
        "{}:{line}: expected UTF-8 text, found other bytes; save the table as UTF-8 (not UTF-16) or \
         fetch the file again", path.display()
    )]
    NotUtf8 { path: PathBuf, line: u64 },
    /// A line that cannot be a row.
    #[error(
        "{}:{line}: expected at most {limit} bytes in a line, found more; the file has lost its line \
         ends or is no table, fetch it again", path.display()
    )]
    LineTooLong {
        path: PathBuf,
        line: u64,
        /// The most bytes that a line may have.
        limit: usize,
    },
    /// Too few or too many commas.
    #[error(
        "{}:{line}: expected 3 fields (emotion,pixels,Usage), found {found}; restore the line from \
         the original file", path.display()
    )]
    Fields {
        path: PathBuf,
        line: u64,
        /// How many fields the line has.
        found: usize,
    },
    /// Not one of the seven labels.
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
    /// An image of another size.
    #[error(
        "{}:{line}: expected 2304 pixels (48×48), found {found}; resize the image to 48×48 or remove \
         the row", path.display()
    )]
    PixelCount {
        path: PathBuf,
        line: u64,
        /// How many numbers the field holds.
        found: usize,
    },
    /// Not a gray value.
    #[error(
        "{}:{line}: expected whole numbers from 0 to 255, found {found:?} as pixel {position}; \
         restore the line from the original file", path.display()
    )]
    Pixel {
        path: PathBuf,
        line: u64,
        /// Which pixel, from 1.
        position: usize,
        /// The word found, shortened.
        found: String,
    },
    /// Not one of the three splits.
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
    /// The archive stops before its end.
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
    /// The archive contradicts itself.
    #[error(
        "{}:{line}: the {format} archive is damaged ({source}); fetch the file again", path.display()
    )]
    Damaged {
        path: PathBuf,
        /// The line that could not be read to its end.
        line: u64,
        /// `gzip` or `xz`.
        format: &'static str,
        /// What the decoder said.
        source: std::io::Error,
    },
    /// Not FER2013's counts.
    #[error(
        "{}: expected {expected} {emotion} images in {split}, as FER2013 has, found {found}; the file \
         is cut off or changed: fetch it again, or pass --any-size for data of your own", path.display()
    )]
    Counts {
        /// The file or folder.
        path: PathBuf,
        /// The split, as the data names it.
        split: &'static str,
        /// The class.
        emotion: Emotion,
        /// FER2013's count.
        expected: usize,
        /// The count found.
        found: usize,
    },
    /// `train/` or `test/` without images.
    #[error(
        "{}: expected PNG or JPEG images in one folder a class, found none; unpack the data set \
         again", path.display()
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
    },
    /// A folder without the two splits.
    #[error(
        "{}: expected the folders train/ and test/ with one folder a class, found no {absent}/; name \
         the folder that holds both", path.display()
    )]
    Layout {
        /// The folder.
        path: PathBuf,
        /// `train` or `test`.
        absent: &'static str,
    },
    /// An added folder without either split.
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
    /// A class folder that is none of the seven.
    #[error(
        "{}: expected a folder named angry, disgust, fear, happy, neutral, sad or surprise; rename \
         it or move it out", path.display()
    )]
    Class {
        /// The class folder.
        path: PathBuf,
    },
    /// A file that is no readable picture.
    #[error("{}: not a usable image ({reason}); replace it or remove it", path.display())]
    Image {
        /// The image file.
        path: PathBuf,
        /// What is wrong with it and what helps.
        reason: String,
    },
    /// No votes at that path.
    #[error(
        "{}: there is no such file; name fer2013new.csv of FER+ (also .gz or .xz)", path.display()
    )]
    VotesMissing {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// The votes' first line lacks a column.
    #[error(
        "{}:1: expected a column {absent:?}, found the header {found:?}; use the original \
         fer2013new.csv of FER+", path.display()
    )]
    VotesHeader {
        path: PathBuf,
        /// The column that is not there.
        absent: String,
        /// The line found, shortened.
        found: String,
    },
    /// Too few or too many commas in a row of votes.
    #[error(
        "{}:{line}: expected {expected} fields, found {found}; restore the line from the original \
         fer2013new.csv", path.display()
    )]
    VotesFields {
        path: PathBuf,
        line: u64,
        /// How many fields the header has.
        expected: usize,
        /// How many fields the line has.
        found: usize,
    },
    /// Not a number of raters.
    #[error(
        "{}:{line}: expected a number of raters from 0 to 255 as {column}, found {found:?}; restore \
         the line from the original fer2013new.csv", path.display()
    )]
    VotesCount {
        path: PathBuf,
        line: u64,
        /// The column.
        column: &'static str,
        /// The field found, shortened.
        found: String,
    },
    /// Votes of another table.
    #[error(
        "{}: expected {expected} rows of votes, one an image of the table, found {found}; use \
         fer2013new.csv with the whole fer2013.csv, or cut both to the same rows", path.display()
    )]
    VotesRows {
        path: PathBuf,
        /// How many images the table has.
        expected: usize,
        /// How many rows of votes there are.
        found: usize,
    },
    /// A row of votes for another split than the face in that row.
    #[error(
        "{}:{line}: expected a row of {expected}, as row by row in the table, found {found}; the two \
         files are not in the same order, use both as published", path.display()
    )]
    VotesSplit {
        path: PathBuf,
        line: u64,
        /// The split of the face.
        expected: &'static str,
        /// The split of the votes.
        found: &'static str,
    },
    /// Votes for a folder, whose rows are not the table's.
    #[error(
        "{}: FER+ votes align with the rows of fer2013.csv, and a folder has none; name the original \
         fer2013.csv first, or leave the votes out", path.display()
    )]
    VotesForm {
        /// The file of votes.
        path: PathBuf,
    },
    /// A source's table lacks a column.
    #[error(
        "{}:1: expected a column {absent:?}, found the header {found:?}; write the table with the \
         columns file and expression", path.display()
    )]
    SourceHeader {
        path: PathBuf,
        /// The column that is not there.
        absent: &'static str,
        /// The line found, shortened.
        found: String,
    },
    /// A source's table says something that cannot be meant.
    #[error("{}:{line}: expected {expected}, found {found:?}; correct the line or remove it", path.display())]
    SourceField {
        path: PathBuf,
        line: usize,
        /// What belongs there.
        expected: &'static str,
        /// What was found, shortened.
        found: String,
    },
    /// Pictures of a source that are not there.
    #[error(transparent)]
    Pictures(#[from] FacesError),
    /// Too many pictures of a source that are no pictures.
    #[error(
        "{}:{line}: {file:?} cannot be read ({reason}), as {count} of {total} pictures; one in a hundred \
         is left out, more are an error: fetch the pictures again", path.display()
    )]
    Unreadable {
        /// The table.
        path: PathBuf,
        /// The line of the first.
        line: usize,
        /// The first.
        file: String,
        /// What is wrong with it.
        reason: String,
        count: usize,
        /// Of how many.
        total: usize,
    },
    /// One set under two names.
    #[error(
        "{} and {} hold the same faces ({share} in 100 of the smaller); name each set once",
        first.display(), second.display()
    )]
    Twice {
        /// The set named first.
        first: PathBuf,
        /// The set named later.
        second: PathBuf,
        /// Of 100 of the smaller one's faces.
        share: usize,
    },
    /// The detector inside the program.
    #[error("the face detector does not start ({reason}); build the program again")]
    Detector {
        /// What it said.
        reason: String,
    },
}
