//! The columns of exported files, each with its unit and its meaning.
//!
//! `docs/export.md` repeats these tables; a test compares the two.

use crate::emotion::Probabilities;

/// A column of a table, or a field of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the header of the table.
    pub name: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Description of its values.
    pub meaning: &'static str,
}

const fn column(name: &'static str, unit: &'static str, meaning: &'static str) -> Column {
    Column {
        name,
        unit,
        meaning,
    }
}

const PROBABILITY: &str = "probability, 0 to 1";

/// The last columns of every table: the seven expressions in label order, then `other`.
pub const EXPRESSION_COLUMNS: [Column; Probabilities::COUNT] = [
    column("anger", PROBABILITY, "that the face looks angry"),
    column("disgust", PROBABILITY, "that the face looks disgusted"),
    column("fear", PROBABILITY, "that the face looks afraid"),
    column("happy", PROBABILITY, "that the face looks happy"),
    column("sad", PROBABILITY, "that the face looks sad"),
    column("surprise", PROBABILITY, "that the face looks surprised"),
    column("neutral", PROBABILITY, "that the face looks neutral"),
    column(
        Probabilities::OTHER,
        PROBABILITY,
        "that it is none of these: contempt, or not a face",
    ),
];

/// The first columns of a row of a recording.
pub const SAMPLE_COLUMNS: [Column; 8] = [
    column(
        "face",
        "number",
        "the face, as numbered on the page; somebody who left and came back has a new number",
    ),
    column(
        "seconds",
        "seconds",
        "when the first reading in this row was taken: since the camera started, or the video's own time",
    ),
    column(
        "until_seconds",
        "seconds",
        "when the last reading in this row was taken; the same as `seconds` for a single reading",
    ),
    column(
        "readings",
        "count",
        "readings that this row is the mean of: 1 in the last minutes, more in what is older",
    ),
    column(
        "judged_readings",
        "count",
        "of them, readings whose picture was good enough to name an expression",
    ),
    column(
        "after_gap",
        "0 or 1",
        "1 where the face was not in the frame before, so that no line leads to this row",
    ),
    column(
        "compared",
        "0 or 1",
        "1 where the page compared the face with this person's neutral face, as somebody asked it to; no row is a mean over both",
    ),
    column(
        "verdict",
        "word",
        "the expression that the page names, or `unsure`, or `not-judged` where the picture of the face was not good enough, or `not-a-face` where the visitor said so: then there are no probabilities, and the summary is without it",
    ),
];

/// The first columns of a row of photos.
pub const FACE_COLUMNS: [Column; 11] = [
    column(
        "photo",
        "text",
        "the photo's file name; in CSV, one that a spreadsheet would take for a formula begins with an apostrophe",
    ),
    column("photo_width", "pixels", "the photo's width as read"),
    column("photo_height", "pixels", "the photo's height as read"),
    column(
        "face",
        "number",
        "the face in the photo, from 1, from left to right; empty in the one row of a photo without a face",
    ),
    column(
        "left",
        "pixels",
        "the left edge of the box around the face, from the photo's left edge",
    ),
    column(
        "top",
        "pixels",
        "the top edge of the box, from the photo's top edge",
    ),
    column("width", "pixels", "the width of the box"),
    column("height", "pixels", "the height of the box"),
    column(
        "detection",
        "probability, 0 to 1",
        "the detector's probability that this is a face; 1 where the visitor drew the box",
    ),
    column(
        "added",
        "0 or 1",
        "1 where the visitor drew the box, because the detector had missed the face",
    ),
    column(
        "verdict",
        "word",
        "the expression that the page names, or `unsure`, or `not-judged` where the picture of the face was not good enough, or `not-a-face` where the visitor said so (such a box has no number and no probabilities), or `no-face`",
    ),
];

/// The fields of a recording's summary, and of each face's part of it.
pub const SUMMARY_COLUMNS: [Column; 9] = [
    column(
        "recorded_seconds",
        "seconds",
        "recorded time; what was paused, skipped or played again is not in it",
    ),
    column(
        "seconds_without_face",
        "seconds",
        "of it, the time without any face",
    ),
    column(
        "faces",
        "count",
        "faces by their numbers; somebody who left and came back counts again",
    ),
    column(
        "face",
        "number",
        "the face that the following fields are about; absent for all faces together",
    ),
    column("readings", "count", "readings of the face"),
    column(
        "seen_seconds",
        "seconds",
        "for how long it was seen; of all faces together, the sum",
    ),
    column(
        "changes",
        "count",
        "how often one named expression took the place of another for half a second or longer",
    ),
    column(
        "share_of_time",
        "share of `seen_seconds`, 0 to 1",
        "for each expression, `unsure` and `not-judged`: how long the page said so",
    ),
    column(
        "mean_probability",
        PROBABILITY,
        "for each expression and `other`: the mean over all readings",
    ),
];

#[cfg(test)]
mod tests {
    use super::super::export::FORMAT;
    use super::*;

    #[test]
    fn the_document_says_what_the_code_says() {
        let document = include_str!("../../../docs/export.md");
        let format = format!("| `format` | the form of the file: {FORMAT} |\n");
        assert!(document.contains(&format), "docs/export.md lacks: {format}");
        for columns in [
            &SAMPLE_COLUMNS[..],
            &FACE_COLUMNS,
            &EXPRESSION_COLUMNS,
            &SUMMARY_COLUMNS,
        ] {
            let mut table = String::from("| name | unit | what it says |\n|---|---|---|\n");
            for Column {
                name,
                unit,
                meaning,
            } in columns
            {
                table.push_str(&format!("| `{name}` | {unit} | {meaning} |\n"));
            }
            assert!(document.contains(&table), "docs/export.md lacks:\n{table}");
        }
    }
}
