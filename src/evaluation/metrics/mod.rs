//! Metrics of a set of predictions: pure functions of probabilities and true labels.
//!
//! All metrics are over all seven classes. A class without images scores 0 and is part of the macro
//! average, so that no report contains NaN and a missing class is never a good score.

pub mod calibration;
pub mod votes;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::calibration::{CALIBRATION_BINS, CalibrationBin, calibration_error};
use crate::emotion::{Emotion, Probabilities};

/// Numbers of images by true class (rows) and predicted class (columns), both in label order.
pub type ConfusionMatrix = [[u32; Emotion::COUNT]; Emotion::COUNT];

/// The standard normal quantile of a 95 % interval.
const Z_95: f64 = 1.959_963_984_540_054;

/// Lower limit of probabilities in the cross-entropy, so that a confident error costs much, but not
/// infinitely much.
const LEAST_PROBABILITY: f64 = 1e-12;

/// Error of computing metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MetricsError {
    /// There are no predictions.
    #[error("there are no predictions to measure: choose a split that has images")]
    NoSamples,
    /// The numbers of predictions and labels differ.
    #[error("{predicted} predictions for {targets} labels: each image needs exactly one of both")]
    LengthMismatch {
        /// Number of predictions.
        predicted: usize,
        /// Number of labels.
        targets: usize,
    },
}

/// Scores of one class, or their average over classes, each 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// Share of the images predicted as the class that are right.
    pub precision: f64,
    /// Share of the images of the class that are predicted as it.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
    /// Number of images of the class.
    pub support: u32,
}

/// Share of right predictions, with its 95 % Wilson interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accuracy {
    /// Share of right predictions, 0 to 1.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Accuracy {
    /// Creates the accuracy of `right` out of `total`; for a `total` of 0, it is 0 within 0 to 1.
    pub fn of(right: u64, total: u64) -> Self {
        let (low, high) = wilson_interval(right, total);
        Self {
            value: ratio(right as f64, total as f64),
            low,
            high,
        }
    }
}

/// All metrics of a set of predictions; `Display` formats them as a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassificationReport {
    /// Share of right predictions.
    pub accuracy: Accuracy,
    /// Scores of each class, in label order.
    pub per_class: [Scores; Emotion::COUNT],
    /// Unweighted mean over the seven classes; its `f1` is the macro-F1.
    pub macro_average: Scores,
    /// Mean weighted by the number of images of each class.
    pub weighted_average: Scores,
    /// Confusion matrix.
    pub confusion: ConfusionMatrix,
    /// Mean of `-ln p(true class)`, in nats.
    pub cross_entropy: f64,
    /// Expected calibration error, 0 to 1.
    pub calibration_error: f64,
    /// Bins of the calibration error, by increasing confidence.
    pub calibration: [CalibrationBin; CALIBRATION_BINS],
}

impl ClassificationReport {
    /// Computes the metrics of `predicted` for `targets`, pair by pair.
    ///
    /// # Errors
    /// A [`MetricsError`] if there are no predictions or the lengths differ.
    pub fn new(predicted: &[Probabilities], targets: &[Emotion]) -> Result<Self, MetricsError> {
        if predicted.len() != targets.len() {
            let (predicted, targets) = (predicted.len(), targets.len());
            return Err(MetricsError::LengthMismatch { predicted, targets });
        }
        if predicted.is_empty() {
            return Err(MetricsError::NoSamples);
        }
        let confusion = confusion_matrix(predicted, targets);
        let per_class = class_scores(&confusion);
        let calibration = calibration::bins(predicted, targets);
        Ok(Self {
            accuracy: accuracy(&confusion),
            macro_average: average(&per_class, |_| 1.0),
            weighted_average: average(&per_class, |scores| f64::from(scores.support)),
            per_class,
            confusion,
            cross_entropy: cross_entropy(predicted, targets),
            calibration_error: calibration_error(&calibration),
            calibration,
        })
    }

    /// Returns the scores of one class.
    pub fn scores(&self, emotion: Emotion) -> &Scores {
        &self.per_class[emotion.index()]
    }

    /// Returns the mean F1 of the seven classes.
    pub fn macro_f1(&self) -> f64 {
        self.macro_average.f1
    }
}

