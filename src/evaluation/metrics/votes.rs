//! Metrics of predictions against FER+'s votes, by both of its protocols.
//!
//! A network of seven classes cannot predict contempt, FER+'s eighth expression: over eight classes
//! every image whose majority is contempt counts as an error, over seven these images are left
//! out. See [`fer_plus`](crate::data::fer_plus) for the majority rule.

use serde::{Deserialize, Serialize};

use super::{Accuracy, LEAST_PROBABILITY, ratio};
use crate::data::{Expression, Votes};
use crate::emotion::{Emotion, Probabilities};

/// An accuracy with its number of images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedAccuracy {
    /// Number of images.
    pub images: u64,
    /// Share of right predictions.
    pub accuracy: Accuracy,
}

/// Metrics of predictions against FER+'s votes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FerPlusReport {
    /// Majority protocol, eight classes: contempt is always an error.
    pub majority_8: CountedAccuracy,
    /// Majority protocol without the images whose majority is contempt.
    pub majority_7: CountedAccuracy,
    /// Probability protocol: number of images with a vote for one of the eight expressions.
    pub voted_images: u64,
    /// Mean share of the network's answer among the votes for the eight expressions.
    pub agreement: f64,
    /// Mean share of the most frequent answer, which no classifier can exceed.
    pub best_agreement: f64,
    /// Mean of `-Σ share · ln p` over the seven expressions, in nats, for images with a vote for
    /// one of them.
    pub cross_entropy: f64,
    /// Mean entropy of these shares, in nats: the lower bound of the cross-entropy.
    pub vote_entropy: f64,
}

impl FerPlusReport {
    /// Computes the metrics of predictions, each with the votes on its image; `None` if there are
    /// none.
    pub fn new<'a>(
        pairs: impl IntoIterator<Item = (&'a Probabilities, &'a Votes)>,
    ) -> Option<Self> {
        let (mut right, mut seven, mut eight) = (0, 0, 0);
        let (mut voted, mut agreement, mut best_agreement) = (0, 0.0, 0.0);
        let (mut named, mut cross_entropy, mut vote_entropy) = (0u64, 0.0, 0.0);
        let mut any = false;
        for (probabilities, votes) in pairs {
            any = true;
            let answer = probabilities.top().0;
            if let Some(majority) = votes.majority() {
                eight += 1;
                seven += u64::from(majority != Expression::Contempt);
                right += u64::from(majority == Expression::Emotion(answer));
            }
            if let Some(shares) = votes.eight() {
                voted += 1;
                agreement += f64::from(votes.share(answer));
                best_agreement += f64::from(shares.into_iter().fold(0.0, f32::max));
            }
            if let Some(shares) = votes.seven() {
                named += 1;
                for emotion in Emotion::ALL {
                    let share = f64::from(shares[emotion.index()]);
                    let probability = f64::from(probabilities.get(emotion));
                    cross_entropy -= share * probability.max(LEAST_PROBABILITY).ln();
                    vote_entropy -= share * share.max(LEAST_PROBABILITY).ln();
                }
            }
        }
        any.then(|| Self {
            majority_8: CountedAccuracy {
                images: eight,
                accuracy: Accuracy::of(right, eight),
            },
            majority_7: CountedAccuracy {
                images: seven,
                accuracy: Accuracy::of(right, seven),
            },
            voted_images: voted,
            agreement: ratio(agreement, voted as f64),
            best_agreement: ratio(best_agreement, voted as f64),
            cross_entropy: ratio(cross_entropy, named as f64),
            vote_entropy: ratio(vote_entropy, named as f64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{close, prediction};
    use super::*;

    #[test]
    fn both_protocols_match_the_hand_computed_figures() {
        let cases = [
            // Majority right; 8 of 10 agree.
            (Emotion::Happy, [2, 8, 0, 0, 0, 0, 0, 0, 0, 0]),
            // Majority wrong; 4 of 10 agree.
            (Emotion::Neutral, [4, 6, 0, 0, 0, 0, 0, 0, 0, 0]),
            // Contempt: an error over eight, left out over seven; 2 of 10 agree.
            (Emotion::Neutral, [2, 0, 0, 0, 0, 0, 0, 8, 0, 0]),
            // No majority: left out; 5 of 10 agree.
            (Emotion::Sad, [5, 0, 0, 5, 0, 0, 0, 0, 0, 0]),
            // No expression at all: left out of everything.
            (Emotion::Fear, [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]),
        ];
        let predicted = cases.map(|(answer, _)| prediction(answer, 0.7));
        let votes = cases.map(|(_, counts)| Votes::new(counts));
        let report = FerPlusReport::new(predicted.iter().zip(&votes)).unwrap();
        assert_eq!((report.majority_8.images, report.majority_7.images), (3, 2));
        assert!(close(report.majority_8.accuracy.value, 1.0 / 3.0));
        assert!(close(report.majority_7.accuracy.value, 0.5));
        assert_eq!(report.voted_images, 4);
        assert!(close(report.agreement, (0.8 + 0.4 + 0.2 + 0.5) / 4.0));
        assert!(close(report.best_agreement, (0.8 + 0.6 + 0.8 + 0.5) / 4.0));
        // Over seven: shares of the answer 0.8, 0.4, 1 (contempt left out) and 0.5.
        let (sure, other) = (-0.7f64.ln(), -0.05f64.ln());
        let loss = |share: f64| share * sure + (1.0 - share) * other;
        let expected = (loss(0.8) + loss(0.4) + loss(1.0) + loss(0.5)) / 4.0;
        assert!(close(report.cross_entropy, expected), "{report:?}");
        let entropy = |p: f64| -(p * p.ln() + (1.0 - p) * (1.0 - p).ln());
        let expected = (entropy(0.8) + entropy(0.4) + entropy(0.5)) / 4.0;
        assert!(close(report.vote_entropy, expected), "{report:?}");
        assert!(report.cross_entropy > report.vote_entropy);
    }

    #[test]
    fn nothing_to_measure_is_none_and_nothing_is_nan() {
        assert_eq!(FerPlusReport::new([]), None);
        let predicted = prediction(Emotion::Sad, 0.9);
        let votes = Votes::new([0; 10]);
        let report = FerPlusReport::new([(&predicted, &votes)]).unwrap();
        assert_eq!(report.majority_8.images, 0);
        assert!(!serde_json::to_string(&report).unwrap().contains("null"));
    }
}
