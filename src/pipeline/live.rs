//! A camera's frames as a sequence: which face is which of the frame before, and what it looks like
//! over a moment.

use super::{Analysis, FaceReading};
use crate::emotion::{Emotion, Probabilities};
use crate::vision::track::{Observation, Tracker};

/// Follows faces from frame to frame. It knows places, never people: who leaves the picture and
/// comes back is somebody new.
#[derive(Clone, Debug, Default)]
pub struct Live {
    tracker: Tracker<{ Emotion::COUNT }>,
    last_seconds: Option<f64>,
}

impl Live {
    /// Smooths the probabilities of whoever comes from now on so that after `half_life_seconds`
    /// half of the old ones is left; `None` for what is usual, 0 for no smoothing.
    pub fn smooth_over(&mut self, half_life_seconds: Option<f64>) {
        let usual = crate::vision::track::VALUE_HALF_LIFE;
        self.tracker
            .set_value_half_life(half_life_seconds.unwrap_or(usual));
    }

    /// The frame's faces with their numbers, smoothed in time and in the order of their numbers.
    /// `now_seconds` is when the frame was taken, on any clock; where it goes back, as in a video
    /// that was wound back, nobody is followed across. Logits and scores stay those of this frame.
    #[must_use]
    pub fn follow(&mut self, analysis: Analysis, now_seconds: f64) -> Analysis {
        let last = self.last_seconds.replace(now_seconds);
        if last.is_some_and(|last| now_seconds < last) {
            self.tracker.forget_everyone();
        }
        let observations: Vec<_> = analysis.faces.iter().map(observe).collect();
        let tracks = self.tracker.update(now_seconds, &observations);
        let followed = analysis
            .faces
            .into_iter()
            .zip(tracks)
            .map(|(face, track)| FaceReading {
                track: Some(track.number),
                rect_in_frame: track.rect,
                landmarks: track.landmarks,
                probabilities: Probabilities::normalized(track.values)
                    .unwrap_or(face.probabilities),
                ..face
            });
        let mut faces: Vec<FaceReading> = followed.collect();
        faces.sort_by_key(|face| face.track);
        Analysis { faces, ..analysis }
    }
}

fn observe(face: &FaceReading) -> Observation<{ Emotion::COUNT }> {
    Observation {
        rect: face.rect_in_frame,
        landmarks: face.landmarks,
        values: *face.probabilities.as_array(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::UNSURE_BELOW;
    use crate::vision::{Landmarks, Rect};

    fn face(x: f32, logits: [f32; Emotion::COUNT]) -> FaceReading {
        FaceReading {
            track: None,
            rect_in_frame: Rect::new(x, 50.0, 40.0, 50.0),
            score: 0.9,
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
