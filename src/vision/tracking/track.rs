//! Matches the faces of a frame with those of the frames before, so that a number stays with a face
//! and its box and values move smoothly.
//!
//! This is a promise about privacy: a face is followed by *where* it is, by the overlap of boxes
//! and the place of landmarks from one frame to the next, and never by recognizing *who* it is.
//! What is kept of a face is its box, its five points and its values; the first frame more than
//! [`MEMORY_SECONDS`] after it was last seen drops them, or [`SLOW_FRAME_SECONDS`] where it was in
//! the frame before. Whoever comes back after that is somebody new and gets a new number, as does a
//! face that jumps too far to follow. Somebody else who takes a face's place sooner gets its
//! number, since a place is all that is known.

use std::array;

use super::observation::PLACE;
use super::smooth::Smooth;
use crate::vision::{Landmarks, Rect};

pub use super::observation::Observation;

/// Seconds after which an unseen face is forgotten. Long enough for a short failure of the detector
/// or a hand before the face, too short to walk out and in again.
pub const MEMORY_SECONDS: f64 = 0.5;

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
const LONGEST_STEP: f64 = 2.0 * SLOW_FRAME_SECONDS;

/// Seconds for which a face of the frame before is remembered, so that an engine that takes most of
/// a second for a frame still follows it.
pub const SLOW_FRAME_SECONDS: f64 = 2.0;

/// A face followed across frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track<const N: usize> {
    /// 1 for the first face, then 2 and so on; faces that appear together are numbered from left
    /// to right. It says nothing about who that is. No number comes twice from one tracker, short
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

    /// Takes all faces of the frame at `now_seconds`, on any clock, and returns a track for each,
    /// in their order. For a frame without faces, call it with an empty slice.
    ///
    /// The order of the observations does not affect the numbers. A clock that stands still or goes
    /// backwards (or is NaN) counts as no time passed, and goes on from there. Coordinates that are
    /// not finite are replaced: a box's as [`Rect::new`] does, a landmark's by the box's centre.
    /// Values with such a number among them are left out, see [`Smooth::update`].
    pub fn update(&mut self, now_seconds: f64, observations: &[Observation<N>]) -> Vec<Track<N>> {
        self.pass_time(now_seconds);
        let observations: Vec<_> = observations.iter().map(Observation::sanitized).collect();
        let mut from_left: Vec<usize> = (0..observations.len()).collect();
        from_left.sort_by(|&a, &b| observations[a].cmp_from_left(&observations[b]));

        let mut known_of = self.match_known(&observations, &from_left);
        for index in from_left {
            if known_of[index].is_none() {
                known_of[index] = Some(self.known.len());
                self.last_number = self.last_number.wrapping_add(1).max(1);
                self.known.push(KnownFace::new(
                    self.last_number,
                    &observations[index],
                    self.value_half_life,
                ));
            }
        }
        let tracks = observations
            .iter()
            .zip(known_of)
            .filter_map(|(observation, known)| Some(self.known.get_mut(known?)?.see(observation)))
            .collect();
        self.forget_the_surplus();
        tracks
    }

    /// Sets the half-life of the values of faces that appear from here on, in seconds, instead of
    /// [`VALUE_HALF_LIFE`]; 0 turns smoothing off.
    pub fn set_value_half_life(&mut self, seconds: f64) {
        self.value_half_life = seconds;
    }

    /// Forgets all faces; the numbers given so far do not come again.
    pub fn forget_everyone(&mut self) {
        self.known.clear();
        self.last_time = None;
    }

    /// Makes all faces older, and forgets those that went unseen for too long.
    fn pass_time(&mut self, now_seconds: f64) {
        if !now_seconds.is_finite() {
            return;
        }
        let before = self.last_time.replace(now_seconds).unwrap_or(now_seconds);
        let step = (now_seconds - before).clamp(0.0, LONGEST_STEP);
        for known in &mut self.known {
            known.seconds += step;
            known.unseen_seconds += step;
            known.unseen_frames = known.unseen_frames.saturating_add(1);
        }
        self.known
            .retain(|known| known.unseen_seconds <= known.memory_seconds());
    }

    /// Returns for each observation the index of the known face that it is. Faces of the frame
    /// before are matched first, each time the cheapest pair. Equal costs go by number, then from
    /// left to right.
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
            self.known.sort_by_key(|known| known.number);
        }
    }
}

/// What is remembered of a face: where it was last, and its smoothed numbers.
#[derive(Clone, Debug)]
struct KnownFace<const N: usize> {
    number: u32,
    /// As it was observed, since the smoothed box lags behind.
    last: Observation<N>,
    place: Smooth<PLACE>,
    values: Smooth<N>,
    seconds: f64,
    unseen_seconds: f64,
    unseen_frames: u32,
}

impl<const N: usize> KnownFace<N> {
    fn new(number: u32, first: &Observation<N>, value_half_life: f64) -> Self {
        Self {
            number,
            last: *first,
            place: Smooth::new(BOX_HALF_LIFE),
            values: Smooth::new(value_half_life),
            seconds: 0.0,
            unseen_seconds: 0.0,
            unseen_frames: 0,
        }
    }

