//! Calibration error: whether a network's confidence agrees with its accuracy.

use serde::{Deserialize, Serialize};

use super::ratio;
use crate::emotion::{Emotion, Probabilities};

/// Number of bins of the calibration error, as in Guo et al. 2017
/// (<https://arxiv.org/abs/1706.04599>).
pub const CALIBRATION_BINS: usize = 15;

/// The images whose highest probability is in one fifteenth of 0 to 1: open below, closed above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationBin {
    /// Number of images.
    pub images: u32,
    /// Mean of the highest probabilities; 0 if there are no images.
    pub confidence: f64,
    /// Share of the images whose most probable class is right; 0 if there are no images.
    pub accuracy: f64,
}

/// Sorts predictions into [`CALIBRATION_BINS`] equal bins by the highest probability.
pub fn bins(
    predicted: &[Probabilities],
    targets: &[Emotion],
) -> [CalibrationBin; CALIBRATION_BINS] {
    let mut bins = [CalibrationBin::default(); CALIBRATION_BINS];
    for (probabilities, target) in predicted.iter().zip(targets) {
        let (emotion, confidence) = probabilities.top();
        let confidence = f64::from(confidence);
        let above = (confidence * CALIBRATION_BINS as f64).ceil() as usize;
        let bin = &mut bins[above.clamp(1, CALIBRATION_BINS) - 1];
        bin.images += 1;
        bin.confidence += confidence;
        bin.accuracy += if emotion == *target { 1.0 } else { 0.0 };
    }
    for bin in &mut bins {
        bin.confidence = ratio(bin.confidence, f64::from(bin.images));
        bin.accuracy = ratio(bin.accuracy, f64::from(bin.images));
    }
    bins
}

/// Returns the expected calibration error: the mean absolute difference of a bin's confidence and
/// accuracy, weighted by its images; 0 if there are no images.
pub fn calibration_error(bins: &[CalibrationBin]) -> f64 {
    let images: f64 = bins.iter().map(|bin| f64::from(bin.images)).sum();
    let gap = |bin: &CalibrationBin| f64::from(bin.images) * (bin.confidence - bin.accuracy).abs();
    ratio(bins.iter().map(gap).sum(), images)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{close, prediction};
    use super::*;

    #[test]
    fn calibration_is_measured_bin_by_bin() {
        // 0.9 and right: a gap of 0.1. 0.5 and wrong: a gap of 0.5. Two bins of one image each.
        let predicted = [prediction(Emotion::Sad, 0.9), prediction(Emotion::Sad, 0.5)];
        let bins = bins(&predicted, &[Emotion::Sad, Emotion::Fear]);
        assert!(close(calibration_error(&bins), 0.3));
        let filled: Vec<usize> = (0..CALIBRATION_BINS)
            .filter(|&bin| bins[bin].images > 0)
            .collect();
        assert_eq!(filled, [7, 13]);
        assert!(close(bins[13].confidence, 0.9) && close(bins[13].accuracy, 1.0));
    }

    #[test]
    fn gaps_of_one_bin_cancel_and_nothing_is_nan() {
        // 0.8 twice, right once: confidence 0.8, accuracy 0.5.
        let predicted = [prediction(Emotion::Sad, 0.8); 2];
        let bins = bins(&predicted, &[Emotion::Sad, Emotion::Fear]);
        assert!(close(calibration_error(&bins), 0.3));
        assert_eq!(calibration_error(&[]), 0.0);
        assert!(bins.iter().all(|bin| bin.confidence.is_finite()));
    }
}
