//! FER+: ten raters' votes on FER2013's faces (Barsoum et al. 2016,
//! <https://arxiv.org/abs/1608.01041>).

use crate::emotion::Emotion;

/// The columns of a vote, in the order of `fer2013new.csv`.
pub const COLUMNS: [&str; 10] = [
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
];

/// The column of each of the seven expressions, in label order.
const OF_EMOTION: [usize; Emotion::COUNT] = [4, 5, 6, 1, 3, 2, 0];

/// How many raters chose each of [`COLUMNS`] for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes([u8; COLUMNS.len()]);

impl Votes {
    /// Counts in the order of [`COLUMNS`].
    pub const fn new(counts: [u8; COLUMNS.len()]) -> Self {
        Self(counts)
    }

    /// The counts, in the order of [`COLUMNS`].
    pub const fn counts(&self) -> &[u8; COLUMNS.len()] {
        &self.0
    }

    /// What the raters who chose one of the seven expressions chose, as shares that sum to 1, in
    /// label order; `None` where nobody did.
    pub fn seven(&self) -> Option<[f32; Emotion::COUNT]> {
        let counts = OF_EMOTION.map(|column| f32::from(self.0[column]));
        let total: f32 = counts.iter().sum();
        (total > 0.0).then(|| counts.map(|count| count / total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_labels() {
        let votes = Votes::new([4, 0, 0, 1, 3, 2, 0, 5, 5, 5]);
        let seven = votes.seven().unwrap();
        assert_eq!(seven, [0.3, 0.2, 0.0, 0.0, 0.1, 0.0, 0.4]);
        assert_eq!(Votes::new([0, 0, 0, 0, 0, 0, 0, 3, 4, 3]).seven(), None);
    }
}
