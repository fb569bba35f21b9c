use super::super::samples::{COARSE_STEP_SECONDS, FULL_RATE_SECONDS};
use super::*;
use crate::emotion::Emotion;

fn happy(face: u32, share: f32) -> FaceObservation {
    let mut weights = [(1.0 - share) / 6.0; Emotion::COUNT];
    weights[Emotion::Happy.index()] = share;
    FaceObservation {
        face,
        size: 0.3,
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
fn the_recording_is_about_the_largest_face_whatever_its_number() {
    let patch = FaceObservation {
        size: 0.1,
        ..happy(1, 0.9)
    };
    let own = happy(2, 0.9);
    let history = recording(4, |now| match now {
        ..1.0 => vec![patch],
        ..3.0 => vec![patch, own],
        _ => vec![patch],
    });
    assert_eq!(history.main_face(), Some(1), "the other is out of sight");
    let history = recording(3, |_| vec![patch, own]);
    assert_eq!(history.main_face(), Some(2));
    let empty = recording(4, |now| match now {
        ..3.0 => vec![patch, own],
        _ => vec![],
    });
    assert_eq!(empty.main_face(), Some(2));
    assert_eq!(History::default().main_face(), None);
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
