//! FER+: ten raters' votes on FER2013's faces (Barsoum et al. 2016,
//! <https://arxiv.org/abs/1608.01041>).
//!
//! Raters chose one of eight expressions (FER2013's seven and contempt), `unknown` or, where there
//! is no face, `NF`. The rows of `fer2013new.csv` correspond to those of `fer2013.csv`; [`attach`]
//! gives each face of a loaded table its [`Votes`].
//!
//! # Two protocols
//!
//! **Majority** ([`Votes::majority`]) is the rule of the authors' published code for test labels: a
//! choice of only one rater is dropped as an outlier; of the remaining votes, one choice must have
//! more than half, where `unknown` and `NF` count as choices; an image without such a choice, or
//! whose choice is `unknown` or `NF`, is left out. It keeps 25,060 Training, 3,199 PublicTest and
//! 3,153 PrivateTest images.
//!
//! **Probability** ([`Votes::eight`], [`Votes::seven`]) keeps all votes for an expression as
//! shares. Nothing is dropped as an outlier.
//!
//! The label head has seven classes and cannot predict contempt. Majority accuracy over eight
//! classes therefore counts every image whose majority is contempt as an error, and accuracy over
//! seven classes leaves these images out.

mod table;

pub use table::attach;

use crate::emotion::Emotion;
use crate::spec::heads::{CONTEMPT, NOT_A_FACE, READING_ANSWERS};

/// The columns of votes, in the order of `fer2013new.csv`.
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

/// Number of the first [`COLUMNS`] that are expressions.
pub const EXPRESSIONS: usize = 8;

/// Index in [`COLUMNS`] of each of the seven expressions, in label order.
const OF_EMOTION: [usize; Emotion::COUNT] = [4, 5, 6, 1, 3, 2, 0];

/// Smallest number of raters whose choice is not an outlier in the majority protocol.
const LEAST_VOTES: u8 = 2;

/// One of FER+'s eight expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expression {
    /// One of FER2013's seven expressions.
    Emotion(Emotion),
    /// FER+'s eighth expression, which FER2013's labels do not have.
    Contempt,
}

/// Number of raters who chose each of [`COLUMNS`] for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes([u8; COLUMNS.len()]);

impl Votes {
    /// Creates votes from counts in the order of [`COLUMNS`].
    pub const fn new(counts: [u8; COLUMNS.len()]) -> Self {
        Self(counts)
    }

    /// Returns the counts, in the order of [`COLUMNS`].
    pub const fn counts(&self) -> &[u8; COLUMNS.len()] {
        &self.0
    }

    /// Returns the shares of the seven expressions among the votes for them, which sum to 1, in
    /// label order; `None` if there are no such votes.
    pub fn seven(&self) -> Option<[f32; Emotion::COUNT]> {
        shares(OF_EMOTION.map(|column| self.0[column]))
    }

    /// Returns the shares of the eight expressions among the votes for them, which sum to 1, in
    /// the order of [`COLUMNS`]; `None` if there are no such votes.
    pub fn eight(&self) -> Option<[f32; EXPRESSIONS]> {
        let mut counts = [0; EXPRESSIONS];
        counts.copy_from_slice(&self.0[..EXPRESSIONS]);
        shares(counts)
    }

    /// Returns the shares of the reading head's answers ([`heads`](crate::spec::heads)) among all
    /// votes but `unknown`, which sum to 1, in their order; `None` if all votes are `unknown`.
    pub fn answers(&self) -> Option<[f32; READING_ANSWERS]> {
        let mut counts = [0; READING_ANSWERS];
        counts[..Emotion::COUNT].copy_from_slice(&OF_EMOTION.map(|column| self.0[column]));
        counts[CONTEMPT] = self.0[EXPRESSIONS - 1];
        counts[NOT_A_FACE] = self.0[COLUMNS.len() - 1];
        shares(counts)
    }

    /// Returns the share of `emotion` among the votes for one of the eight expressions; 0 if there
    /// are no such votes.
    pub fn share(&self, emotion: Emotion) -> f32 {
        self.eight()
            .map_or(0.0, |shares| shares[OF_EMOTION[emotion.index()]])
    }

