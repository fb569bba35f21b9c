//! A camera's frames as a sequence: matches each face with the frame before, and smooths its
//! reading over time.

use std::array;

use super::finder::SCORE_THRESHOLD;
use super::{Analysis, FaceReading};
use crate::emotion::Probabilities;
use crate::vision::Rect;
use crate::vision::detect::SAME_FACE;
use crate::vision::quality::Problem;
use crate::vision::tracking::judgment;
use crate::vision::tracking::track::{Observation, Tracker};

/// Number of smoothed values per face: its probabilities, then the shares of [`judgment`].
const SMOOTHED: usize = Probabilities::COUNT + judgment::COUNT;

/// Follows faces from frame to frame by their place, never by who they are: whoever leaves the
/// picture and comes back is somebody new.
#[derive(Clone, Debug, Default)]
pub struct Live {
    tracker: Tracker<SMOOTHED>,
    last_seconds: Option<f64>,
    /// The problem shown for each face of the frame before, by the face's number.
    judged: Vec<(u32, Option<Problem>)>,
    /// The boxes that the person called no face, each with the number that is followed there.
    dismissed: Vec<(u32, Rect)>,
}

impl Live {
    /// Sets the half-life in seconds with which the probabilities of faces that appear from here on
    /// are smoothed; `None` for the default, 0 for no smoothing.
    pub fn smooth_over(&mut self, half_life_seconds: Option<f64>) {
        let usual = crate::vision::tracking::track::VALUE_HALF_LIFE;
        self.tracker
            .set_value_half_life(half_life_seconds.unwrap_or(usual));
    }

    /// Leaves out a face from here on, which the person called none: it is followed as before, and so is
    /// what is found in its place later.
    pub fn dismiss(&mut self, number: u32, rect_in_frame: Rect) {
        self.dismissed.push((number, rect_in_frame));
    }

    /// Takes the last [`Self::dismiss`] back.
    pub fn undo_dismissal(&mut self) {
        self.dismissed.pop();
    }

    /// Whether a face of this number, in this place, was dismissed.
    fn is_dismissed(&mut self, number: u32, rect: Rect) -> bool {
        let mut places = self.dismissed.iter_mut();
        let known = places.find(|(of, place)| *of == number || place.iou(&rect) > SAME_FACE);
        known.is_some_and(|known| {
            *known = (number, rect);
            true
        })
    }

    /// Lets no time pass until the next frame, so that a pause of the camera makes nobody new.
    pub fn resume(&mut self) {
        self.tracker.resume();
    }

    /// Returns the frame's faces with their numbers, smoothed in time and ordered by number. A face is
    /// left out until it was seen in two frames, so that nothing is said of a lamp that looked like one
    /// for a moment; those of a first frame are not.
    /// `now_seconds` is when the frame was taken, on any clock; where it goes back, as in a video
    /// that was rewound, no face is followed across. Logits and scores stay those of this frame;
    /// whether the picture is too poor to tell is judged over the last moments.
    #[must_use]
    pub fn follow(&mut self, analysis: Analysis, now_seconds: f64) -> Analysis {
        let last = self.last_seconds.replace(now_seconds);
        if last.is_some_and(|last| now_seconds < last) {
            self.tracker.forget_everyone();
        }
        let observations: Vec<_> = analysis.faces.iter().map(observe).collect();
        let tracks = self.tracker.update(now_seconds, &observations);
        let tracked = analysis.faces.into_iter().zip(tracks);
        let tracked: Vec<_> = tracked
            .filter_map(|(face, track)| Some((face, track?)))
            .filter(|(_, track)| !self.is_dismissed(track.number, track.rect))
            .collect();
        let followed = tracked.into_iter().map(|(face, track)| {
            let (values, shares) = split(&track.values);
            let before = self.judged.iter().find(|(of, _)| *of == track.number);
            FaceReading {
                track: Some(track.number),
                rect_in_frame: track.rect,
                landmarks: track.landmarks,
                probabilities: Probabilities::normalized(values).unwrap_or(face.probabilities),
                problem: judgment::steady(before.map(|(_, shown)| *shown), &shares),
                ..face
            }
        });
        let mut faces: Vec<FaceReading> = followed.collect();
        faces.sort_by_key(|face| face.track);
        let judged = faces.iter().map(|face| (face.track, face.problem));
        self.judged = judged
            .filter_map(|(track, problem)| Some((track?, problem)))
            .collect();
        Analysis { faces, ..analysis }
    }
}

fn observe(face: &FaceReading) -> Observation<SMOOTHED> {
    let mut values = [0.0; SMOOTHED];
    let (probabilities, shares) = values.split_at_mut(Probabilities::COUNT);
    probabilities.copy_from_slice(face.probabilities.as_array());
    shares.copy_from_slice(&judgment::shares(face.problem));
    Observation {
        rect: face.rect_in_frame,
        landmarks: face.landmarks,
        values,
        is_sure: face.score >= SCORE_THRESHOLD,
    }
}

