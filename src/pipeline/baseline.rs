//! A person's face at rest, and readings compared with it.
//!
//! Some faces at rest look sad or angry to the network. Once a person has shown theirs, a reading
//! `p` is weighed anew, for each expression `i`:
//!
//! ```text
//! p'[i] ∝ p[i] · exp(clamp(r[i] − b[i], ±ln 8))
//! ```
//!
//! `b` are the mean logarithms of the probabilities of this face at rest, and `r` those of the
//! faces that FER2013's PublicTest calls neutral ([`crate::spec::Calibration::neutral`]): the
//! resting face itself then reads as neutral faces do, and changes from rest keep their direction.
//! It is a constant added to each logit, so it does not know how this person's smile differs from
//! others', and holds for the light and the pose in which it was taken. On the 102
//! smiles of the London set it did not help: 68 were read as happy without it and 64 with it (`moue
//! evaluate --groups`). It was not measured on people who look sad or angry at rest. No factor is
//! larger than eight, so that three bad seconds cannot silence an expression.

use crate::emotion::{Emotion, Probabilities};

/// The largest factor between two readings, as a logarithm.
const MOST: f32 = 2.079_441_5;
/// Smaller probabilities count as this where logarithms are taken.
const LEAST_PROBABILITY: f32 = 1e-6;
/// How long a face is watched, in seconds.
pub const WATCH_SECONDS: f64 = 3.0;
/// The least readings in that time that are enough.
const LEAST_READINGS: u32 = 5;
/// How long the face may be out of sight, or too poorly seen, in seconds.
const PATIENCE_SECONDS: f64 = 1.0;

/// A person's face at rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Added to a reading's logarithms.
    shift: [f32; Emotion::COUNT],
}

impl Baseline {
    /// Creates a baseline from the mean logarithms of a face at rest and of neutral faces.
    pub fn new(at_rest: &[f32; Emotion::COUNT], neutral: &[f32; Emotion::COUNT]) -> Self {
        let shift = std::array::from_fn(|index| {
            let shift = neutral[index] - at_rest[index];
            if shift.is_finite() {
                shift.clamp(-MOST, MOST)
            } else {
                0.0
            }
        });
        Self { shift }
    }

    /// Returns a reading of the same face, compared with it at rest.
    #[must_use]
    pub fn compare(&self, reading: &Probabilities) -> Probabilities {
        let mut logits = logarithms(reading);
        for (logit, shift) in logits.iter_mut().zip(self.shift) {
            *logit += shift;
        }
        Probabilities::with_other(logits, reading.other().ln())
    }
}

/// The readings of a face that is being watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    started_seconds: Option<f64>,
    last_seconds: f64,
    sums: [f64; Emotion::COUNT],
    readings: u32,
}

/// Progress of a watch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WatchProgress {
    /// The face is watched for this many more seconds.
    Watching(f64),
    /// The watch is over: the mean logarithms of the face's probabilities.
    Done([f32; Emotion::COUNT]),
    /// The face was not seen well enough.
    Lost,
}

impl Watch {
    /// Creates a watch that starts with its first frame.
    pub fn new() -> Self {
        Self {
            started_seconds: None,
            last_seconds: 0.0,
            sums: [0.0; Emotion::COUNT],
            readings: 0,
        }
    }

