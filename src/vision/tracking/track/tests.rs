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
        is_sure: true,
    }
}

/// Returns the numbers, 0 for a face without one.
fn numbers(tracks: &[Option<Track<7>>]) -> Vec<u32> {
    let numbers = tracks.iter();
    numbers
        .map(|track| track.map_or(0, |track| track.number))
        .collect()
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
        for track in tracks.iter().flatten() {
            assert!(track.rect == track.rect.sanitized(), "{track:?}");
            let points = track.landmarks.points.as_flattened();
            let mut numbers = points.iter().chain(&track.values);
            assert!(numbers.all(|number| number.is_finite()), "{track:?}");
            assert!(track.seconds.is_finite() && track.seconds >= 0.0);
        }
        let given: Vec<u32> = tracks.iter().flatten().map(|track| track.number).collect();
        let unique: HashSet<&u32> = given.iter().collect();
        assert!(unique.len() == given.len() && !unique.contains(&0));
    }
}

#[test]
fn a_face_with_a_broken_landmark_is_followed_all_the_same() {
    let mut broken = face(50.0, 50.0, 40.0, 0.0);
    broken.landmarks.points[2] = [f32::NAN, f32::INFINITY];
    let mut tracker = Tracker::new();
    for time in [0.0, 0.1] {
        let track = tracker.update(time, &[broken])[0].unwrap();
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
            .flatten()
            .fold(oldest, |oldest, t| oldest.max(t.seconds));
    }
    assert!(oldest > 0.2, "nobody was followed: {oldest}");
}

#[test]
fn a_face_goes_on_where_the_detector_is_less_sure_and_does_not_begin_there() {
    let unsure = |x| Observation {
        is_sure: false,
        ..face(x, 0.0, 100.0, 0.0)
    };
    let mut tracker = Tracker::new();
    for step in 0..4 {
        let tracks = tracker.update(f64::from(step) / 30.0, &[unsure(300.0)]);
        assert_eq!(numbers(&tracks), [0]);
    }
    for step in 4..8 {
        let sure = face(0.0, 0.0, 100.0, 0.0);
        let tracks = tracker.update(f64::from(step) / 30.0, &[sure, unsure(300.0)]);
        assert_eq!(numbers(&tracks), [u32::from(step > 4), 0]);
    }
    for step in 8..100 {
        let tracks = tracker.update(f64::from(step) / 30.0, &[unsure(2.0)]);
        assert_eq!(numbers(&tracks), [1], "step {step}");
    }
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
        let back = gap(0.0, 1.9).unwrap();
        assert!(back.number == 1 && (back.seconds - 1.9).abs() < 1e-9);
        // As after a break of the video, or as a newcomer.
        let after = gap(1.9, 2.1).map(|track| track.number);
        assert_eq!(after, (!frames_between).then_some(2));
    }
}

#[test]
fn what_is_seen_for_a_moment_gets_no_number_and_takes_none() {
    let mut tracker = Tracker::new();
    let own = face(50.0, 50.0, 40.0, 0.0);
    let (lamp, friend) = (face(200.0, 50.0, 40.0, 0.0), face(300.0, 50.0, 40.0, 0.0));
    assert_eq!(numbers(&tracker.update(0.0, &[own])), [1]);
    assert_eq!(numbers(&tracker.update(0.1, &[own, lamp])), [1, 0]);
    assert_eq!(numbers(&tracker.update(0.2, &[own, friend])), [1, 0]);
    assert_eq!(numbers(&tracker.update(0.3, &[own, friend])), [1, 2]);
    assert_eq!(
        numbers(&tracker.update(0.4, &[own, friend, lamp])),
        [1, 2, 3]
    );
}

#[test]
fn a_pause_makes_nobody_new() {
    let mut tracker = Tracker::new();
    let here = [face(50.0, 50.0, 40.0, 0.0)];
    tracker.update(0.0, &here);
    tracker.resume();
    assert_eq!(numbers(&tracker.update(100.0, &here)), [1]);
}

#[test]
fn a_jump_too_far_is_somebody_new() {
    let moved_by = |sides: f32| {
        let mut tracker = Tracker::new();
        tracker.update(0.0, &[face(0.0, 0.0, 40.0, 0.0)]);
        numbers(&tracker.update(0.1, &[face(40.0 * sides, 0.0, 40.0, 0.0)]))
    };
    assert_eq!((moved_by(0.5), moved_by(0.55)), (vec![1], vec![0]));
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
        tracker.update(1.0, &[moved])[0].unwrap()
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
        let track = tracker.update(f64::from(round) * 0.02, &[seen])[0].unwrap();
        assert_eq!(track.number, 1);
        assert!((track.values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(round == 0 || track.values != seen.values, "not smoothed");
    }
}

#[test]
fn a_clock_that_is_set_back_goes_on_from_there() {
    let mut tracker = Tracker::new();
    let here = [face(50.0, 50.0, 40.0, 0.0)];
    let mut at = |now| tracker.update(now, &here)[0].unwrap();
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
    assert_eq!(second, Vec::from_iter((1..=64).chain([0; 6])));
}
