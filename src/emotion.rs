//! The vocabulary: seven expressions in FER2013's label order, and a distribution over them.
//!
//! Every room uses these two types and no other spelling of a label. A reading says what a face
//! *looks like*; it says nothing about what a person feels.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An expression, numbered as in FER2013 (Goodfellow et al. 2013,
/// <https://arxiv.org/abs/1307.0414>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    /// Label 0.
    Anger,
    /// Label 1, by far the rarest in FER2013.
    Disgust,
    /// Label 2.
    Fear,
    /// Label 3.
    Happy,
    /// Label 4.
    Sad,
    /// Label 5.
    Surprise,
    /// Label 6.
    Neutral,
}

impl Emotion {
    /// Number of emotions.
    pub const COUNT: usize = 7;

    /// All emotions, in label order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Anger,
        Self::Disgust,
        Self::Fear,
        Self::Happy,
        Self::Sad,
        Self::Surprise,
        Self::Neutral,
    ];

    /// Returns the label, 0 to 6.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Returns the emotion of a label, `None` above 6.
    pub fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }

    /// Returns the word that fits after "looks", for example "angry".
    pub fn adjective(self) -> &'static str {
        match self {
            Self::Anger => "angry",
            Self::Disgust => "disgusted",
            Self::Fear => "afraid",
            Self::Happy => "happy",
            Self::Sad => "sad",
            Self::Surprise => "surprised",
            Self::Neutral => "neutral",
        }
    }

    /// Returns the lower-case English name, as written in manifests and reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Anger => "anger",
            Self::Disgust => "disgust",
            Self::Fear => "fear",
            Self::Happy => "happy",
            Self::Sad => "sad",
            Self::Surprise => "surprise",
            Self::Neutral => "neutral",
        }
    }
}

impl fmt::Display for Emotion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// A probability for each [`Emotion`], in label order, and one that it is none of them; they sum to
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probabilities([f32; Probabilities::COUNT]);

impl Probabilities {
    /// Number of probabilities: the seven emotions and "other".
    pub const COUNT: usize = Emotion::COUNT + 1;
    /// Name of the last probability, in files and for programs: contempt, and what is not a face.
    pub const OTHER: &'static str = "other";

    /// Returns the lower-case English names, in the order of the probabilities.
    pub fn names() -> [&'static str; Self::COUNT] {
        std::array::from_fn(|at| Emotion::from_index(at).map_or(Self::OTHER, Emotion::label))
    }

    /// Computes the softmax of the logits of a network that knows only the seven emotions; see
    /// [`Probabilities::with_other`].
    pub fn from_logits(logits: [f32; Emotion::COUNT]) -> Self {
        Self::with_other(logits, f32::NEG_INFINITY)
    }

    /// Computes the softmax of the logits of the seven emotions and of "other". Where a logit is
    /// NaN or +∞, or all are −∞, returns the uniform distribution over the seven, so that a broken
    /// network reads as "unsure" and never as a confident answer.
    pub fn with_other(seven: [f32; Emotion::COUNT], other: f32) -> Self {
        let mut uniform = Self([1.0 / Emotion::COUNT as f32; Self::COUNT]);
        uniform.0[Emotion::COUNT] = 0.0;
        let mut logits = [other; Self::COUNT];
        logits[..Emotion::COUNT].copy_from_slice(&seven);
        if logits
            .iter()
            .any(|logit| logit.is_nan() || *logit == f32::INFINITY)
        {
            return uniform;
        }
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if largest == f32::NEG_INFINITY {
            return uniform;
        }
        let exponentials = logits.map(|logit| (logit - largest).exp());
        let sum: f32 = exponentials.iter().sum();
        Self(exponentials.map(|exponential| exponential / sum))
    }

    /// Scales weights so that they sum to one; `None` if one is negative or the sum is 0 or
    /// infinite.
    pub fn normalized(weights: [f32; Self::COUNT]) -> Option<Self> {
        let sum: f32 = weights.iter().sum();
        let possible = weights.iter().all(|weight| *weight >= 0.0) && sum > 0.0 && sum.is_finite();
        possible.then(|| Self(weights.map(|weight| weight / sum)))
    }

    /// Returns the mean of several distributions, as over the views of one face; `None` of none.
    pub fn mean(distributions: &[Self]) -> Option<Self> {
        let (first, others) = distributions.split_first()?;
        let mut sums = first.0;
        for other in others {
            for (sum, probability) in sums.iter_mut().zip(other.0) {
                *sum += probability;
            }
        }
        Some(Self(sums.map(|sum| sum / distributions.len() as f32)))
    }

    /// Returns the probability of one emotion.
    pub fn get(&self, emotion: Emotion) -> f32 {
        self.0[emotion.index()]
    }

    /// Returns the natural logarithms of the seven probabilities, in label order; probabilities
    /// below `least` count as `least`.
    pub fn logarithms(&self, least: f32) -> [f32; Emotion::COUNT] {
        Emotion::ALL.map(|emotion| self.get(emotion).max(least).ln())
    }

    /// Returns the probability that the expression is none of the seven.
    pub fn other(&self) -> f32 {
        self.0[Emotion::COUNT]
    }

    /// Returns all probabilities: the seven in label order, then "other".
    pub fn as_array(&self) -> &[f32; Self::COUNT] {
        &self.0
    }

    /// Returns the most probable emotion and its probability; among equals, the lowest label.
    pub fn top(&self) -> (Emotion, f32) {
        self.ranked()[0]
    }

