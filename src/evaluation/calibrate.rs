//! Calibration of a quantized network's logits: a temperature, and the smallest probability of a
//! claimed label. Both are fitted on one split and measured on others.

use thiserror::Error;

use super::metrics::calibration::{bins, calibration_error};
use super::metrics::{accuracy, confusion_matrix, cross_entropy};
use super::reading::ReadSet;
use crate::emotion::{Emotion, Probabilities};
use crate::spec::Calibration;
use crate::spec::calibration::MeasuredCalibration;
use crate::spec::heads::{CONTEMPT, READING_ANSWERS};

/// Default share of claimed labels that should be right.
pub const DEFAULT_AIM: f64 = 0.75;
/// Largest temperature tried; the smallest is its inverse.
const WIDEST_TEMPERATURE: f64 = 8.0;
/// Number of steps of the golden section search.
const STEPS: usize = 40;
/// Thresholds are rounded to the next lower multiple of one over this: engines differ in the last
/// digits of a probability, and each should claim the face that sets the threshold.
const THRESHOLD_STEPS: f32 = 10_000.0;
/// Lower limit of probabilities before taking their logarithm.
const LEAST_PROBABILITY: f32 = 1e-30;

/// A fitted calibration, with the temperature that was tried for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The fitted calibration.
    pub calibration: Calibration,
    /// Temperature with the smallest cross-entropy, which the calibration may not use.
    pub tried_temperature: f32,
    /// Expected calibration error with that temperature, on the split of the fit.
    pub tried_error: f64,
}

/// Fits a calibration on the predictions for one split, which are given at temperature 1.
///
/// The temperature is the one with the smallest cross-entropy (Guo et al. 2017,
/// <https://arxiv.org/abs/1706.04599>) if it also reduces the expected calibration error, else 1: a
/// network trained with label smoothing is never very confident, and sharpening its probabilities
/// lowers the cross-entropy of easy faces but makes hard ones overconfident. The threshold is the
/// lowest one at which a share of `target_accuracy` of the claimed labels is right; if there is
/// none, nothing is claimed.
pub fn fit(
    predicted: &[Probabilities],
    targets: &[Emotion],
    split: &str,
    target_accuracy: f64,
) -> Fitted {
    let before = calibration_error(&bins(predicted, targets));
    let tried = best_temperature(predicted, targets);
    let cooled: Vec<Probabilities> = predicted.iter().map(|it| scale(it, tried)).collect();
    let tried_error = calibration_error(&bins(&cooled, targets));
    let (temperature, used) = match tried_error < before {
        true => (tried, cooled.as_slice()),
        false => (1.0, predicted),
    };
    Fitted {
        calibration: Calibration {
            prior: None,
            temperature,
            unsure_below: threshold(used, targets, target_accuracy),
            aim: Some(target_accuracy),
            neutral: neutral(used, targets),
            fitted_on: split.to_owned(),
            measured: vec![],
        },
        tried_temperature: tried,
        tried_error,
    }
}

/// Error of calibrating a reading head without FER+'s votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a network that reads as people do is calibrated on FER+'s votes; give --fer-plus fer2013new.csv"
)]
pub struct NoVotes;

/// Shares of FER+'s bias that are tried as the prior.
const PRIOR_PARTS: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Smallest share of each set's faces that must be named, because a threshold that names hardly any
/// face is useless even if it reaches the aim.
const LEAST_NAMED: f64 = 0.48;

