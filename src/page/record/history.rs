//! The data of a recording: the readings of every followed face over the time of a camera or a
//! video, in a bounded number of bytes however long it runs.
//!
//! The last minutes are kept as they were measured; older readings are replaced by means over steps
//! that grow with age ([`super::samples`]). A mean is weighted by its number of readings, so that
//! the order of thinning does not change the result. A face that was out of sight leaves a gap,
//! unless the gap is small compared with the step. The summary of the whole recording is counted
//! separately, in [`super::summary`], so that thinning never changes it.

use super::coverage::Coverage;
use super::samples::{Sample, Segment, merge};
use super::summary::{Outcome, Summary};
use crate::emotion::{Probabilities, UNSURE_BELOW, Verdict};

/// Maximum number of samples: enough for four faces at fifteen readings a second, with every
/// reading of the last five minutes and means for four hours.
pub const MAX_SAMPLES: usize = 30_720;
/// Maximum size of a recording's samples in bytes.
pub const MAX_BYTES: usize = MAX_SAMPLES * size_of::<Sample>();
/// Number of the [`MAX_SAMPLES`] that are free after thinning, so that thinning is rare.
const FREE_AFTER_THINNING: usize = MAX_SAMPLES / 4;
/// Maximum number of samples that are added between two thinnings.
const THIN_EVERY: usize = 4096;

/// Maximum number of times that the ages up to which samples stay fine are halved, and the steps
/// doubled, to make the samples fit; after that the oldest samples are dropped.
const MOST_HALVINGS: u32 = 8;

/// Frames further apart than this, in seconds of real time, are not consecutive: the camera was
/// paused, or the video was moved. No face is followed over a longer time.
pub const LONGEST_STEP_SECONDS: f64 = crate::vision::tracking::track::MEMORY_SECONDS;

/// The time of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameTime {
    /// Seconds since the camera started, or the video's own time in seconds.
    pub seconds: f64,
    /// Seconds of the recording that pass in one second of real time: the playback speed of a
    /// video, 1 for a camera.
    pub playback_rate: f64,
}

/// A face in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceObservation {
    /// Number of the face.
    pub face: u32,
    /// Side of a square as large as its box, in sides of one as large as the picture.
    pub size: f32,
    /// Probabilities of the expressions.
    pub probabilities: Probabilities,
    /// The outcome that the page states.
    pub outcome: Outcome,
    /// Whether the reading is compared with the person's neutral face.
    pub compared: bool,
}

/// A recording: samples, summary, and the time that is covered.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// In order of time.
    samples: Vec<Sample>,
    summary: Summary,
    coverage: Coverage,
    /// The previous frame: its time in seconds, and the numbers of the faces in it.
    last: Option<(f64, Vec<u32>)>,
    thin_at: usize,
    /// Number of recorded frames.
    frames: u64,
    unsure_below: Option<f32>,
}

impl History {
    /// Sets the threshold: a mean whose most likely expression has a lower probability is unsure.
    pub fn set_unsure_below(&mut self, unsure_below: f32) {
        self.unsure_below = Some(unsure_below);
    }

    /// Records a frame; frames without faces are recorded too. A moment that was already recorded,
    /// as when a video is wound back, is left out, so that every moment counts once. Returns
    /// whether the frame was recorded.
    pub fn push(&mut self, time: FrameTime, seen: &[FaceObservation]) -> bool {
        let FrameTime {
            seconds,
            playback_rate,
        } = time;
        if !seconds.is_finite() || seconds < 0.0 {
            return false;
        }
        let longest = LONGEST_STEP_SECONDS
            * if playback_rate.is_finite() {
                playback_rate.max(1.0)
            } else {
                1.0
            };
        let before = self.last.take();
        let step = before.as_ref().map(|(at, _)| seconds - at);
        let step = step.filter(|step| *step > 0.0 && *step <= longest);
        if !self.coverage.add(seconds, step) {
            return false;
        }
        let faces_before = match (&before, step) {
            (Some((_, faces)), Some(_)) => faces.as_slice(),
            _ => &[],
        };
        for one in seen {
            self.insert(Sample {
                seconds,
                span_seconds: 0.0,
                face: one.face,
                probabilities: *one.probabilities.as_array(),
                readings: 1,
                judged: u32::from(one.outcome != Outcome::NotJudged),
                follows: faces_before.contains(&one.face),
                compared: one.compared,
            });
        }
        self.summary.push(seconds, step, seen);
        self.frames += 1;
        self.last = Some((seconds, seen.iter().map(|one| one.face).collect()));
        true
    }

    fn insert(&mut self, sample: Sample) {
        if self.samples.len() >= self.thin_at.clamp(THIN_EVERY, MAX_SAMPLES) {
            self.thin();
        }
        if self.samples.len() == self.samples.capacity() {
            let room = THIN_EVERY.min(MAX_SAMPLES - self.samples.len());
            self.samples.reserve_exact(room);
        }
        let is_last = self
            .samples
            .last()
            .is_none_or(|last| last.seconds <= sample.seconds);
        if is_last {
            self.samples.push(sample);
        } else {
            let place = self.first_after(sample.seconds);
            self.samples.insert(place, sample);
        }
    }