    /// Returns the seven emotions with their probabilities, most probable first; equals in label
    /// order.
    pub fn ranked(&self) -> [(Emotion, f32); Emotion::COUNT] {
        let mut ranked = Emotion::ALL.map(|emotion| (emotion, self.get(emotion)));
        ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        ranked
    }
}

/// Probability of the likeliest expression below which a reading is "unsure", where the model
/// brings no measured threshold of its own.
///
/// Chance is 1/7. Below 0.45 the other six together hold more than the likeliest with room to
/// spare, so naming it would be wrong more often than right.
pub const UNSURE_BELOW: f32 = 0.45;

/// A reading in words, the same on the page and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// One expression stands out.
    LooksLike(Emotion),
    /// No expression stands out.
    Unsure,
}

impl Verdict {
    /// Judges a reading: the likeliest expression is named if its probability is at least
    /// `unsure_below`.
    pub fn at(probabilities: &Probabilities, unsure_below: f32) -> Self {
        match probabilities.top() {
            (_, probability) if probability < unsure_below => Self::Unsure,
            (emotion, _) => Self::LooksLike(emotion),
        }
    }
}

/// Formats the verdict as it is said about a face: "looks happy", "unsure".
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LooksLike(emotion) => write!(f, "looks {}", emotion.adjective()),
            Self::Unsure => f.write_str("unsure"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_become_a_distribution_where_they_can() {
        let weights = [1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let probabilities = Probabilities::normalized(weights).unwrap();
        assert_eq!(probabilities.as_array()[..3], [0.25, 0.0, 0.5]);
        assert_eq!(probabilities.other(), 0.25);
        for impossible in [[0.0; 8], [f32::NAN; 8], [-1.0; 8], [f32::MAX; 8]] {
            assert_eq!(Probabilities::normalized(impossible), None);
        }
    }

    #[test]
    fn labels_and_indices_agree() {
        for (index, emotion) in Emotion::ALL.into_iter().enumerate() {
            assert_eq!(emotion.index(), index);
            assert_eq!(Emotion::from_index(index), Some(emotion));
            assert_eq!(
                serde_json::to_string(&emotion).unwrap(),
                format!("\"{}\"", emotion.label())
            );
        }
        assert_eq!(Emotion::from_index(7), None);
    }

    #[test]
    fn softmax_is_right_on_known_logits() {
        let probabilities =
            Probabilities::from_logits([0.0, 0.0, 0.0, (6.0f32).ln(), 0.0, 0.0, 0.0]);
        assert!((probabilities.get(Emotion::Happy) - 0.5).abs() < 1e-6);
        assert_eq!(probabilities.top().0, Emotion::Happy);
        assert!((probabilities.as_array().iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_is_none_of_the_seven_takes_its_share_and_is_never_named() {
        let mut logits = [0.0; Emotion::COUNT];
        logits[Emotion::Sad.index()] = 1.0;
        let seven = Probabilities::from_logits(logits);
        assert_eq!(seven.other(), 0.0);
        let with = Probabilities::with_other(logits, 9.0);
        assert!(with.other() > 0.99 && with.top().0 == Emotion::Sad);
        assert_eq!(Verdict::at(&with, UNSURE_BELOW), Verdict::Unsure);
        assert!((with.as_array().iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let broken = Probabilities::with_other(logits, f32::NAN);
        assert_eq!(broken.other(), 0.0);
        assert_eq!(Probabilities::names()[6..], ["neutral", "other"]);
    }

    #[test]
    fn huge_and_broken_logits_stay_finite() {
        let huge = Probabilities::from_logits([1e30, -1e30, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(huge.top(), (Emotion::Anger, 1.0));
        for broken in [f32::NAN, f32::INFINITY] {
            let mut logits = [0.0; Emotion::COUNT];
            logits[3] = broken;
            let unsure = Probabilities::from_logits(logits);
            assert!(
                unsure.as_array()[..7]
                    .iter()
                    .all(|p| (p - 1.0 / 7.0).abs() < 1e-6)
            );
        }
        let nothing = Probabilities::from_logits([f32::NEG_INFINITY; Emotion::COUNT]);
        assert!((nothing.get(Emotion::Neutral) - 1.0 / 7.0).abs() < 1e-6);
    }

    #[test]
    fn a_mean_is_taken_of_probabilities() {
        let sure = Probabilities::from_logits([100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let unsure = Probabilities::from_logits([0.0; 7]);
        let mean = Probabilities::mean(&[sure, unsure, unsure, unsure]).unwrap();
        assert!((mean.get(Emotion::Anger) - (0.25 + 0.75 / 7.0)).abs() < 1e-6);
        assert!((mean.get(Emotion::Sad) - 0.75 / 7.0).abs() < 1e-6);
        assert_eq!(Probabilities::mean(&[sure]), Some(sure));
        assert_eq!(Probabilities::mean(&[]), None);
    }

    #[test]
    fn unsure_below_the_threshold_and_named_above() {
        let happy = |share: f32| {
            let mut logits = [((1.0 - share) / 6.0).ln(); Emotion::COUNT];
            logits[Emotion::Happy.index()] = share.ln();
            Verdict::at(&Probabilities::from_logits(logits), UNSURE_BELOW)
        };
        assert_eq!(happy(0.44), Verdict::Unsure);
        assert_eq!(happy(0.46), Verdict::LooksLike(Emotion::Happy));
        assert_eq!(happy(0.46).to_string(), "looks happy");
        assert_eq!(happy(1.0 / 7.0).to_string(), "unsure");
    }
}