    /// Returns the image's label in the majority protocol; `None` if it leaves the image out. The
    /// rule is described in the module's documentation.
    pub fn majority(&self) -> Option<Expression> {
        let counts = self
            .0
            .map(|count| if count < LEAST_VOTES { 0 } else { count });
        let total: u32 = counts.iter().copied().map(u32::from).sum();
        let column = counts
            .iter()
            .position(|&count| 2 * u32::from(count) > total)?;
        if column == COLUMNS.len() - 3 {
            return Some(Expression::Contempt);
        }
        Emotion::ALL
            .into_iter()
            .find(|emotion| OF_EMOTION[emotion.index()] == column)
            .map(Expression::Emotion)
    }
}

fn shares<const N: usize>(counts: [u8; N]) -> Option<[f32; N]> {
    let total: u32 = counts.iter().copied().map(u32::from).sum();
    (total > 0).then(|| counts.map(|count| f32::from(count) / total as f32))
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

    #[test]
    fn eight_shares_leave_out_those_who_could_not_tell() {
        let votes = Votes::new([1, 0, 0, 0, 2, 0, 0, 1, 5, 1]);
        let eight = votes.eight().unwrap();
        assert_eq!(eight, [0.25, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.25]);
        assert_eq!(votes.share(Emotion::Anger), 0.5);
        assert_eq!(votes.share(Emotion::Happy), 0.0);
        let nobody = Votes::new([0, 0, 0, 0, 0, 0, 0, 0, 4, 6]);
        assert_eq!((nobody.eight(), nobody.share(Emotion::Sad)), (None, 0.0));
        let answers = Votes::new([1, 0, 0, 0, 2, 0, 0, 3, 2, 2])
            .answers()
            .unwrap();
        assert_eq!(answers, [0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.125, 0.375, 0.25]);
        assert_eq!(Votes::new([0, 0, 0, 0, 0, 0, 0, 0, 10, 0]).answers(), None);
        for emotion in Emotion::ALL {
            let mut counts = [0; COLUMNS.len()];
            counts[OF_EMOTION[emotion.index()]] = 10;
            let votes = Votes::new(counts);
            assert_eq!(votes.share(emotion), 1.0);
            assert_eq!(votes.seven().unwrap()[emotion.index()], 1.0);
            assert_eq!(votes.majority(), Some(Expression::Emotion(emotion)));
        }
    }

    #[test]
    fn a_majority_is_more_than_half_of_what_two_raters_or_more_chose() {
        use Expression::{Contempt, Emotion as Of};
        let majority = |counts| Votes::new(counts).majority();
        // Half is not more than half.
        assert_eq!(majority([5, 5, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(
            majority([6, 4, 0, 0, 0, 0, 0, 0, 0, 0]),
            Some(Of(Emotion::Neutral))
        );
        // 4 of 10 is less than half, 4 of the 7 that are no outliers is more.
        assert_eq!(
            majority([4, 3, 1, 1, 1, 0, 0, 0, 0, 0]),
            Some(Of(Emotion::Neutral))
        );
        assert_eq!(majority([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), None);
        assert_eq!(majority([0, 0, 0, 2, 0, 0, 0, 8, 0, 0]), Some(Contempt));
        // A majority of `unknown`, and one that falls short because of it.
        assert_eq!(majority([4, 0, 0, 0, 0, 0, 0, 0, 6, 0]), None);
        assert_eq!(majority([0, 0, 0, 0, 0, 0, 0, 0, 0, 10]), None);
        assert_eq!(majority([0, 0, 5, 0, 0, 0, 0, 0, 5, 0]), None);
        assert_eq!(majority([0; 10]), None);
    }

    #[test]
    fn no_counts_panic() {
        for value in 0..=u8::MAX {
            let votes = Votes::new([value; COLUMNS.len()]);
            assert_eq!(votes.majority(), None);
            assert_eq!(votes.eight().is_some(), value > 0);
        }
    }
}
