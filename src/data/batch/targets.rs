//! Turns labels into targets of the loss: smoothed, mixed with FER+'s votes, weighted by class.
//!
//! The loss is `-Σ target · ln p`, over both heads if there are two
//! ([`heads`](crate::spec::heads)): the label head learns FER2013's labels, the reading head FER+'s
//! votes and the labels of further sources. Weights of classes, heads and sources are factors of
//! the target, so that an image mixed from two classes is weighted by both in proportion.

use serde::{Deserialize, Serialize};

use crate::data::item::FerItem;
use crate::data::sources::{DataSource, SourceConfig, reading_target};
use crate::emotion::Emotion;
use crate::spec::heads::{LOGITS_OF_BOTH, READING_ANSWERS};

/// Options of the loss: how labels become targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossConfig {
    /// Share of each target that is spread evenly over all classes, 0 to below 1
    /// (<https://arxiv.org/abs/1512.00567>, section 7).
    pub label_smoothing: f64,
    /// Factor of the label head's loss; 1 by default. Both heads' losses are means over all faces
    /// of a batch, so with further sources the label head's loss counts in proportion to FER2013's
    /// share of the batch.
    #[serde(default = "one")]
    pub label_weight: f64,
    /// Factor of the reading head's loss. Above 0 it requires `network.head.reading` and
    /// `--fer-plus`, and further sources train the reading head only; 0 is for a network without
    /// that head.
    #[serde(default)]
    pub reading_weight: f64,
    /// Share of the label head's targets taken from FER+'s votes, 0 to 1; the rest is FER2013's
    /// label. Above 0 it requires `--fer-plus`. Images without a usable vote use their label only.
    pub fer_plus_share: f64,
    /// Exponent of the class weights `(n / 7 nₖ)^power`, which are scaled to a mean of 1 over the
    /// training images: 0 weights all images alike, 1 gives every class the same total
    /// (scikit-learn's "balanced").
    pub class_weight_power: f64,
    /// The `tau` of logit adjustment (<https://arxiv.org/abs/2007.07314>): `tau · ln(class share)`
    /// is added to the logits while training, so that the network does not learn the shares. 0 is
    /// off, 1 minimizes the balanced error.
    pub logit_adjustment: f64,
}

fn one() -> f64 {
    1.0
}

impl LossConfig {
    /// Plain cross-entropy with FER2013's labels.
    pub const PLAIN: Self = Self {
        label_smoothing: 0.0,
        label_weight: 1.0,
        reading_weight: 0.0,
        fer_plus_share: 0.0,
        class_weight_power: 0.0,
        logit_adjustment: 0.0,
    };
}

/// Target of one image: the labels of the label head, then the answers of the reading head. Sums
/// to the image's weight.
pub type Target = [f32; LOGITS_OF_BOTH];

/// [`LossConfig`] with the weights computed from a training split's counts and its sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    label_smoothing: f32,
    label_weight: f32,
    reading_weight: f32,
    fer_plus_share: f32,
    class_weights: [f32; Emotion::COUNT],
    sources: Vec<SourceTargets>,
}

/// How the faces of a source become targets of the reading head.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SourceTargets {
    weight: f32,
    /// Uniform distribution over the answers that the source collected, for label smoothing.
    uniform: [f32; READING_ANSWERS],
}

impl Targets {
    /// One-hot labels for the label head only, as used in evaluation.
    pub const HARD: Self = Self {
        label_smoothing: 0.0,
        label_weight: 1.0,
        reading_weight: 0.0,
        fer_plus_share: 0.0,
        class_weights: [1.0; Emotion::COUNT],
        sources: vec![],
    };

    /// Creates the targets of a training split with these class `counts`.
    pub fn new(config: &LossConfig, counts: &[usize; Emotion::COUNT]) -> Self {
        Self {
            label_smoothing: config.label_smoothing as f32,
            label_weight: config.label_weight as f32,
            reading_weight: config.reading_weight as f32,
            fer_plus_share: config.fer_plus_share as f32,
            class_weights: class_weights(counts, config.class_weight_power),
            sources: vec![],
        }
    }

    /// Adds the `sources` of the faces, with their weights from `configs`, matched by name.
    #[must_use]
    pub fn with_sources(self, sources: &[DataSource], configs: &[SourceConfig]) -> Self {
        let of = |source: &DataSource| {
            let config = configs.iter().find(|config| config.name == source.name);
            let answers = (0..READING_ANSWERS)
                .filter(|answer| source.has(*answer))
                .count();
            let uniform = 1.0 / answers.max(1) as f32;
            SourceTargets {
                weight: config.map_or(1.0, |config| config.weight),
                uniform: std::array::from_fn(|answer| match source.has(answer) {
                    true => uniform,
                    false => 0.0,
                }),
            }
        };
        Self {
            sources: sources.iter().map(of).collect(),
            ..self
        }
    }

    /// Returns the targets for validation: the same heads, unsmoothed and unweighted.
    #[must_use]
    pub fn for_validation(&self) -> Self {
        Self {
            reading_weight: f32::from(u8::from(self.reading_weight > 0.0)),
            ..Self::HARD
        }
    }

