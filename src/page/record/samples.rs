//! Samples of a recording, and how old ones are merged into means.

use std::collections::HashMap;

use crate::emotion::Probabilities;

/// Age in seconds up to which every reading is kept as measured.
pub const FULL_RATE_SECONDS: f64 = 300.0;
/// Age in seconds up to which readings are merged over [`FINE_STEP_SECONDS`].
pub const FINE_SECONDS: f64 = 1800.0;
/// Step in seconds of samples older than [`FULL_RATE_SECONDS`].
pub const FINE_STEP_SECONDS: f64 = 1.0;
/// Step in seconds of samples older than [`FINE_SECONDS`].
pub const COARSE_STEP_SECONDS: f64 = 10.0;

/// One reading of one face, or the mean of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Time of its first reading, in seconds of the recording.
    pub seconds: f64,
    /// Seconds from its first to its last reading; 0 for a single one.
    pub span_seconds: f32,
    /// Number of the face.
    pub face: u32,
    /// Mean probabilities of the readings.
    pub probabilities: [f32; Probabilities::COUNT],
    /// Number of readings that it is the mean of.
    pub readings: u32,
    /// Number of those readings whose picture was good enough to name an expression.
    pub judged: u32,
    /// Whether the face was also in the previous frame. If not, a gap ends here.
    pub follows: bool,
    /// Whether the readings are compared with the person's neutral face. Compared and other
    /// readings are never merged into one mean.
    pub compared: bool,
}

impl Sample {
    /// Returns the time of its last reading, in seconds.
    pub fn until_seconds(&self) -> f64 {
        self.seconds + f64::from(self.span_seconds)
    }

    /// Returns the middle of its time span, in seconds.
    pub fn middle_seconds(&self) -> f64 {
        self.seconds + f64::from(self.span_seconds) / 2.0
    }

    /// Returns the mean as a distribution; `None` if it cannot be normalized.
    pub fn distribution(&self) -> Option<Probabilities> {
        Probabilities::normalized(self.probabilities)
    }

    /// Whether at least half of its readings could be judged.
    pub fn is_judged(&self) -> bool {
        2 * self.judged >= self.readings
    }

    /// Merges a later sample of the same face into this one.
    pub(super) fn take_in(&mut self, later: &Self) {
        let (here, there) = (f64::from(self.readings), f64::from(later.readings));
        for (mean, other) in self.probabilities.iter_mut().zip(later.probabilities) {
            *mean = ((f64::from(*mean) * here + f64::from(other) * there) / (here + there)) as f32;
        }
        self.span_seconds = (later.until_seconds() - self.seconds) as f32;
        self.readings += later.readings;
        self.judged += later.judged;
    }
}

/// Consecutive samples of one face, without a gap.
pub type Segment = Vec<Sample>;

/// Returns the step in seconds of samples at an age in seconds, after this number of halvings;
/// `None` if every reading is kept.
fn step_seconds(age: f64, halvings: u32) -> Option<f64> {
    let times = f64::from(1u32 << halvings);
    if age <= FULL_RATE_SECONDS / times {
        None
    } else if age <= FINE_SECONDS / times {
        Some(FINE_STEP_SECONDS * times)
    } else {
        Some(COARSE_STEP_SECONDS * times)
    }
}

/// Merges the samples of each face that lie in the same step.
pub(super) fn merge(samples: &mut Vec<Sample>, halvings: u32) {
    let Some(newest) = samples.last().map(Sample::until_seconds) else {
        return;
    };
    // Index of each face's last sample among the merged samples.
    let mut place_of: HashMap<u32, usize> = HashMap::new();
    let mut kept = 0;
    for index in 0..samples.len() {
        let sample = samples[index];
        let step = step_seconds(newest - sample.until_seconds(), halvings);
        if let (Some(step), Some(&place)) = (step, place_of.get(&sample.face)) {
            let last = &mut samples[place];
            let is_same_step = (last.seconds / step).floor() == (sample.seconds / step).floor();
            let is_gap = !sample.follows && sample.seconds - last.until_seconds() > step / 4.0;
            if is_same_step && !is_gap && last.compared == sample.compared {
                last.take_in(&sample);
                continue;
            }
        }
        samples[kept] = sample;
        place_of.insert(sample.face, kept);
        kept += 1;
    }
    samples.truncate(kept);
}
