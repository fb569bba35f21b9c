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
pub const LONGEST_STEP_SECONDS: f64 = crate::vision::tracking::track::SLOW_FRAME_SECONDS;

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
mod tests {
    use super::super::samples::{COARSE_STEP_SECONDS, FULL_RATE_SECONDS};
    use super::*;
    use crate::emotion::Emotion;

    fn happy(face: u32, share: f32) -> FaceObservation {
        let mut weights = [(1.0 - share) / 6.0; Emotion::COUNT];
        weights[Emotion::Happy.index()] = share;
        FaceObservation {
            face,
            probabilities: Probabilities::from_logits(weights.map(f32::ln)),
            outcome: match share {
                named if named > 0.45 => Outcome::LooksLike(Emotion::Happy),
                _ => Outcome::Unsure,
            },
            compared: false,
        }
    }

    fn at(seconds: f64) -> FrameTime {
        FrameTime {
            seconds,
            playback_rate: 1.0,
        }
    }

    /// Records fifteen frames a second, each with the faces that `seen` returns for its time.
    fn recording(seconds: u32, seen: impl Fn(f64) -> Vec<FaceObservation>) -> History {
        let mut history = History::default();
        for frame in 0..15 * seconds {
            let now = f64::from(frame) / 15.0;
            assert!(history.push(at(now), &seen(now)));
            assert!(history.bytes() <= MAX_BYTES);
        }
        history
    }

    fn mean(samples: &[Sample]) -> f64 {
        let weighted = samples
            .iter()
            .map(|it| f64::from(it.probabilities[Emotion::Happy.index()]) * f64::from(it.readings));
        let readings: f64 = samples.iter().map(|it| f64::from(it.readings)).sum();
        weighted.sum::<f64>() / readings
    }

    #[test]
    fn four_hours_fit_and_their_mean_is_that_of_all_readings() {
        let history = recording(4 * 3600, |now| {
            vec![happy(1, 0.3 + 0.5 * (now / 14_400.0) as f32)]
        });
        const { assert!(MAX_BYTES < 2_000_000) };
        assert!(
            history.samples().len() < 12_000,
            "{}",
            history.samples().len()
        );
        let readings: u64 = history
            .samples()
            .iter()
            .map(|it| u64::from(it.readings))
            .sum();
        assert_eq!(readings, 4 * 3600 * 15, "every reading is in some mean");
        let exact = history.summary().total.means().unwrap()[Emotion::Happy.index()];
        assert!((exact - 0.55).abs() < 1e-4, "{exact}");
        assert!((mean(history.samples()) - exact).abs() < 1e-4);
        let until = history.range().unwrap().1;
        for sample in history.samples() {
            assert_eq!(sample.face, 1);
            let age = until - sample.until_seconds();
            if age < FULL_RATE_SECONDS {
                assert_eq!(sample.readings, 1, "{age} s old");
            }
            assert!(
                f64::from(sample.span_seconds) <= COARSE_STEP_SECONDS,
                "{sample:?}"
            );
        }
        let one = history.segments(1, 0.0, until, 300);
        assert_eq!(one.len(), 1, "no gap where there was none");
        assert!(one[0].len() <= 301);
    }

    #[test]
    fn a_crowd_that_comes_and_goes_stays_within_the_bytes() {
        // Forty faces, all of them new every two seconds.
        let history = recording(600, |now| {
            let first = 40 * (now / 2.0) as u32;
            (first..first + 40)
                .map(|face| happy(face + 1, 0.6))
                .collect()
        });
        assert!(history.samples().len() <= MAX_SAMPLES);
        assert_eq!(history.summary().total.readings, 600 * 15 * 40);
        assert_eq!(history.summary().face_count, 300 * 40);
        assert!(
            history
                .samples()
                .windows(2)
                .all(|pair| pair[0].seconds <= pair[1].seconds)
        );
    }

    #[test]
    fn thinning_changes_no_word_of_the_summary() {
        let seen = |now: f64| match (now / 7.0) as u32 % 3 {
            0 => vec![happy(1, 0.9)],
            1 => vec![happy(1, 0.2), happy(2, 0.8)],
            _ => vec![],
        };
        let history = recording(3000, seen);
        assert!(
            history.samples().iter().any(|it| it.readings > 1),
            "it was thinned"
        );
        let mut counted = Summary::default();
        for frame in 0..15 * 3000 {
            let now = f64::from(frame) / 15.0;
            let step = (frame > 0).then(|| now - f64::from(frame - 1) / 15.0);
            counted.push(now, step, &seen(now));
        }
        assert_eq!(history.summary().total, counted.total);
        assert_eq!(history.summary().faces(), counted.faces());
        assert_eq!(history.summary().recorded_seconds, counted.recorded_seconds);
    }