    /// Returns the weight of each class, in label order.
    pub fn class_weights(&self) -> &[f32; Emotion::COUNT] {
        &self.class_weights
    }

    /// Returns the target of one image.
    pub fn of(&self, item: &FerItem) -> Target {
        let mut target = [0.0; LOGITS_OF_BOTH];
        let (label, reading) = target.split_at_mut(Emotion::COUNT);
        let has_reading_head = self.reading_weight > 0.0;
        if item.source == 0 || !has_reading_head {
            label.copy_from_slice(&self.label(item));
        }
        if has_reading_head && let Some(shares) = reading_target(item) {
            let source = self.sources.get(item.source);
            // Votes of several raters are soft targets already.
            let smoothing = match (source, item.votes) {
                (Some(_), None) => self.label_smoothing,
                _ => 0.0,
            };
            let weight = self.reading_weight * source.map_or(1.0, |source| source.weight);
            for (answer, value) in reading.iter_mut().enumerate() {
                let uniform = source.map_or(0.0, |source| source.uniform[answer]);
                *value = weight * ((1.0 - smoothing) * shares[answer] + smoothing * uniform);
            }
        }
        target
    }

    fn label(&self, item: &FerItem) -> [f32; Emotion::COUNT] {
        let votes = item.votes.as_ref().and_then(crate::data::Votes::seven);
        let share = if votes.is_some() {
            self.fer_plus_share
        } else {
            0.0
        };
        let votes = votes.unwrap_or_default();
        let uniform = 1.0 / Emotion::COUNT as f32;
        Emotion::ALL.map(|emotion| {
            let class = emotion.index();
            let label = f32::from(u8::from(emotion == item.emotion));
            let target = (1.0 - share) * label + share * votes[class];
            let smooth = (1.0 - self.label_smoothing) * target + self.label_smoothing * uniform;
            self.label_weight * smooth * self.class_weights[class]
        })
    }
}

/// Returns `(n / 7 nₖ)^power`, scaled to a mean of 1 over the images; 0 for a class without images.
fn class_weights(counts: &[usize; Emotion::COUNT], power: f64) -> [f32; Emotion::COUNT] {
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

/// Returns the `ln` of each class's share of the training images, in label order; a class without
/// images counts as one image.
pub fn log_priors(counts: &[usize; Emotion::COUNT]) -> [f32; Emotion::COUNT] {
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
            source: 0,
        }
    }

    #[test]
    fn a_plain_target_is_the_label() {
        let target = Targets::HARD.of(&item(Emotion::Happy, None));
        assert_eq!(target[..7], [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(target[7..], [0.0; READING_ANSWERS]);
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
    fn the_reading_head_learns_votes_and_each_source_its_own_answers() {
        let config = LossConfig {
            label_smoothing: 0.1,
            label_weight: 3.0,
            reading_weight: 2.0,
            ..LossConfig::PLAIN
        };
        let mut learned = [0.0; READING_ANSWERS];
        learned[Emotion::Happy.index()] = 3.0;
        learned[Emotion::Sad.index()] = 1.0;
        let source = |name: &str| DataSource {
            name: name.into(),
            learned,
            selecting: [0; Emotion::COUNT],
        };
        let recipe = SourceConfig {
            name: "web".into(),
            weight: 0.5,
            cut_out: false,
        };
        let targets =
            Targets::new(&config, &COUNTS).with_sources(&[source("fer"), source("web")], &[recipe]);
        // Two thirds contempt, one third not a face.
        let votes = Votes::new([0, 0, 0, 0, 0, 0, 0, 2, 7, 1]);
        let voted = targets.of(&item(Emotion::Sad, Some(votes)));
        assert!((voted[..7].iter().sum::<f32>() - 3.0).abs() < 1e-6);
        assert!((voted[7 + 7] - 4.0 / 3.0).abs() < 1e-6 && (voted[7 + 8] - 2.0 / 3.0).abs() < 1e-6);
        let foreign = FerItem {
            source: 1,
            ..item(Emotion::Sad, None)
        };
        let foreign = targets.of(&foreign);
        assert_eq!(foreign[..7], [0.0; 7]);
        assert!((foreign[7 + 4] - 0.95).abs() < 1e-6 && (foreign[7 + 3] - 0.05).abs() < 1e-6);
        let nobody = Votes::new([0, 0, 0, 0, 0, 0, 0, 0, 10, 0]);
        assert_eq!(
            targets.of(&item(Emotion::Sad, Some(nobody)))[7..],
            [0.0; READING_ANSWERS]
        );
        // Without a reading head every set trains the label head.
        let plain = Targets::new(&LossConfig::PLAIN, &COUNTS);
        let foreign = FerItem {
            source: 1,
            ..item(Emotion::Sad, None)
        };
        assert_eq!(plain.of(&foreign)[4], 1.0);
        assert_eq!(targets.for_validation().of(&foreign)[7 + 4], 1.0);
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