    /// Merges old samples, as coarsely as needed to make room.
    fn thin(&mut self) {
        let most = MAX_SAMPLES - FREE_AFTER_THINNING;
        for halvings in 0..=MOST_HALVINGS {
            merge(&mut self.samples, halvings);
            if self.samples.len() <= most {
                break;
            }
        }
        let surplus = self.samples.len().saturating_sub(most);
        self.samples.drain(..surplus);
        self.thin_at = self.samples.len() + THIN_EVERY;
    }

    /// Whether no frame is recorded.
    pub fn is_empty(&self) -> bool {
        self.frames == 0
    }

    /// Returns all samples, in order of time.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Returns the summary of the whole recording.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Takes a face out of the summary, which a person called none. Its samples stay.
    pub fn dismiss(&mut self, face: u32) {
        self.summary.dismiss(face);
    }

    /// Takes the last [`Self::dismiss`] back.
    pub fn undo_dismissal(&mut self) {
        self.summary.undo_dismissal();
    }

    /// Returns the outcome for a sample's mean.
    pub fn outcome(&self, sample: &Sample) -> Outcome {
        match sample.distribution() {
            Some(mean) if sample.is_judged() => {
                let unsure_below = self.unsure_below.unwrap_or(UNSURE_BELOW);
                Outcome::of(Verdict::at(&mean, unsure_below))
            }
            _ => Outcome::NotJudged,
        }
    }

    /// Returns the number of bytes that the samples occupy.
    pub fn bytes(&self) -> usize {
        self.samples.capacity() * size_of::<Sample>()
    }

    /// Returns the first and the last recorded second; `None` if nothing is recorded.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.coverage.range()
    }

    /// Returns the numbers of the faces in the last frame.
    pub fn faces_now(&self) -> &[u32] {
        self.last.as_ref().map_or(&[], |(_, faces)| faces)
    }

    /// Returns the number of the face that the recording is about: of those in the last frame, else of
    /// all, the one with the largest [`FaceTally::presence`](super::summary::FaceTally::presence).
    pub fn main_face(&self) -> Option<u32> {
        let faces = self.summary.faces();
        let largest = |among: &dyn Fn(u32) -> bool| {
            let among = faces.iter().filter(|it| among(it.face));
            // The first of equals.
            let largest = among.rev().max_by(|a, b| a.presence.total_cmp(&b.presence));
            largest.map(|it| it.face)
        };
        largest(&|face| self.faces_now().contains(&face)).or_else(|| largest(&|_| true))
    }

    /// Returns the readings of a face from one second to another, as segments without a gap. If
    /// there are more than about `points` readings, they are averaged down to about that many. The
    /// steps of the averages are fixed in time, so that moving the window does not change them.
    pub fn segments(&self, face: u32, from: f64, until: f64, points: usize) -> Vec<Segment> {
        let step = ((until - from) / points.max(1) as f64).log2().ceil().exp2();
        let mut segments: Vec<Segment> = vec![];
        for sample in self.of_face(face, from, until) {
            let bucket = |at: f64| (at / step).floor();
            match segments.last_mut() {
                Some(segment) if sample.follows => match segment.last_mut() {
                    Some(last) if bucket(last.seconds) == bucket(sample.seconds) => {
                        last.take_in(sample);
                    }
                    _ => segment.push(*sample),
                },
                _ => segments.push(vec![*sample]),
            }
        }
        segments
    }

    /// Returns the sample of a face at a given second; `None` if it was out of sight.
    pub fn at(&self, face: u32, seconds: f64) -> Option<Sample> {
        /// Maximum distance from a reading, in seconds, at which the face still counts as present.
        const NEAR_SECONDS: f64 = 0.25;
        let end = self.first_after(seconds);
        let before = self.samples[..end].iter().rev().find(|it| it.face == face);
        let after = self.samples[end..].iter().find(|it| it.face == face);
        let away_before = before.map(|it| (seconds - it.until_seconds()).max(0.0));
        let away_after = after.map(|it| it.seconds - seconds);
        let is_between = before.is_some() && after.is_some_and(|it| it.follows);
        let reachable = |away: Option<f64>| away.is_some_and(|it| is_between || it <= NEAR_SECONDS);
        let is_before_nearer = away_before <= away_after || away_after.is_none();
        if before.is_some() && is_before_nearer && reachable(away_before) {
            before.copied()
        } else if reachable(away_after) {
            after.copied()
        } else if reachable(away_before) {
            before.copied()
        } else {
            None
        }
    }

    fn of_face(&self, face: u32, from: f64, until: f64) -> impl Iterator<Item = &Sample> {
        // Includes the sample before the first one, so that a line that enters the window is drawn
        // from its edge.
        let start = self.samples[..self.first_after(from)]
            .iter()
            .rposition(|it| it.face == face);
        let start = start.unwrap_or_else(|| self.first_after(from));
        let end = self.first_after(until);
        self.samples[start.min(end)..end]
            .iter()
            .filter(move |it| it.face == face)
    }

    fn first_after(&self, seconds: f64) -> usize {
        self.samples.partition_point(|it| it.seconds <= seconds)
    }
}

#[cfg(test)]
mod tests;