    #[test]
    fn what_is_compared_with_a_neutral_face_is_in_no_mean_with_what_is_not() {
        let history = recording(2000, |now| {
            vec![FaceObservation {
                compared: now % 1.0 >= 0.5,
                ..happy(1, if now % 1.0 >= 0.5 { 0.9 } else { 0.3 })
            }]
        });
        assert!(history.samples().iter().any(|it| it.readings > 1));
        for sample in history.samples() {
            let share = sample.probabilities[Emotion::Happy.index()];
            let expected = if sample.compared { 0.9 } else { 0.3 };
            assert!((share - expected).abs() < 1e-5, "{sample:?}");
        }
    }

    #[test]
    fn gaps_stay_gaps_in_every_age() {
        // Of every forty seconds the face is away for fifteen.
        let history = recording(4000, |now| match now % 40.0 {
            away if away >= 25.0 => vec![],
            _ => vec![happy(1, 0.7)],
        });
        let segments = history.segments(1, 0.0, 4000.0, 100_000);
        assert_eq!(segments.len(), 100);
        for (index, segment) in segments.iter().enumerate() {
            let (first, last) = (segment[0].seconds, segment.last().unwrap().until_seconds());
            assert!((first - 40.0 * index as f64).abs() < 0.1, "{first}");
            assert!((24.5..25.0).contains(&(last - first)), "{first} to {last}");
        }
        assert_eq!(history.at(1, 4000.0 - 10.0), None, "away");
        assert_eq!(history.at(1, 32.0), None, "away long ago");
        assert!(history.at(1, 12.0).is_some());
        assert!(history.at(1, 3970.0).is_some_and(|it| it.readings == 1));
        assert_eq!(history.at(2, 3970.0), None);
    }

    #[test]
    fn a_pause_is_a_gap_and_no_time() {
        let mut history = History::default();
        for seconds in [0.0, 0.5, 1.0, 61.0, 61.5] {
            assert!(history.push(at(seconds), &[happy(1, 0.8)]));
        }
        assert_eq!(history.segments(1, 0.0, 62.0, 100).len(), 2);
        assert_eq!(history.summary().recorded_seconds, 1.5);
        assert_eq!(history.summary().face_count, 1);
        let fast = FrameTime {
            seconds: 67.5,
            playback_rate: 4.0,
        };
        assert!(history.push(fast, &[happy(1, 0.8)]));
        assert_eq!(
            history.summary().recorded_seconds,
            7.5,
            "six seconds of a fast video"
        );
    }

    #[test]
    fn what_is_played_again_is_not_recorded_again() {
        let mut history = History::default();
        let mut play = |from: u32, until: u32| -> usize {
            let frames = (4 * from..4 * until).map(|quarter| f64::from(quarter) / 4.0);
            frames
                .filter(|now| history.push(at(*now), &[happy(1, 0.8)]))
                .count()
        };
        assert_eq!(play(0, 10), 40);
        assert_eq!(play(5, 10), 0, "wound back");
        assert_eq!(play(20, 25), 20, "skipped ahead");
        assert_eq!(play(10, 25), 40, "the skipped part, then what is known");
        assert_eq!(history.summary().total.readings, 100);
        assert_eq!(history.summary().recorded_seconds, 9.75 + 4.75 + 9.75);
        assert!(!history.push(at(f64::NAN), &[]));
        assert!(!history.push(at(-1.0), &[]));
    }

    #[test]
    fn segments_average_and_keep_their_ends() {
        let mut history = History::default();
        for (frame, share) in [0.2, 0.4, 0.6, 0.8].into_iter().enumerate() {
            history.push(at(0.25 * frame as f64), &[happy(3, share)]);
        }
        let segments = history.segments(3, 0.0, 1.0, 2);
        let shares: Vec<f32> = segments[0].iter().map(|it| it.probabilities[3]).collect();
        assert_eq!(segments.len(), 1);
        assert!(
            (shares[0] - 0.3).abs() < 1e-6 && (shares[1] - 0.7).abs() < 1e-6,
            "{shares:?}"
        );
        assert!(history.segments(4, 0.0, 1.0, 2).is_empty());
        assert!((history.at(3, 0.3).unwrap().probabilities[3] - 0.4).abs() < 1e-6);
        assert_eq!(history.faces_now(), [3]);
    }
}