    /// Adds a frame at `seconds` on any clock: the reading of the face, or `None` where it is not
    /// seen well enough.
    pub fn see(&mut self, seconds: f64, reading: Option<&Probabilities>) -> WatchProgress {
        let started = *self.started_seconds.get_or_insert(seconds);
        self.last_seconds = self.last_seconds.max(started);
        match reading {
            Some(reading) => {
                self.last_seconds = seconds;
                self.readings += 1;
                for (sum, value) in self.sums.iter_mut().zip(logarithms(reading)) {
                    *sum += f64::from(value);
                }
            }
            None if seconds - self.last_seconds > PATIENCE_SECONDS => return WatchProgress::Lost,
            None => (),
        }
        let left = WATCH_SECONDS - (seconds - started);
        if left > 0.0 {
            WatchProgress::Watching(left)
        } else if self.readings < LEAST_READINGS {
            WatchProgress::Lost
        } else {
            let count = f64::from(self.readings);
            WatchProgress::Done(self.sums.map(|sum| (sum / count) as f32))
        }
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the logarithms of a reading's probabilities, as a face at rest is averaged.
pub(crate) fn logarithms(reading: &Probabilities) -> [f32; Emotion::COUNT] {
    reading.logarithms(LEAST_PROBABILITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(weights: [f32; Emotion::COUNT]) -> Probabilities {
        Probabilities::from_logits(weights.map(f32::ln))
    }

    const NEUTRAL: [f32; Emotion::COUNT] = [0.05, 0.01, 0.05, 0.05, 0.14, 0.05, 0.65];
    const RESTING: [f32; Emotion::COUNT] = [0.1, 0.02, 0.05, 0.02, 0.5, 0.01, 0.3];

    fn baseline() -> Baseline {
        let [at_rest, neutral] = [RESTING, NEUTRAL].map(|it| logarithms(&reading(it)));
        Baseline::new(&at_rest, &neutral)
    }

    #[test]
    fn a_face_at_rest_that_looks_sad_reads_as_neutral_and_a_smile_stays_one() {
        let compared = baseline().compare(&reading(RESTING));
        for (found, expected) in compared.as_array().iter().zip(NEUTRAL) {
            assert!((found - expected).abs() < 1e-4, "{compared:?}");
        }
        let smile = reading([0.02, 0.01, 0.02, 0.8, 0.1, 0.02, 0.03]);
        assert_eq!(baseline().compare(&smile).top().0, Emotion::Happy);
    }

    #[test]
    fn whoever_rests_as_others_do_is_read_as_before() {
        let neutral = logarithms(&reading(NEUTRAL));
        let same = Baseline::new(&neutral, &neutral);
        let sad = reading(RESTING);
        for (found, before) in same.compare(&sad).as_array().iter().zip(sad.as_array()) {
            assert!((found - before).abs() < 1e-6);
        }
    }

    #[test]
    fn no_factor_is_larger_than_eight() {
        let extreme = Baseline::new(&[-30.0, 0.0, 0.0, f32::NAN, 0.0, 0.0, 0.0], &[0.0; 7]);
        assert!((extreme.shift[0] - 8f32.ln()).abs() < 1e-6);
        assert_eq!(extreme.shift[3], 0.0);
    }

    #[test]
    fn three_seconds_are_watched_and_their_mean_is_kept() {
        let mut watch = Watch::new();
        let seen = reading(RESTING);
        for frame in 0..30 {
            let seconds = 100.0 + 0.1 * f64::from(frame);
            assert!(matches!(
                watch.see(seconds, Some(&seen)),
                WatchProgress::Watching(_)
            ));
        }
        let WatchProgress::Done(mean) = watch.see(103.0, Some(&seen)) else {
            panic!("not done")
        };
        for (found, expected) in mean.iter().zip(logarithms(&seen)) {
            assert!((found - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn a_face_that_leaves_is_lost_and_a_blink_is_not() {
        let seen = reading(NEUTRAL);
        let mut watch = Watch::new();
        assert!(matches!(
            watch.see(5.0, Some(&seen)),
            WatchProgress::Watching(_)
        ));
        assert!(matches!(watch.see(5.8, None), WatchProgress::Watching(_)));
        assert!(matches!(
            watch.see(5.9, Some(&seen)),
            WatchProgress::Watching(_)
        ));
        assert_eq!(watch.see(7.0, None), WatchProgress::Lost);
        let mut never = Watch::new();
        assert!(matches!(never.see(5.0, None), WatchProgress::Watching(_)));
        assert_eq!(never.see(6.5, None), WatchProgress::Lost);
        let mut slow = Watch::new();
        let _ = slow.see(5.0, Some(&seen));
        assert_eq!(slow.see(8.5, Some(&seen)), WatchProgress::Lost);
    }
}
