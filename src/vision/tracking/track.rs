//! Matches the faces of a frame with those of the frames before, so that a number stays with a face
//! and its box and values move smoothly.
//!
//! This is a promise about privacy: a face is followed by *where* it is, by the overlap of boxes
//! and the place of landmarks from one frame to the next, and never by recognizing *who* it is.
//! What is kept of a face is its box, its five points and its values; the first frame more than
//! [`MEMORY_SECONDS`] after it was last seen drops them. Whoever comes back after that is somebody new and gets a new number, as does a
//! face that jumps too far to follow. Somebody else who takes a face's place sooner gets its
//! number, since a place is all that is known.

use std::array;

use super::observation::PLACE;
use super::smooth::Smooth;
use crate::vision::{Landmarks, Rect};

pub use super::observation::Observation;

/// Seconds after which an unseen face is forgotten. Long enough for a failure of the detector or a
/// hand before the face.
pub const MEMORY_SECONDS: f64 = 2.0;

/// Frames in which a face is seen before it gets a number. What a detector takes for a face for a
/// moment gets none.
pub const FRAMES_OF_EVIDENCE: u32 = 2;

/// Half-life of box and landmarks, in seconds: removes the detector's trembling, and stays less
/// than 0.1 s (the half-life over ln 2) behind a steady motion, since a box that lags looks broken.
pub const BOX_HALF_LIFE: f64 = 0.06;

/// Half-life of the values, in seconds: bars stay readable, yet an expression shows within a
/// second.
pub const VALUE_HALF_LIFE: f64 = 0.3;

/// The most faces remembered at once. It bounds time and memory where a detector sees faces in a
/// pattern; those beyond it get a new number in each frame and are not smoothed.
pub const MOST_TRACKS: usize = 64;

/// The longest time between frames that is counted, in seconds; it already ends every track.
const LONGEST_STEP: f64 = 2.0 * MEMORY_SECONDS;

/// A face followed across frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track<const N: usize> {
    /// 1 for the first face, then 2 and so on; faces that are numbered together are so from left to
    /// right. It says nothing about who that is. No number comes twice from one tracker, short
    /// of four billion faces.
    pub number: u32,
    /// The box, smoothed, in pixels of the frame.
    pub rect: Rect,
    /// The five points, smoothed, in pixels of the frame.
    pub landmarks: Landmarks,
    /// The values, smoothed: where all observations' values sum to 1, so do these.
    pub values: [f32; N],
    /// Seconds since this face was first seen.
    pub seconds: f64,
}

/// Follows faces from frame to frame, see the module's documentation.
#[derive(Clone, Debug)]
pub struct Tracker<const N: usize> {
    known: Vec<KnownFace<N>>,
    value_half_life: f64,
    last_number: u32,
    last_time: Option<f64>,
}

impl<const N: usize> Default for Tracker<N> {
    fn default() -> Self {
        Self {
            known: vec![],
            value_half_life: VALUE_HALF_LIFE,
            last_number: 0,
            last_time: None,
        }
    }
}

impl<const N: usize> Tracker<N> {
    /// Creates a tracker that knows no faces.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes all faces of the frame at `now_seconds`, on any clock, and returns a track for each, in
    /// their order; `None` for one that was not seen in [`FRAMES_OF_EVIDENCE`] frames yet. For a frame
    /// without faces, call it with an empty slice. The faces of a first frame, and of one that comes
    /// more than [`MEMORY_SECONDS`] after the one before, are tracked at once: where a video is
    /// paused, no other may come.
    ///
    /// The order of the observations does not affect the numbers. A clock that stands still or goes
    /// backwards (or is NaN) counts as no time passed, and goes on from there. Coordinates that are
    /// not finite are replaced: a box's as [`Rect::new`] does, a landmark's by the box's centre.
    /// Values with such a number among them are left out, see [`Smooth::update`].
    pub fn update(
        &mut self,
        now_seconds: f64,
        observations: &[Observation<N>],
    ) -> Vec<Option<Track<N>>> {
        let evidence = match self.pass_time(now_seconds) {
            true => FRAMES_OF_EVIDENCE,
            false => 1,
        };
        let observations: Vec<_> = observations.iter().map(Observation::sanitized).collect();
        let mut from_left: Vec<usize> = (0..observations.len()).collect();
        from_left.sort_by(|&a, &b| observations[a].cmp_from_left(&observations[b]));

        let mut known_of = self.match_known(&observations, &from_left);
        for index in from_left {
            let is_sure = observations[index].is_sure;
            if known_of[index].is_none() && !is_sure {
                continue;
            }
            let known = *known_of[index].get_or_insert_with(|| {
                let new = KnownFace::new(&observations[index], self.value_half_life);
                self.known.push(new);
                self.known.len() - 1
            });
            let known = &mut self.known[known];
            known.frames = known.frames.saturating_add(u32::from(is_sure));
            if known.number.is_none() && known.frames >= evidence {
                self.last_number = self.last_number.wrapping_add(1).max(1);
                known.number = Some(self.last_number);
            }
        }
        let tracks = observations
            .iter()
            .zip(known_of)
            .map(|(observation, known)| self.known.get_mut(known?)?.see(observation))
            .collect();
        self.forget_the_surplus();
        tracks
    }

