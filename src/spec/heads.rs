//! What the network's last layer answers: one head or two, side by side in one row of logits.
//!
//! | head | logits | learns from |
//! |---|---|---|
//! | label | the seven of [`Emotion`], in label order | FER2013's one label a face, so that the benchmark stays comparable |
//! | reading | these seven, contempt, "not a face" | what people saw: FER+'s votes and the labels of further sources |
//!
//! A network without the second head is read by its first.

use crate::emotion::Emotion;

/// The reading head's answers.
pub const ANSWERS: usize = Emotion::COUNT + 2;
/// Contempt among them, FER+'s eighth expression.
pub const CONTEMPT: usize = Emotion::COUNT;
/// "Not a face" among them, FER+'s `NF`.
pub const NOT_A_FACE: usize = Emotion::COUNT + 1;
/// Both heads' logits together.
pub const BOTH: usize = Emotion::COUNT + ANSWERS;

/// The lower-case English names of the reading head's answers.
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
    /// Of the label head.
    pub label: [f32; Emotion::COUNT],
    /// Of the reading head, where there is one.
    pub reading: Option<[f32; ANSWERS]>,
}

impl HeadLogits {
    /// Takes apart a network's row; `None` where it has another length than one or two heads'.
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

    /// The seven logits by which a face is read, as the network gives them.
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
        let two = HeadLogits::split(&row[..BOTH]).unwrap();
        let reading = two.reading.unwrap();
        assert_eq!((reading[0], reading[NOT_A_FACE]), (7.0, 15.0));
        for length in [0, 6, 8, 15, 17] {
            assert_eq!(HeadLogits::split(&row[..length]), None, "{length}");
        }
    }

    #[test]
    fn answers_have_names() {
        let names: Vec<_> = (0..ANSWERS).map(answer_name).collect();
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