/// Fits a calibration of the reading head on the validation sets, weighted equally. All sets are
/// then measured with it.
///
/// The prior is a share of FER+'s bias, in quarters; for contempt and "not a face", which are rare
/// and which only FER+ collected, it is all of the bias. The temperature is the one with the
/// smallest mean cross-entropy. The threshold is the lowest that reaches `target_accuracy` on every
/// set, or a lower one at which 48 in 100 faces of every set are named. Of the shares with which
/// both hold, of all shares where there is none, the one with the best mean accuracy over the seven
/// expressions is taken.
///
/// # Errors
/// [`NoVotes`] if no validation set has FER+'s votes, which [`Calibration::neutral`] needs.
pub fn fit_reading(
    sets: &[ReadSet],
    fer_plus: &[f32; READING_ANSWERS],
    target_accuracy: f64,
) -> Result<Calibration, NoVotes> {
    let selecting: Vec<&ReadSet> = sets.iter().filter(|set| set.selected_on).collect();
    let voted = selecting.iter().find(|set| set.is_voted).ok_or(NoVotes)?;
    let mut calibration = Calibration {
        aim: Some(target_accuracy),
        fitted_on: selecting
            .iter()
            .map(|set| set.name.as_str())
            .collect::<Vec<_>>()
            .join("; "),
        unsure_below: 0.0,
        ..Calibration::default()
    };
    let mean = |calibration: &Calibration, figure: &dyn Fn(&[Probabilities], &[Emotion]) -> f64| {
        let of = |set: &&ReadSet| {
            let (predicted, targets) = seven(set, calibration);
            figure(&predicted, &targets)
        };
        selecting.iter().map(of).sum::<f64>() / selecting.len().max(1) as f64
    };
    let middle = fer_plus[..Emotion::COUNT].iter().sum::<f32>() / Emotion::COUNT as f32;
    let with_part = |part: f32| Calibration {
        prior: Some(std::array::from_fn(|answer| match answer {
            CONTEMPT.. => fer_plus[answer] - middle,
            _ => part * (fer_plus[answer] - middle),
        })),
        ..calibration.clone()
    };
    let fitted = |part: f32| {
        let mut fitted = with_part(part);
        let accuracy = mean(&fitted, &|predicted, targets| {
            accuracy(&confusion_matrix(predicted, targets)).value
        });
        fitted.temperature = least(|temperature| {
            let tried = Calibration {
                temperature,
                ..fitted.clone()
            };
            mean(&tried, &|predicted, targets| {
                cross_entropy(predicted, targets)
            })
        });
        let limits = selecting.iter().map(|set| {
            let (predicted, targets) = all(set, &fitted);
            (
                threshold_of(&predicted, &targets, target_accuracy),
                naming(&predicted, LEAST_NAMED),
            )
        });
        let (promised, naming) = limits
            .fold((0.0, 1.0), |(promised, naming): (f32, f32), limit| {
                (promised.max(limit.0), naming.min(limit.1))
            });
        fitted.unsure_below = promised.min(naming);
        (promised <= naming, accuracy, fitted)
    };
    // The smallest of equals.
    let best = PRIOR_PARTS
        .into_iter()
        .rev()
        .map(fitted)
        .max_by(|(a_keeps, a, _), (b_keeps, b, _)| a_keeps.cmp(b_keeps).then(a.total_cmp(b)));
    if let Some((_, _, best)) = best {
        calibration = best;
    }
    let (predicted, targets) = seven(voted, &calibration);
    calibration.neutral = neutral(&predicted, &targets);
    let measured = sets
        .iter()
        .map(|set| measure_reading(&calibration, set))
        .collect();
    calibration.measured = measured;
    Ok(calibration)
}

/// Returns the highest threshold at which this share of the faces is named.
fn naming(predicted: &[Probabilities], share: f64) -> f32 {
    let mut sure: Vec<f32> = predicted.iter().map(|row| row.top().1).collect();
    sure.sort_by(|a, b| b.total_cmp(a));
    let last = (share * sure.len() as f64).ceil() as usize;
    let threshold = sure.get(last.saturating_sub(1)).copied().unwrap_or(0.0);
    ((threshold * THRESHOLD_STEPS).ceil() - 1.0) / THRESHOLD_STEPS
}

/// Measures a calibration of the reading head on a set.
fn measure_reading(calibration: &Calibration, set: &ReadSet) -> MeasuredCalibration {
    let figures = set.figures(calibration);
    let plain = Calibration {
        temperature: 1.0,
        ..calibration.clone()
    };
    let error = |calibration: &Calibration| {
        let (predicted, targets) = seven(set, calibration);
        calibration_error(&bins(&predicted, &targets))
    };
    MeasuredCalibration {
        split: set.name.clone(),
        images: figures.images,
        error_before: error(&plain),
        error_after: error(calibration),
        claimed: figures.named,
        accuracy_of_claimed: figures.right_of_named,
    }
}