    fn memory_seconds(&self) -> f64 {
        if self.unseen_frames > 1 {
            MEMORY_SECONDS
        } else {
            SLOW_FRAME_SECONDS
        }
    }

    fn see(&mut self, observation: &Observation<N>) -> Track<N> {
        self.unseen_frames = 0;
        let passed = std::mem::take(&mut self.unseen_seconds);
        self.last = *observation;
        let [x, y, width, height, points @ ..] = self.place.update(passed, observation.place());
        Track {
            number: self.number,
            rect: Rect::new(x, y, width, height),
            landmarks: Landmarks {
                points: array::from_fn(|index| [points[2 * index], points[2 * index + 1]]),
            },
            values: self.values.update(passed, observation.values),
            seconds: self.seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Returns a face of this side about a centre, its head tilted by about this many radians.
    fn face(x: f32, y: f32, side: f32, tilt: f32) -> Observation<7> {
        let right = [-0.2, 0.2, 0.0, -0.15, 0.15];
        let down = [-0.15, -0.15, 0.05, 0.25, 0.25];
        let points = array::from_fn(|index| {
            let (dx, dy) = (right[index], down[index]);
            [x + side * (dx - tilt * dy), y + side * (dy + tilt * dx)]
        });
        Observation {
            rect: Rect::from_centre(x, y, side, side),
            landmarks: Landmarks { points },
            values: [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        }
    }

    fn numbers(tracks: &[Track<7>]) -> Vec<u32> {
        tracks.iter().map(|track| track.number).collect()
    }

    /// The generator of Knuth's MMIX, its upper bits.
    struct Lcg(u64);

    impl Lcg {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
            self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % end
        }

        fn unit(&mut self) -> f32 {
            self.below(1 << 20) as f32 / (1 << 20) as f32
        }
    }

    #[test]
    fn no_input_panics_or_gives_a_broken_number() {
        let odd = [f32::NAN, f32::INFINITY, -f32::INFINITY];
        let odd = [odd, [f32::MAX, -1.0, 0.0], [f32::MIN, -1e-40, 1e9]];
        let mut lcg = Lcg(1);
        let mut tracker = Tracker::new();
        for round in 0..2000 {
            let count = if round % 50 == 0 { 90 } else { lcg.below(6) };
            let mut number = || match lcg.below(3) {
                0 => odd[lcg.below(3)][lcg.below(3)],
                _ => lcg.unit() * 300.0,
            };
            let frame: Vec<_> = (0..count)
                .map(|_| {
                    let mut face = face(number(), number(), number(), 0.1);
                    (face.rect.x, face.rect.width) = (number(), number());
                    face.landmarks.points[0] = [number(), number()];
                    face.values[0] = number();
                    face
                })
                .collect();
            let now = match lcg.below(4) {
                0 => [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, -3.0][lcg.below(5)],
                _ => f64::from(round) / 30.0,
            };
            let tracks = tracker.update(now, &frame);
            assert_eq!(tracks.len(), frame.len());
            assert!(tracker.known.len() <= MOST_TRACKS);
            for track in &tracks {
                assert!(track.rect == track.rect.sanitized(), "{track:?}");
                let points = track.landmarks.points.as_flattened();
                let mut numbers = points.iter().chain(&track.values);
                assert!(numbers.all(|number| number.is_finite()), "{track:?}");
                assert!(track.seconds.is_finite() && track.seconds >= 0.0);
            }
            let unique: HashSet<u32> = numbers(&tracks).into_iter().collect();
            assert!(unique.len() == tracks.len() && !unique.contains(&0));
        }
    }

    #[test]
    fn a_face_with_a_broken_landmark_is_followed_all_the_same() {
        let mut broken = face(50.0, 50.0, 40.0, 0.0);
        broken.landmarks.points[2] = [f32::NAN, f32::INFINITY];
        let mut tracker = Tracker::new();
        for time in [0.0, 0.1] {
            let track = tracker.update(time, &[broken])[0];
            assert_eq!((track.number, track.rect), (1, broken.rect));
            assert_eq!(track.landmarks.points[2], [50.0, 50.0]);
        }
    }

    #[test]
    fn the_order_of_observations_changes_nothing() {
        let mut lcg = Lcg(2);
        let (mut one, mut other) = (Tracker::new(), Tracker::new());
        let mut oldest = 0.0f64;
        for round in 0..500 {
            // Crowded enough for faces to compete for a track.
            let frame: Vec<_> = (0..lcg.below(80))
                .map(|_| {
                    let (x, y) = (lcg.unit() * 200.0, lcg.unit() * 200.0);
                    face(x, y, 20.0 + lcg.unit() * 20.0, lcg.unit())
                })
                .collect();
            let mut order: Vec<usize> = (0..frame.len()).collect();
            for last in (1..order.len()).rev() {
                order.swap(last, lcg.below(last + 1));
            }
            let shuffled: Vec<_> = order.iter().map(|&index| frame[index]).collect();
            let now = f64::from(round) / 30.0;
            let tracks = one.update(now, &frame);
            let expected: Vec<_> = order.iter().map(|&index| tracks[index]).collect();
            assert_eq!(other.update(now, &shuffled), expected);
            oldest = tracks
                .iter()
                .fold(oldest, |oldest, t| oldest.max(t.seconds));
        }
        assert!(oldest > 0.2, "nobody was followed: {oldest}");
    }

    #[test]
    fn faces_that_cross_are_told_apart_by_their_landmarks() {
        let mut tracker = Tracker::new();
        for step in 0..=40u8 {
            let x = 120.0 - 6.0 * f32::from(step);
            let to_left = face(x, 0.0, 100.0, 0.3);
            let to_right = face(-x, 0.0, 100.0, -0.3);
            let tracks = tracker.update(f64::from(step) / 30.0, &[to_left, to_right]);
            assert_eq!(numbers(&tracks), [2, 1], "step {step}");
        }
    }

    #[test]
    fn a_face_keeps_its_number_through_a_short_gap_alone() {
        for frames_between in [false, true] {
            let mut tracker = Tracker::new();
            let here = [face(50.0, 50.0, 40.0, 0.0)];
            assert_eq!(numbers(&tracker.update(0.0, &here)), [1]);
            let mut gap = |from: f64, seconds: f64| {
                for tenth in 1..10 {
                    if frames_between {
                        tracker.update(from + seconds * f64::from(tenth) / 10.0, &[]);
                    }
                }
                tracker.update(from + seconds, &here)[0]
            };
            let back = gap(0.0, 0.4);
            assert!(back.number == 1 && (back.seconds - 0.4).abs() < 1e-9);
            // Where no frame came in between, the engine is only slow.
            let after = gap(0.4, 0.6);
            assert_eq!(after.number, if frames_between { 2 } else { 1 });
            assert_eq!(gap(1.0, 1e9).number, after.number + 1);
        }
    }

    #[test]
    fn a_jump_too_far_is_somebody_new() {
        let moved_by = |sides: f32| {
            let mut tracker = Tracker::new();
            tracker.update(0.0, &[face(0.0, 0.0, 40.0, 0.0)]);
            tracker.update(0.1, &[face(40.0 * sides, 0.0, 40.0, 0.0)])[0].number
        };
        assert_eq!((moved_by(0.5), moved_by(0.55)), (1, 2));
    }

    #[test]
    fn smoothing_is_the_same_at_any_frame_rate() {
        let after_one_second = |rate: u32| {
            let mut tracker = Tracker::new();
            tracker.update(0.0, &[face(50.0, 50.0, 40.0, 0.0)]);
            let mut moved = face(60.0, 50.0, 40.0, 0.0);
            moved.values.rotate_right(1);
            for frame in 1..rate {
                tracker.update(f64::from(frame) / f64::from(rate), &[moved]);
            }
            tracker.update(1.0, &[moved])[0]
        };
        let (slow, fast) = (after_one_second(10), after_one_second(60));
        let way = 1.0 - 0.5f32.powf(1.0 / VALUE_HALF_LIFE as f32);
        for track in [slow, fast] {
            assert!((track.values[1] / way - 1.0).abs() < 0.01, "{track:?}");
            assert!((track.rect.x - 40.0).abs() < 0.1, "{track:?}");
            assert!((track.seconds - 1.0).abs() < 1e-9);
        }
        assert!((slow.rect.x / fast.rect.x - 1.0).abs() < 0.01);
    }

    #[test]
    fn probabilities_keep_their_sum() {
        let mut lcg = Lcg(3);
        let mut tracker = Tracker::new();
        let mut seen = face(50.0, 50.0, 40.0, 0.0);
        for round in 0..3000 {
            let drawn = [(); 7].map(|()| lcg.unit().powi(4));
            let sum: f32 = drawn.iter().sum();
            seen.values = drawn.map(|value| value / sum);
            let track = tracker.update(f64::from(round) * 0.02, &[seen])[0];
            assert_eq!(track.number, 1);
            assert!((track.values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(round == 0 || track.values != seen.values, "not smoothed");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_goes_on_from_there() {
        let mut tracker = Tracker::new();
        let here = [face(50.0, 50.0, 40.0, 0.0)];
        let mut at = |now| tracker.update(now, &here)[0];
        at(100.0);
        for now in [100.0, f64::NAN, 7.0, 7.0] {
            let track = at(now);
            assert_eq!((track.number, track.seconds), (1, 0.0), "{now}");
        }
        assert_eq!((at(7.25).number, at(7.5).seconds), (1, 0.5));
    }

    #[test]
    fn of_too_many_faces_the_first_are_remembered() {
        let crowd: Vec<_> = (0..70u8)
            .map(|index| face(f32::from(index) * 50.0, 0.0, 40.0, 0.0))
            .collect();
        let mut tracker = Tracker::new();
        assert_eq!(
            numbers(&tracker.update(0.0, &crowd)),
            Vec::from_iter(1..=70)
        );
        let second = numbers(&tracker.update(0.1, &crowd));
        assert_eq!(second, Vec::from_iter((1..=64).chain(71..=76)));
    }
}