/// Splits smoothed values into the probabilities and the shares.
fn split(values: &[f32; SMOOTHED]) -> ([f32; Probabilities::COUNT], [f32; judgment::COUNT]) {
    let probabilities = array::from_fn(|index| values[index]);
    let shares = array::from_fn(|index| values[Probabilities::COUNT + index]);
    (probabilities, shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::{Emotion, UNSURE_BELOW};
    use crate::vision::Landmarks;

    fn face(x: f32, logits: [f32; Emotion::COUNT]) -> FaceReading {
        FaceReading {
            track: None,
            rect_in_frame: Rect::new(x, 50.0, 40.0, 50.0),
            score: 0.9,
            is_added: false,
            landmarks: Landmarks {
                points: [
                    [x + 12.0, 70.0],
                    [x + 28.0, 70.0],
                    [x + 20.0, 80.0],
                    [x + 14.0, 90.0],
                    [x + 26.0, 90.0],
                ],
            },
            probabilities: Probabilities::from_logits(logits),
            unsure_below: UNSURE_BELOW,
            problem: None,
            attention: None,
            logits,
            millis: 1.0,
        }
    }

    fn frame(faces: Vec<FaceReading>) -> Analysis {
        Analysis {
            faces,
            ..Analysis::default()
        }
    }

    #[test]
    fn faces_keep_their_numbers_and_their_order_when_the_detector_changes_its() {
        let mut live = Live::default();
        let (left, right) = (face(10.0, [0.0; 7]), face(150.0, [0.0; 7]));
        let numbers = |analysis: &Analysis| -> Vec<(Option<u32>, bool)> {
            let faces = analysis.faces.iter();
            faces
                .map(|face| (face.track, face.rect_in_frame.x < 80.0))
                .collect()
        };
        let first = live.follow(frame(vec![left.clone(), right.clone()]), 1.0);
        let second = live.follow(frame(vec![right, left]), 1.1);
        assert_eq!(numbers(&first), [(Some(1), true), (Some(2), false)]);
        assert_eq!(numbers(&second), numbers(&first));
    }

    #[test]
    fn a_face_that_the_person_called_none_stays_away_wherever_it_goes() {
        let mut live = Live::default();
        let (patch, own) = (face(10.0, [0.0; 7]), face(150.0, [0.0; 7]));
        let numbers = |analysis: &Analysis| -> Vec<Option<u32>> {
            analysis.faces.iter().map(|face| face.track).collect()
        };
        let first = live.follow(frame(vec![patch.clone(), own.clone()]), 1.0);
        live.dismiss(1, first.faces[0].rect_in_frame);
        for step in 1..20u8 {
            let moved = face(10.0 + f32::from(step), [0.0; 7]);
            let seconds = 1.0 + f64::from(step) / 10.0;
            let analysis = live.follow(frame(vec![moved, own.clone()]), seconds);
            assert_eq!(numbers(&analysis), [Some(2)]);
        }
        // Lost for so long that it comes back as another.
        let _ = live.follow(frame(vec![own.clone()]), 4.0);
        let back = face(28.0, [0.0; 7]);
        for seconds in [6.5, 6.6, 6.7] {
            let analysis = live.follow(frame(vec![back.clone()]), seconds);
            assert_eq!(numbers(&analysis), []);
        }
        live.undo_dismissal();
        let analysis = live.follow(frame(vec![back]), 6.8);
        assert_eq!(analysis.faces.len(), 1);
    }

    #[test]
    fn a_video_that_is_wound_back_shows_somebody_new() {
        let mut live = Live::default();
        let mut number = |seconds| {
            let analysis = live.follow(frame(vec![face(10.0, [0.0; 7])]), seconds);
            analysis.faces[0].track
        };
        assert_eq!(number(5.0), Some(1));
        assert_eq!(number(5.0), Some(1), "the same frame twice");
        assert_eq!(number(5.1), Some(1));
        assert_eq!(number(1.0), Some(2));
        assert_eq!(number(1.1), Some(2));
    }

    #[test]
    fn a_picture_at_the_limit_of_what_can_be_told_keeps_its_word() {
        let mut live = Live::default();
        let mut judge = |seconds, problem| {
            let face = FaceReading {
                problem,
                ..face(10.0, [0.0; 7])
            };
            live.follow(frame(vec![face]), seconds).faces[0].problem
        };
        let dark = Some(Problem::TooDark);
        for frame in 0..40 {
            let flickering = (frame % 2 == 1).then_some(Problem::TooDark);
            assert_eq!(judge(f64::from(frame) / 15.0, flickering), None);
        }
        assert_eq!(judge(4.0, dark), dark, "a second on, it is another picture");
        assert_eq!(judge(4.05, None), dark);
        assert_eq!(judge(9.0, dark), dark, "whoever comes later is judged anew");
        assert_eq!(judge(14.0, None), None);
    }

    #[test]
    fn what_a_face_looks_like_glides_and_stays_a_distribution() {
        let mut live = Live::default();
        let mut happy = [0.0; 7];
        happy[Emotion::Happy.index()] = 9.0;
        let _ = live.follow(frame(vec![face(10.0, [0.0; 7])]), 1.0);
        let analysis = live.follow(frame(vec![face(10.0, happy)]), 1.1);
        let seen = &analysis.faces[0];
        let probability = seen.probabilities.get(Emotion::Happy);
        assert!((0.2..0.8).contains(&probability), "{probability}");
        let sum: f32 = seen.probabilities.as_array().iter().sum();
        assert!((sum - 1.0).abs() < 1e-5);
        assert_eq!(seen.logits, happy);
    }
}
