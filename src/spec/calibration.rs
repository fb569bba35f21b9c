//! From logits to probabilities that mean what they say, and when no label is claimed.

use serde::{Deserialize, Serialize};

use super::heads::{HeadLogits, NOT_A_FACE, READING_ANSWERS};
use crate::emotion::{Emotion, Probabilities, UNSURE_BELOW};

/// How a model's logits are read. `moue quantize` and `moue calibrate` fit it; a model without one
/// is read with [`Calibration::default`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Added to the reading head's logits: how much likelier each answer is before the face is
    /// seen. Without it all answers are equally likely. The label head has learned its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<[f32; READING_ANSWERS]>,
    /// Divisor of the logits before the softmax (Guo et al. 2017,
    /// <https://arxiv.org/abs/1706.04599>): above 1 it lowers confidence, below it raises it; the
    /// order of the expressions never changes.
    pub temperature: f32,
    /// A face whose likeliest expression has a probability below this is "unsure".
    pub unsure_below: f32,
    /// The share of claimed labels that `unsure_below` was chosen to make right on
    /// [`Calibration::fitted_on`], 0 to 1. `None` if it was not measured.
    pub aim: Option<f64>,
    /// The mean logarithms of the probabilities of the faces labelled neutral: what a face at rest
    /// looks like to this model, which a person's own face at rest is compared with. `None` if it
    /// was not measured.
    pub neutral: Option<[f32; Emotion::COUNT]>,
    /// The split that everything was fitted on; empty for the default.
    pub fitted_on: String,
    /// The measured results, split by split.
    pub measured: Vec<MeasuredCalibration>,
}

/// Results of a calibration on one split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredCalibration {
    /// `PublicTest` or `PrivateTest`.
    pub split: String,
    /// Number of images.
    pub images: usize,
    /// Expected calibration error with fifteen bins at temperature 1, 0 to 1.
    pub error_before: f64,
    /// Expected calibration error at the calibration's temperature, 0 to 1.
    pub error_after: f64,
    /// Share of images for which a label is claimed, 0 to 1.
    pub claimed: f64,
    /// Share of the claimed labels that are right, 0 to 1.
    pub accuracy_of_claimed: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            prior: None,
            temperature: 1.0,
            unsure_below: UNSURE_BELOW,
            aim: None,
            neutral: None,
            fitted_on: String::new(),
            measured: vec![],
        }
    }
}

impl Calibration {
    /// Returns the probabilities by which a face is read: those of the reading head with the
    /// [`Calibration::prior`], where contempt and "not a face" together are "other"; those of the
    /// label head where there is no reading head.
    pub fn read(&self, heads: &HeadLogits) -> Probabilities {
        let cooled = |logits: [f32; Emotion::COUNT]| logits.map(|logit| logit / self.temperature);
        let Some(reading) = heads.reading else {
            return Probabilities::from_logits(cooled(heads.label));
        };
        let prior = self.prior.unwrap_or_default();
        let logits: [f32; READING_ANSWERS] = std::array::from_fn(|at| reading[at] + prior[at]);
        let [seven @ .., contempt, not_a_face] = logits;
        let larger = contempt.max(not_a_face);
        let other = larger + (-(contempt - not_a_face).abs()).exp().ln_1p();
        Probabilities::with_other(cooled(seven), other / self.temperature)
    }

    /// Returns the probability of "not a face", 0 where there is no reading head. Without the prior: how
    /// often a detector's boxes hold no face is not how often FER2013's pictures show none.
    pub fn not_a_face(&self, heads: &HeadLogits) -> f32 {
        let Some(logits) = heads.reading else {
            return 0.0;
        };
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weights = logits.map(|logit| ((logit - most) / self.temperature).exp());
        weights[NOT_A_FACE] / weights.iter().sum::<f32>()
    }

    /// Returns why it cannot be used, in words; `None` if it can.
    pub fn fault(&self) -> Option<String> {
        let Self {
            temperature,
            unsure_below,
            neutral,
            ..
        } = self;
        if !(temperature.is_finite() && *temperature > 0.0) {
            return Some(format!("its temperature is {temperature}"));
        }
        if !(0.0..=1.0).contains(unsure_below) {
            return Some(format!("its threshold is {unsure_below}"));
        }
        let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
        if !self.prior.is_none_or(|prior| finite(&prior)) {
            return Some("its prior is not finite".to_owned());
        }
        (!neutral.is_none_or(|neutral| finite(&neutral)))
            .then(|| "its neutral face is not finite".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperature_changes_confidence_and_never_the_order() {
        let logits = [0.5, -1.0, 0.0, 3.0, 1.0, 0.2, 1.5];
        let at = |temperature| {
            let calibration = Calibration {
                temperature,
                ..Calibration::default()
            };
            calibration.read(&HeadLogits {
                label: logits,
                reading: None,
            })
        };
        assert_eq!(at(1.0), Probabilities::from_logits(logits));
        assert!(at(2.0).top().1 < at(1.0).top().1);
        assert!(at(0.5).top().1 > at(1.0).top().1);
        let order = |probabilities: Probabilities| probabilities.ranked().map(|(it, _)| it);
        assert_eq!(order(at(2.0)), order(at(1.0)));
    }

    #[test]
    fn a_face_is_read_by_the_reading_head_with_the_prior() {
        let mut heads = HeadLogits {
            label: [1.0; Emotion::COUNT],
            reading: Some([0.0; READING_ANSWERS]),
        };
        let mut calibration = Calibration::default();
        let even = calibration.read(&heads);
        assert!((even.get(Emotion::Sad) - 1.0 / 9.0).abs() < 1e-6);
        assert!(
            (even.other() - 2.0 / 9.0).abs() < 1e-6,
            "contempt and not a face"
        );
        calibration.prior = Some([3f32.ln(), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -90.0, -90.0]);
        let likelier = calibration.read(&heads);
        assert!((likelier.get(Emotion::Anger) - 1.0 / 3.0).abs() < 1e-6);
        assert!(likelier.other() < 1e-6);
        heads.reading = None;
        let seven = calibration.read(&heads);
        assert_eq!(seven, Probabilities::from_logits([1.0; Emotion::COUNT]));
    }

    #[test]
    fn what_cannot_be_is_named() {
        let fault = |change: fn(&mut Calibration)| {
            let mut calibration = Calibration::default();
            change(&mut calibration);
            calibration.fault()
        };
        assert_eq!(fault(|_| ()), None);
        for change in [
            (|it| it.temperature = 0.0) as fn(&mut Calibration),
            |it| it.temperature = f32::NAN,
            |it| it.unsure_below = 1.5,
            |it| it.neutral = Some([f32::INFINITY; Emotion::COUNT]),
            |it| it.prior = Some([f32::NAN; READING_ANSWERS]),
        ] {
            assert!(fault(change).is_some());
        }
    }
}
