//! Labels → what the loss is held against: smoothed, mixed with FER+'s votes, weighted by class.
//!
//! The loss is `-Σ target · ln p`. Weights of classes are factors of the target, so that an image
//! mixed from two classes is weighted by both, in its shares.

use serde::{Deserialize, Serialize};

use super::item::FerItem;
use crate::emotion::Emotion;

/// How labels become targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossConfig {
    /// The part of each target spread evenly over all classes, 0 to below 1
    /// (<https://arxiv.org/abs/1512.00567>, section 7).
    pub label_smoothing: f64,
    /// The part of each target taken from FER+'s votes, 0 to 1; the rest is FER2013's label.
    /// Above 0 it wants `--fer-plus`. Images without a usable vote keep their label whole.
    pub fer_plus_share: f64,
    /// Each class weighs `(n / 7 nₖ)^power`, scaled so that the mean over the training images is
    /// 1: 0 weighs all images alike, 1 gives every class the same total (scikit-learn's
    /// "balanced").
    pub class_weight_power: f64,
    /// Adds `tau · ln(share of the class)` to the logits while training, so that the network
    /// learns what the shares do not explain (<https://arxiv.org/abs/2007.07314>); 0 is off, 1
    /// aims at the balanced error.
    pub logit_adjustment: f64,
}

impl LossConfig {
    /// Plain cross-entropy with FER2013's labels.
    pub const PLAIN: Self = Self {
        label_smoothing: 0.0,
        fer_plus_share: 0.0,
        class_weight_power: 0.0,
        logit_adjustment: 0.0,
    };
}

/// A row of the loss's targets, in label order. Sums to the image's weight.
pub type Target = [f32; Emotion::COUNT];

/// [`LossConfig`] with the weights that a training split's counts give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets {
    label_smoothing: f32,
    fer_plus_share: f32,
    class_weights: Target,
}

impl Targets {
    /// Plain labels, as evaluation wants them.
    pub const HARD: Self = Self {
        label_smoothing: 0.0,
        fer_plus_share: 0.0,
        class_weights: [1.0; Emotion::COUNT],
    };

    /// The targets for a training split with these `counts` of classes.
    pub fn new(config: &LossConfig, counts: &[usize; Emotion::COUNT]) -> Self {
        Self {
            label_smoothing: config.label_smoothing as f32,
            fer_plus_share: config.fer_plus_share as f32,
            class_weights: class_weights(counts, config.class_weight_power),
        }
    }

    /// The weight of each class, in label order.
    pub fn class_weights(&self) -> &Target {
        &self.class_weights
    }

    /// The target of one image.
    pub fn of(&self, item: &FerItem) -> Target {
        let votes = item.votes.as_ref().and_then(super::Votes::seven);
        let share = if votes.is_some() {
            self.fer_plus_share
        } else {
            0.0
        };
        let votes = votes.unwrap_or_default();
        let even = 1.0 / Emotion::COUNT as f32;
        Emotion::ALL.map(|emotion| {
            let class = emotion.index();
            let label = f32::from(u8::from(emotion == item.emotion));
            let target = (1.0 - share) * label + share * votes[class];
            let smooth = (1.0 - self.label_smoothing) * target + self.label_smoothing * even;
            smooth * self.class_weights[class]
        })
    }
}

/// `(n / 7 nₖ)^power`, scaled to a mean of 1 over the images; a class without images weighs 0.
fn class_weights(counts: &[usize; Emotion::COUNT], power: f64) -> Target {
    let total: usize = counts.iter().sum();
    let raw = counts.map(|count| match count {
        0 => 0.0,
        count => (total as f64 / (Emotion::COUNT * count) as f64).powf(power),
    });
    let weighted: f64 = raw
        .iter()
        .zip(counts)
        .map(|(weight, count)| weight * *count as f64)
        .sum();
    let scale = if weighted > 0.0 {
        total as f64 / weighted
    } else {
        1.0
    };
    raw.map(|weight| (weight * scale) as f32)
}

/// `ln` of each class's share of the training images, in label order; a class without images
/// counts as one image.
pub fn log_priors(counts: &[usize; Emotion::COUNT]) -> Target {
    let total: usize = counts.iter().map(|count| (*count).max(1)).sum();
    counts.map(|count| (count.max(1) as f32 / total as f32).ln())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Votes;
    use crate::vision::FaceCrop;

    const COUNTS: [usize; 7] = [3995, 436, 4097, 7215, 4830, 3171, 4965];

    fn item(emotion: Emotion, votes: Option<Votes>) -> FerItem {
        FerItem {
            crop: FaceCrop::new([0; FaceCrop::AREA]),
            emotion,
            row: 0,
            votes,
        }
    }

    #[test]
    fn a_plain_target_is_the_label() {
        let target = Targets::HARD.of(&item(Emotion::Happy, None));
        assert_eq!(target, [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(Targets::new(&LossConfig::PLAIN, &COUNTS), Targets::HARD);
    }

    #[test]
    fn smoothing_and_votes_keep_the_sum() {
        let config = LossConfig {
            label_smoothing: 0.14,
            fer_plus_share: 0.5,
            ..LossConfig::PLAIN
        };
        let targets = Targets::new(&config, &COUNTS);
        // Four of ten say neutral, three anger, two disgust, one sadness.
        let votes = Some(Votes::new([4, 0, 0, 1, 3, 2, 0, 0, 0, 0]));
        let target = targets.of(&item(Emotion::Anger, votes));
        let expected = [0.65, 0.1, 0.0, 0.0, 0.05, 0.0, 0.2].map(|part| part * 0.86 + 0.02);
        for (found, expected) in target.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{target:?}");
        }
        let unseen = targets.of(&item(Emotion::Anger, None));
        assert!((unseen[0] - 0.88).abs() < 1e-6, "{unseen:?}");
    }

    #[test]
    fn balanced_weights_give_each_class_the_same_total() {
        let config = LossConfig {
            class_weight_power: 1.0,
            ..LossConfig::PLAIN
        };
        let targets = Targets::new(&config, &COUNTS);
        for (weight, count) in targets.class_weights().iter().zip(COUNTS) {
            let total = weight * count as f32;
            assert!((total - 28_709.0 / 7.0).abs() < 1.0, "{total}");
        }
        let square_root = Targets::new(
            &LossConfig {
                class_weight_power: 0.5,
                ..config
            },
            &COUNTS,
        );
        let mean: f32 = square_root
            .class_weights()
            .iter()
            .zip(COUNTS)
            .map(|(weight, count)| weight * count as f32 / 28_709.0)
            .sum();
        assert!((mean - 1.0).abs() < 1e-5, "{mean}");
        let mut missing = COUNTS;
        missing[1] = 0;
        let weights = *Targets::new(&config, &missing).class_weights();
        assert!(weights.iter().all(|weight| weight.is_finite()));
        assert_eq!(weights[1], 0.0);
    }

    #[test]
    fn priors_are_shares() {
        let sum: f32 = log_priors(&COUNTS).iter().map(|prior| prior.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-5);
        assert!(log_priors(&[0; 7]).iter().all(|prior| prior.is_finite()));
    }
}