/// Returns the calibrated probabilities of all faces of a set, and their targets; `None` if the
/// target is not one of the seven expressions.
pub fn all(set: &ReadSet, calibration: &Calibration) -> (Vec<Probabilities>, Vec<Option<Emotion>>) {
    let read = |heads| calibration.read(heads);
    let targets = set
        .targets
        .iter()
        .map(|target| Emotion::from_index(*target));
    (set.logits.iter().map(read).collect(), targets.collect())
}

/// Returns the same as [`all`] for the faces whose target is one of the seven expressions.
pub fn seven(set: &ReadSet, calibration: &Calibration) -> (Vec<Probabilities>, Vec<Emotion>) {
    let (predicted, targets) = all(set, calibration);
    let pairs = predicted.into_iter().zip(targets);
    pairs
        .filter_map(|(row, target)| Some((row, target?)))
        .unzip()
}

/// Measures the predictions for a split and adds the result to the fit. The first call makes the
/// fit, on its split.
pub fn fit_and_measure(
    fitted: &mut Option<Fitted>,
    predicted: &[Probabilities],
    targets: &[Emotion],
    split: &str,
    target_accuracy: f64,
) {
    let fitted = fitted.get_or_insert_with(|| fit(predicted, targets, split, target_accuracy));
    let measured = measure(&fitted.calibration, predicted, targets, split);
    fitted.calibration.measured.push(measured);
}

/// Measures a calibration on the predictions for a split, which are given at temperature 1.
pub fn measure(
    calibration: &Calibration,
    predicted: &[Probabilities],
    targets: &[Emotion],
    split: &str,
) -> MeasuredCalibration {
    let after: Vec<Probabilities> = predicted
        .iter()
        .map(|it| scale(it, calibration.temperature))
        .collect();
    let tops = after.iter().map(Probabilities::top).zip(targets);
    let claimed = tops.filter(|((_, sure), _)| *sure >= calibration.unsure_below);
    let (mut claims, mut right) = (0u32, 0u32);
    for ((emotion, _), target) in claimed {
        claims += 1;
        right += u32::from(emotion == *target);
    }
    MeasuredCalibration {
        split: split.to_owned(),
        images: after.len(),
        error_before: calibration_error(&bins(predicted, targets)),
        error_after: calibration_error(&bins(&after, targets)),
        claimed: f64::from(claims) / (after.len().max(1) as f64),
        accuracy_of_claimed: f64::from(right) / f64::from(claims.max(1)),
    }
}

/// Returns the logits up to a constant, which does not change the softmax.
fn logarithms(probabilities: &Probabilities) -> [f32; Emotion::COUNT] {
    probabilities.logarithms(LEAST_PROBABILITY)
}

fn scale(probabilities: &Probabilities, temperature: f32) -> Probabilities {
    let other = probabilities.other().ln() / temperature;
    Probabilities::with_other(logarithms(probabilities).map(|it| it / temperature), other)
}

/// Returns the temperature with the smallest cross-entropy, which is unimodal in its logarithm.
fn best_temperature(predicted: &[Probabilities], targets: &[Emotion]) -> f32 {
    least(|temperature| {
        let rows = predicted.iter().zip(targets);
        rows.map(|(row, target)| {
            let sure = scale(row, temperature).get(*target).max(LEAST_PROBABILITY);
            -f64::from(sure).ln()
        })
        .sum()
    })
}

/// Returns the temperature with the smallest `cost`, by golden section search over its logarithm.
fn least(cost: impl Fn(f32) -> f64) -> f32 {
    let cost = |exponent: f64| cost(exponent.exp() as f32);
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-WIDEST_TEMPERATURE.ln(), WIDEST_TEMPERATURE.ln());
    for _ in 0..STEPS {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if cost(left) <= cost(right) {
            high = right;
        } else {
            low = left;
        }
    }
    ((low + high) / 2.0).exp() as f32
}

fn threshold(predicted: &[Probabilities], targets: &[Emotion], target_accuracy: f64) -> f32 {
    let targets: Vec<Option<Emotion>> = targets.iter().copied().map(Some).collect();
    threshold_of(predicted, &targets, target_accuracy)
}

