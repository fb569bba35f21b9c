//! Samples of a recording, and how they become means as they get older.

use std::collections::HashMap;

use crate::emotion::Probabilities;

/// As measured, up to this age, in seconds.
pub const FULL_RATE_SECONDS: f64 = 300.0;
/// Means over [`FINE_STEP_SECONDS`] up to this age, in seconds.
pub const FINE_SECONDS: f64 = 1800.0;
/// The step of what is older than [`FULL_RATE_SECONDS`].
pub const FINE_STEP_SECONDS: f64 = 1.0;
/// The step of what is older than [`FINE_SECONDS`].
pub const COARSE_STEP_SECONDS: f64 = 10.0;

/// One reading of one face, or the mean of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// When the first reading in it was taken.
    pub seconds: f64,
    /// From the first reading to the last one in it; 0 for a single one.
    pub span_seconds: f32,
    /// The face's number.
    pub face: u32,
    /// The mean of the readings.
    pub probabilities: [f32; Probabilities::COUNT],
    /// How many readings it is the mean of.
    pub readings: u32,
    /// Of them, those whose picture was good enough to name an expression.
    pub judged: u32,
    /// Whether the face was in the frame before too. Where it was not, a gap ends here.
    pub follows: bool,
    /// Whether the readings are compared with the person's neutral face. What is and what is not
    /// becomes no common mean.
    pub compared: bool,
}

impl Sample {
    /// When the last reading in it was taken.
    pub fn until_seconds(&self) -> f64 {
        self.seconds + f64::from(self.span_seconds)
    }

    /// The middle of its time.
    pub fn middle_seconds(&self) -> f64 {
        self.seconds + f64::from(self.span_seconds) / 2.0
    }

    /// The mean as a distribution.
    pub fn distribution(&self) -> Option<Probabilities> {
        Probabilities::normalized(self.probabilities)
    }

    /// Whether at least half of its readings could be judged.
    pub fn is_judged(&self) -> bool {
        2 * self.judged >= self.readings
    }

    /// Takes a later sample of the same face in.
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

/// Readings in a row of one face, without a gap.
pub type Segment = Vec<Sample>;

/// The step of means at an age in seconds, after so many halvings; `None` where every reading is
/// kept.
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

/// Merges the samples of a face that lie in the same step of their age.
pub(super) fn merge(samples: &mut Vec<Sample>, halvings: u32) {
    let Some(newest) = samples.last().map(Sample::until_seconds) else {
        return;
    };
    // Where in the merged samples a face's last one is.
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