/// Computes the confusion matrix; the predicted class is the most probable one.
pub fn confusion_matrix(predicted: &[Probabilities], targets: &[Emotion]) -> ConfusionMatrix {
    let mut confusion = ConfusionMatrix::default();
    for (probabilities, target) in predicted.iter().zip(targets) {
        confusion[target.index()][probabilities.top().0.index()] += 1;
    }
    confusion
}

/// Returns the share of images on the diagonal; 0 within 0 to 1 if there are no images.
pub fn accuracy(confusion: &ConfusionMatrix) -> Accuracy {
    let right = Emotion::ALL
        .iter()
        .map(|e| u64::from(confusion[e.index()][e.index()]))
        .sum();
    let total = confusion
        .iter()
        .flatten()
        .map(|count| u64::from(*count))
        .sum();
    Accuracy::of(right, total)
}

/// Returns the 95 % interval of a share (Wilson 1927): unlike `p ± 1.96 σ`, it stays within 0 to 1
/// and is valid for few samples and for shares near 0 and 1.
pub fn wilson_interval(right: u64, total: u64) -> (f64, f64) {
    if total == 0 {
        return (0.0, 1.0);
    }
    let n = total as f64;
    let share = right.min(total) as f64 / n;
    let z2 = Z_95 * Z_95;
    let centre = share + z2 / (2.0 * n);
    let half = Z_95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    (
        ((centre - half) / scale).max(0.0),
        ((centre + half) / scale).min(1.0),
    )
}

/// Computes precision, recall and F1 of each class; a score without images is 0.
pub fn class_scores(confusion: &ConfusionMatrix) -> [Scores; Emotion::COUNT] {
    Emotion::ALL.map(|emotion| {
        let class = emotion.index();
        let right = f64::from(confusion[class][class]);
        let support: u32 = confusion[class].iter().sum();
        let called: u32 = confusion.iter().map(|row| row[class]).sum();
        Scores {
            precision: ratio(right, f64::from(called)),
            recall: ratio(right, f64::from(support)),
            // Equal to the harmonic mean, and also defined if only one of both is.
            f1: ratio(2.0 * right, f64::from(called) + f64::from(support)),
            support,
        }
    })
}

fn average(per_class: &[Scores; Emotion::COUNT], weight: impl Fn(&Scores) -> f64) -> Scores {
    let total: f64 = per_class.iter().map(&weight).sum();
    let mean = |score: fn(&Scores) -> f64| {
        ratio(
            per_class
                .iter()
                .map(|scores| weight(scores) * score(scores))
                .sum(),
            total,
        )
    };
    Scores {
        precision: mean(|scores| scores.precision),
        recall: mean(|scores| scores.recall),
        f1: mean(|scores| scores.f1),
        support: per_class.iter().map(|scores| scores.support).sum(),
    }
}

