//! The answers of the network's last layer: one head or two, side by side in one row of logits.
//!
//! | head | logits | learns from |
//! |---|---|---|
//! | label | the seven of [`Emotion`], in label order | FER2013's one label a face, so that the benchmark stays comparable |
//! | reading | these seven, contempt, "not a face" | what people saw: FER+'s votes and the labels of further sources |
//!
//! A network without the second head is read by its first.

use crate::emotion::Emotion;

/// Number of the reading head's answers.
pub const READING_ANSWERS: usize = Emotion::COUNT + 2;
/// Index of contempt among them, FER+'s eighth expression.
pub const CONTEMPT: usize = Emotion::COUNT;
/// Index of "not a face" among them, FER+'s `NF`.
pub const NOT_A_FACE: usize = Emotion::COUNT + 1;
/// Number of both heads' logits together.
pub const LOGITS_OF_BOTH: usize = Emotion::COUNT + READING_ANSWERS;

/// Returns the lower-case English name of an answer of the reading head.
pub fn answer_name(answer: usize) -> &'static str {
    match (Emotion::from_index(answer), answer) {
        (Some(emotion), _) => emotion.label(),
        (None, CONTEMPT) => "contempt",
        (None, _) => "not a face",
    }
}

/// One face's logits, head by head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadLogits {
    /// Logits of the label head.
    pub label: [f32; Emotion::COUNT],
    /// Logits of the reading head; `None` where there is none.
    pub reading: Option<[f32; READING_ANSWERS]>,
}

impl HeadLogits {
    /// Splits a network's row of logits; `None` if its length is not that of one or two heads.
    pub fn split(row: &[f32]) -> Option<Self> {
        let (label, rest) = row.split_first_chunk()?;
        let reading = match rest {
            [] => None,
            rest => Some(rest.try_into().ok()?),
        };
        Some(Self {
            label: *label,
            reading,
        })
    }

    /// Splits a network's output for `faces` faces, `[faces, 7 or 16]`; `None` if it has another
    /// length.
    pub fn split_rows(values: &[f32], faces: usize) -> Option<Vec<Self>> {
        let rows = values.chunks(values.len().div_ceil(faces.max(1)).max(1));
        let heads: Option<Vec<Self>> = rows.map(Self::split).collect();
        heads.filter(|heads| heads.len() == faces)
    }

    /// Returns the seven logits by which a face is read, as the network gives them.
    pub fn seven(&self) -> [f32; Emotion::COUNT] {
        match self.reading {
            Some([seven @ .., _, _]) => seven,
            None => self.label,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_head_or_two_and_nothing_else() {
        let row: Vec<f32> = (0..20u8).map(f32::from).collect();
        let one = HeadLogits::split(&row[..7]).unwrap();
        assert_eq!((one.label[6], one.reading), (6.0, None));
        let two = HeadLogits::split(&row[..LOGITS_OF_BOTH]).unwrap();
        let reading = two.reading.unwrap();
        assert_eq!((reading[0], reading[NOT_A_FACE]), (7.0, 15.0));
        for length in [0, 6, 8, 15, 17] {
            assert_eq!(HeadLogits::split(&row[..length]), None, "{length}");
        }
    }

    #[test]
    fn answers_have_names() {
        let names: Vec<_> = (0..READING_ANSWERS).map(answer_name).collect();
        assert_eq!(
            names[3..],
            [
                "happy",
                "sad",
                "surprise",
                "neutral",
                "contempt",
                "not a face"
            ]
        );
    }
}