    /// Sets the half-life of the values of faces that appear from here on, in seconds, instead of
    /// [`VALUE_HALF_LIFE`]; 0 turns smoothing off.
    pub fn set_value_half_life(&mut self, seconds: f64) {
        self.value_half_life = seconds;
    }

    /// Lets no time pass until the next frame, as after a pause.
    pub fn resume(&mut self) {
        self.last_time = None;
    }

    /// Forgets all faces; the numbers given so far do not come again.
    pub fn forget_everyone(&mut self) {
        self.known.clear();
        self.last_time = None;
    }

    /// Makes all faces older, and forgets those that went unseen for too long. Returns whether the
    /// frame follows on one before.
    fn pass_time(&mut self, now_seconds: f64) -> bool {
        if !now_seconds.is_finite() {
            return self.last_time.is_some();
        }
        let before = self.last_time.replace(now_seconds);
        let step = (now_seconds - before.unwrap_or(now_seconds)).clamp(0.0, LONGEST_STEP);
        for known in &mut self.known {
            known.seconds += step;
            known.unseen_seconds += step;
            known.unseen_frames = known.unseen_frames.saturating_add(1);
        }
        self.known
            .retain(|known| known.unseen_seconds <= MEMORY_SECONDS);
        before.is_some() && step <= MEMORY_SECONDS
    }

    /// Returns for each observation the index of the known face that it is. Faces of the frame
    /// before are matched first, each time the cheapest pair. Equal costs go by age, then from left
    /// to right.
    fn match_known(
        &self,
        observations: &[Observation<N>],
        from_left: &[usize],
    ) -> Vec<Option<usize>> {
        let mut pairs = Vec::new();
        for (known, face) in self.known.iter().enumerate() {
            for &index in from_left {
                if let Some(cost) = face.last.cost(&observations[index]) {
                    pairs.push((face.unseen_frames > 1, cost, known, index));
                }
            }
        }
        // Stable, so that pairs of equal cost stay in the order of the loops.
        pairs.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));

        let mut known_of = vec![None; observations.len()];
        let mut taken = vec![false; self.known.len()];
        for (_, _, known, index) in pairs {
            if !taken[known] && known_of[index].is_none() {
                taken[known] = true;
                known_of[index] = Some(known);
            }
        }
        known_of
    }

    /// Of too many faces, keeps those seen last, and among them those that came first.
    fn forget_the_surplus(&mut self) {
        if self.known.len() > MOST_TRACKS {
            self.known
                .sort_by(|a, b| a.unseen_seconds.total_cmp(&b.unseen_seconds));
            self.known.truncate(MOST_TRACKS);
            self.known
                .sort_by_key(|known| known.number.unwrap_or(u32::MAX));
        }
    }
}

/// What is remembered of a face: where it was last, and its smoothed numbers.
#[derive(Clone, Debug)]
struct KnownFace<const N: usize> {
    /// `None` until it was seen in enough frames.
    number: Option<u32>,
    frames: u32,
    /// As it was observed, since the smoothed box lags behind.
    last: Observation<N>,
    place: Smooth<PLACE>,
    values: Smooth<N>,
    seconds: f64,
    unseen_seconds: f64,
    unseen_frames: u32,
}

impl<const N: usize> KnownFace<N> {
    fn new(first: &Observation<N>, value_half_life: f64) -> Self {
        Self {
            number: None,
            frames: 0,
            last: *first,
            place: Smooth::new(BOX_HALF_LIFE),
            values: Smooth::new(value_half_life),
            seconds: 0.0,
            unseen_seconds: 0.0,
            unseen_frames: 0,
        }
    }

    fn see(&mut self, observation: &Observation<N>) -> Option<Track<N>> {
        self.unseen_frames = 0;
        let passed = std::mem::take(&mut self.unseen_seconds);
        self.last = *observation;
        let [x, y, width, height, points @ ..] = self.place.update(passed, observation.place());
        let values = self.values.update(passed, observation.values);
        Some(Track {
            number: self.number?,
            rect: Rect::new(x, y, width, height),
            landmarks: Landmarks {
                points: array::from_fn(|index| [points[2 * index], points[2 * index + 1]]),
            },
            values,
            seconds: self.seconds,
        })
    }
}

#[cfg(test)]
mod tests;