/// Returns the mean of `-ln p(true class)`, in nats; 0 if there are no pairs.
pub fn cross_entropy(predicted: &[Probabilities], targets: &[Emotion]) -> f64 {
    let loss = |(probabilities, target): (&Probabilities, &Emotion)| {
        -f64::from(probabilities.get(*target))
            .max(LEAST_PROBABILITY)
            .ln()
    };
    let pairs = predicted.len().min(targets.len());
    ratio(predicted.iter().zip(targets).map(loss).sum(), pairs as f64)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns probabilities with `share` for one class, the rest spread evenly over the others.
    pub(super) fn prediction(emotion: Emotion, share: f32) -> Probabilities {
        let other = ((1.0 - share) / 6.0).ln();
        let mut logits = [other; Emotion::COUNT];
        logits[emotion.index()] = share.ln();
        Probabilities::from_logits(logits)
    }

    pub(super) fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    /// Returns 4 happy, of which one is predicted as sad, and 2 sad, of which one as happy.
    fn example() -> (Vec<Probabilities>, Vec<Emotion>) {
        use Emotion::{Happy, Sad};
        let pairs = [
            (Happy, Happy),
            (Happy, Happy),
            (Happy, Happy),
            (Sad, Happy),
            (Sad, Sad),
            (Happy, Sad),
        ];
        pairs
            .into_iter()
            .map(|(called, is)| (prediction(called, 0.7), is))
            .unzip()
    }

    #[test]
    fn scores_match_the_hand_computed_ones() {
        let (predicted, targets) = example();
        let report = ClassificationReport::new(&predicted, &targets).unwrap();
        assert!(close(report.accuracy.value, 4.0 / 6.0));
        let happy = report.scores(Emotion::Happy);
        assert!(close(happy.precision, 0.75) && close(happy.recall, 0.75) && close(happy.f1, 0.75));
        let sad = report.scores(Emotion::Sad);
        assert!(close(sad.precision, 0.5) && close(sad.recall, 0.5) && close(sad.f1, 0.5));
        assert_eq!((happy.support, sad.support), (4, 2));
        assert!(close(report.macro_f1(), 1.25 / 7.0));
        assert!(close(
            report.weighted_average.f1,
            (4.0 * 0.75 + 2.0 * 0.5) / 6.0
        ));
        assert_eq!(report.weighted_average.support, 6);
        assert_eq!(report.confusion[3][4], 1);
        assert_eq!(report.confusion[4], [0, 0, 0, 1, 1, 0, 0]);
        // Four times -ln 0.7 and twice -ln 0.05.
        assert!(close(
            report.cross_entropy,
            (4.0 * 0.356_674_944 + 2.0 * 2.995_732_274) / 6.0
        ));
        // All in one bin: confidence 0.7, accuracy 2/3.
        assert!(close(report.calibration_error, 0.7 - 4.0 / 6.0));
    }

    #[test]
    fn precision_and_recall_are_not_exchanged() {
        use Emotion::{Fear, Neutral};
        let predicted = [Neutral, Neutral, Neutral, Fear].map(|called| prediction(called, 0.9));
        let scores = class_scores(&confusion_matrix(&predicted, &[Neutral, Fear, Fear, Fear]));
        let neutral = scores[Neutral.index()];
        assert!(close(neutral.precision, 1.0 / 3.0) && close(neutral.recall, 1.0));
        let fear = scores[Fear.index()];
        assert!(close(fear.precision, 1.0) && close(fear.recall, 1.0 / 3.0) && close(fear.f1, 0.5));
    }

    #[test]
    fn classes_without_images_score_zero_and_nothing_is_nan() {
        let (predicted, targets) = example();
        let report = ClassificationReport::new(&predicted, &targets).unwrap();
        assert_eq!(*report.scores(Emotion::Disgust), Scores::default());
        let json = serde_json::to_string(&report).unwrap();
        assert!(!json.contains("null"), "{json}");
        let read: ClassificationReport = serde_json::from_str(&json).unwrap();
        assert_eq!(read.confusion, report.confusion);
        // A class that is predicted, but has no images.
        let called = [prediction(Emotion::Disgust, 0.9)];
        let report = ClassificationReport::new(&called, &[Emotion::Fear]).unwrap();
        assert_eq!(report.macro_f1(), 0.0);
        assert_eq!(report.accuracy.value, 0.0);
    }

    #[test]
    fn the_wilson_interval_is_the_published_one() {
        // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
        let (low, high) = wilson_interval(81, 263);
        assert!(
            (low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5,
            "{low} {high}"
        );
        let (low, high) = wilson_interval(0, 20);
        assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5, "{low} {high}");
        assert_eq!(wilson_interval(0, 0), (0.0, 1.0));
    }

    #[test]
    fn a_sure_mistake_costs_much_and_stays_finite() {
        let sure = Probabilities::from_logits([1e30, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let loss = cross_entropy(&[sure], &[Emotion::Fear]);
        assert!(close(loss, -(1e-12f64).ln()), "{loss}");
    }

    #[test]
    fn what_cannot_be_measured_is_an_error() {
        let one = [prediction(Emotion::Sad, 0.9)];
        assert_eq!(
            ClassificationReport::new(&[], &[]),
            Err(MetricsError::NoSamples)
        );
        assert_eq!(
            ClassificationReport::new(&one, &[]),
            Err(MetricsError::LengthMismatch {
                predicted: 1,
                targets: 0
            })
        );
    }
}