/// Returns the same as [`threshold`], for targets that may not be one of the seven expressions.
fn threshold_of(
    predicted: &[Probabilities],
    targets: &[Option<Emotion>],
    target_accuracy: f64,
) -> f32 {
    let mut claims: Vec<(f32, bool)> = predicted
        .iter()
        .zip(targets)
        .map(|(row, target)| {
            let (emotion, sure) = row.top();
            (sure, Some(emotion) == *target)
        })
        .collect();
    claims.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (mut right, mut lowest) = (0u32, None);
    let mut claims = (1u32..).zip(claims).peekable();
    while let Some((count, (sure, is_right))) = claims.next() {
        right += u32::from(is_right);
        // Answers of equal probability are claimed together or not at all.
        let ends = claims.peek().is_none_or(|(_, (next, _))| *next < sure);
        if ends && f64::from(right) >= target_accuracy * f64::from(count) {
            lowest = Some(sure);
        }
    }
    lowest.map_or(1.0, |lowest: f32| {
        ((lowest * THRESHOLD_STEPS).ceil() - 1.0) / THRESHOLD_STEPS
    })
}

/// Computes [`Calibration::neutral`].
fn neutral(predicted: &[Probabilities], targets: &[Emotion]) -> Option<[f32; Emotion::COUNT]> {
    let rows = predicted.iter().zip(targets);
    let rows = rows.filter(|(_, target)| **target == Emotion::Neutral);
    let (mut sums, mut count) = ([0.0f64; Emotion::COUNT], 0.0);
    for (row, _) in rows {
        count += 1.0;
        for (sum, value) in sums.iter_mut().zip(logarithms(row)) {
            *sum += f64::from(value);
        }
    }
    (count > 0.0).then(|| sums.map(|sum| (sum / count) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::heads::HeadLogits;

    fn sad(share: f32) -> Probabilities {
        let mut weights = [(1.0 - share) / 6.0; Emotion::COUNT];
        weights[Emotion::Sad.index()] = share;
        Probabilities::from_logits(weights.map(f32::ln))
    }

    /// Returns a hundred answers "sad", of which `right` are right and the others are happy.
    fn answers(share: f32, right: usize) -> (Vec<Probabilities>, Vec<Emotion>) {
        let target = |index| match index < right {
            true => Emotion::Sad,
            false => Emotion::Happy,
        };
        (vec![sad(share); 100], (0..100).map(target).collect())
    }

    #[test]
    fn too_much_confidence_is_cooled() {
        let (predicted, targets) = answers(0.95, 70);
        let fitted = fit(&predicted, &targets, "here", 0.5);
        let calibration = &fitted.calibration;
        assert!(calibration.temperature > 1.2, "{fitted:?}");
        assert_eq!(calibration.temperature, fitted.tried_temperature);
        let measured = measure(calibration, &predicted, &targets, "here");
        assert!((measured.error_before - 0.25).abs() < 1e-3);
        assert!(measured.error_after < measured.error_before);
        assert_eq!(measured.claimed, 1.0);
        assert!((measured.accuracy_of_claimed - 0.7).abs() < 1e-6);
        assert_eq!(calibration.fault(), None);
    }

    #[test]
    fn the_threshold_is_the_lowest_that_keeps_its_promise() {
        let (mut predicted, mut targets) = answers(0.9, 90);
        let (unsure, wrong) = answers(0.4, 30);
        predicted.extend(unsure);
        targets.extend(wrong);
        let at = |target_accuracy| fit(&predicted, &targets, "here", target_accuracy).calibration;
        let strict = at(0.85);
        let measured = measure(&strict, &predicted, &targets, "here");
        assert!((measured.claimed - 0.5).abs() < 0.2, "{measured:?}");
        assert!(measured.accuracy_of_claimed >= 0.85, "{measured:?}");
        let loose = measure(&at(0.5), &predicted, &targets, "here");
        assert_eq!(loose.claimed, 1.0);
        assert_eq!(at(1.1).unsure_below, 1.0);
    }

    /// Returns a hundred faces with logits for sad, of which `right` are sad and the others
    /// neutral, which only a prior reveals.
    fn read_set(name: &str, margin: f32, right: usize) -> ReadSet {
        let mut reading = [0.0; READING_ANSWERS];
        reading[Emotion::Sad.index()] = margin;
        let heads = HeadLogits {
            label: [0.0; Emotion::COUNT],
            reading: Some(reading),
        };
        let target = |index| match index < right {
            true => Emotion::Sad.index(),
            false => Emotion::Neutral.index(),
        };
        ReadSet {
            name: name.into(),
            selected_on: true,
            logits: vec![heads; 100],
            targets: (0..100).map(target).collect(),
            collected: [true; READING_ANSWERS],
            is_voted: true,
            bias: None,
        }
    }

    #[test]
    fn the_prior_is_as_much_of_the_bias_as_serves_the_sets() {
        let mut bias = [0.0; READING_ANSWERS];
        bias[Emotion::Neutral.index()] = 3.0;
        let prior = |sets: &[ReadSet]| fit_reading(sets, &bias, 0.75).unwrap().prior.unwrap();
        let neutral = Emotion::Neutral.index();
        assert_eq!(prior(&[read_set("sad", 1.0, 90)])[neutral], 0.0);
        assert!(prior(&[read_set("calm", 1.0, 10)])[neutral] > 1.0);
    }

    #[test]
    fn a_prior_that_breaks_the_promise_on_a_set_is_not_taken_for_its_mean_accuracy() {
        let mut bias = [0.0; READING_ANSWERS];
        bias[Emotion::Neutral.index()] = 3.0;
        // Without a prior 40, 40 and 65 in 100 are right, with one 60, 60 and 35.
        let sets = [40, 40, 65].map(|right| read_set("set", 1.0, right));
        let neutral = Emotion::Neutral.index();
        let prior = |aim: f64| fit_reading(&sets, &bias, aim).unwrap().prior.unwrap()[neutral];
        assert!(prior(0.3) > 1.0);
        assert_eq!(prior(0.38), 0.0);
    }

    #[test]
    fn the_threshold_keeps_the_promise_on_every_set_and_names_half_of_each() {
        let bias = [0.0; READING_ANSWERS];
        let sets = [read_set("good", 3.0, 95), read_set("fair", 2.0, 60)];
        let fitted = fit_reading(&sets, &bias, 0.75).unwrap();
        // The second set cannot reach the aim: only the required share of its faces is named.
        let claimed: Vec<f64> = fitted.measured.iter().map(|row| row.claimed).collect();
        assert_eq!(claimed, [1.0, 1.0], "{fitted:?}");
        assert!((fitted.measured[0].accuracy_of_claimed - 0.95).abs() < 1e-9);
        let mut mixed = read_set("mixed", 3.0, 95);
        mixed.logits.extend(read_set("unsure", 0.5, 0).logits);
        mixed.targets.extend(read_set("unsure", 0.5, 0).targets);
        let kept = fit_reading(&[mixed], &bias, 0.75).unwrap();
        assert_eq!(kept.measured[0].claimed, 0.5, "{kept:?}");
        assert!(kept.measured[0].accuracy_of_claimed >= 0.75);
        let mut unvoted = read_set("web", 3.0, 95);
        unvoted.is_voted = false;
        assert_eq!(fit_reading(&[unvoted], &bias, 0.75), Err(NoVotes));
        assert_eq!(fitted.fitted_on, "good; fair");
        assert_eq!(fitted.fault(), None);
    }

    #[test]
    fn a_face_at_rest_is_the_mean_of_those_labelled_so() {
        let rows = [sad(0.4), sad(0.8), sad(0.9)];
        let targets = [Emotion::Neutral, Emotion::Neutral, Emotion::Sad];
        let found = neutral(&rows, &targets).unwrap();
        let expected = (0.4f32.ln() + 0.8f32.ln()) / 2.0;
        assert!((found[Emotion::Sad.index()] - expected).abs() < 1e-5);
        assert_eq!(neutral(&rows[2..], &targets[2..]), None);
    }
}
