//! Faces as a detector finds them, each of them once.

use std::cmp::Ordering;

use super::affine::Affine;
use super::landmarks::Landmarks;
use super::rect::Rect;

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face from brow to chin, in pixels of the picture; it may reach outside.
    pub rect_in_frame: Rect,
    /// Score of the detector, 0 to 1.
    pub score: f32,
    /// Eyes, nose and mouth, in pixels of the picture.
    pub landmarks: Landmarks,
}

impl Detection {
    /// Returns the angle of the line through the eyes to the horizontal, in degrees from -180 to 180,
    /// once the face is turned back by its [`quarter_turns`](Landmarks::quarter_turns).
    pub fn tilt_degrees(&self) -> f32 {
        let turned = 90.0 * f32::from(self.landmarks.quarter_turns());
        (self.landmarks.roll().to_degrees() - turned + 180.0).rem_euclid(360.0) - 180.0
    }

    /// Returns the same face in a picture that `map`, of scales, shifts and quarter turns, makes of this
    /// one.
    #[must_use]
    pub fn map(&self, map: &Affine) -> Self {
        let Rect { x, y, .. } = self.rect_in_frame;
        let ((a_x, a_y), (b_x, b_y)) = (
            map.apply(x, y),
            map.apply(self.rect_in_frame.right(), self.rect_in_frame.bottom()),
        );
        Self {
            rect_in_frame: Rect::new(
                a_x.min(b_x),
                a_y.min(b_y),
                (a_x - b_x).abs(),
                (a_y - b_y).abs(),
            ),
            score: self.score,
            landmarks: self.landmarks.map(map),
        }
    }
}

/// Intersection over union above which two boxes are one face.
pub const SAME_FACE: f32 = 0.4;

/// The most candidates that are joined, the best ones. It bounds the time where a detector sees faces
/// in a pattern, which grows with the square of their number.
const MOST_CANDIDATES: usize = 1000;

/// Part of a face's area above which the face is dropped where it lies inside a larger one with a
/// higher score: it is a lens of a pair of glasses, or an eye.
const INSIDE_ANOTHER: f32 = 0.8;

/// Joins candidates of the same face, and returns the faces with a score of at least `threshold`, 0
/// to 1, the largest first.
///
/// A face's score is the mean of the scores of its `votes` best candidates, where missing ones
/// count as 0: a face is found at several places, a pattern that looks like one only at one or two.
///
/// Candidates are taken by falling score and join the first face that they overlap. A face is the
/// mean of its candidates, weighted by score, which shakes less from frame to frame than the best
/// of them (Bazarevsky et al. 2019, <https://arxiv.org/abs/1907.05047>, section 3.4). Boxes without
/// area are dropped.
pub fn weighted_nms(
    mut candidates: Vec<Detection>,
    votes: usize,
    threshold: f32,
) -> Vec<Detection> {
    candidates.retain(|candidate| candidate.rect_in_frame.area() > 0.0 && candidate.score > 0.0);
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    candidates.truncate(MOST_CANDIDATES);
    let mut faces: Vec<(Detection, Mean)> = vec![];
    for candidate in candidates {
        let known = faces
            .iter_mut()
            .find(|(best, _)| best.rect_in_frame.iou(&candidate.rect_in_frame) > SAME_FACE);
        match known {
            Some((_, mean)) => mean.add(&candidate, votes),
            None => {
                let mut mean = Mean::default();
                mean.add(&candidate, votes);
                faces.push((candidate, mean));
            }
        }
    }
    let mut faces: Vec<Detection> = faces
        .into_iter()
        .map(|(_, mean)| mean.face())
        .filter(|face| face.score >= threshold)
        .collect();
    faces.sort_by(larger_first);
    let mut kept: Vec<Detection> = vec![];
    for face in faces {
        if !kept.iter().any(|larger| is_part_of(&face, larger)) {
            kept.push(face);
        }
    }
    kept
}

/// Returns whether `face` is a part of a larger face that was mistaken for a face itself.
fn is_part_of(face: &Detection, larger: &Detection) -> bool {
    let (inner, outer) = (face.rect_in_frame, larger.rect_in_frame);
    let shared = inner.intersect(&outer).map_or(0.0, |shared| shared.area());
    larger.score > face.score && shared > INSIDE_ANOTHER * inner.area()
}

/// Orders the largest first, and equal ones by falling score.
fn larger_first(a: &Detection, b: &Detection) -> Ordering {
    b.rect_in_frame
        .area()
        .total_cmp(&a.rect_in_frame.area())
        .then(b.score.total_cmp(&a.score))
}

/// Weighted sums of boxes and points, added by falling score.
#[derive(Default)]
struct Mean {
    weight: f32,
    candidates: usize,
    voted: f32,
    rect: [f32; 4],
    points: [[f32; 2]; Landmarks::COUNT],
}

impl Mean {
    fn add(&mut self, candidate: &Detection, votes: usize) {
        let Rect {
            x,
            y,
            width,
            height,
        } = candidate.rect_in_frame;
        self.weight += candidate.score;
        if self.candidates < votes {
            self.voted += candidate.score / votes as f32;
        }
        self.candidates += 1;
        for (sum, value) in self.rect.iter_mut().zip([x, y, width, height]) {
            *sum += candidate.score * value;
        }
        for (sum, point) in self.points.iter_mut().zip(candidate.landmarks.points) {
            sum[0] += candidate.score * point[0];
            sum[1] += candidate.score * point[1];
        }
    }

    fn face(&self) -> Detection {
        let [x, y, width, height] = self.rect.map(|sum| sum / self.weight);
        Detection {
            rect_in_frame: Rect::new(x, y, width, height),
            score: self.voted,
            landmarks: Landmarks {
                points: self.points.map(|[x, y]| [x / self.weight, y / self.weight]),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(x: f32, side: f32, score: f32) -> Detection {
        Detection {
            rect_in_frame: Rect::new(x, 0.0, side, side),
            score,
            landmarks: Landmarks {
                points: [[x, 1.0]; 5],
            },
        }
    }

    #[test]
    fn guesses_of_one_face_become_their_weighted_mean_and_the_largest_comes_first() {
        let faces = weighted_nms(
            vec![
                candidate(0.0, 10.0, 0.3),
                candidate(1.0, 10.0, 0.9),
                candidate(100.0, 30.0, 0.25),
                candidate(200.0, 0.0, 0.99),
            ],
            3,
            0.0,
        );
        assert_eq!(faces.len(), 2);
        assert_eq!(faces[0].rect_in_frame.width, 30.0);
        let face = &faces[1];
        assert!((face.rect_in_frame.x - 0.75).abs() < 1e-6);
        assert!((face.landmarks.points[3][0] - 0.75).abs() < 1e-6);
        assert!((face.landmarks.points[3][1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn one_vote_is_not_enough() {
        let scores = |candidates: &[f32]| -> Vec<f32> {
            let candidates = candidates.iter().map(|score| candidate(0.0, 10.0, *score));
            let faces = weighted_nms(candidates.collect(), 3, 0.4);
            faces.iter().map(|face| face.score).collect()
        };
        assert!(scores(&[0.99]).is_empty());
        let found = scores(&[0.6, 0.9, 0.6, 0.3, 0.1]);
        assert!(
            found.len() == 1 && (found[0] - 0.7).abs() < 1e-6,
            "{found:?}"
        );
    }

    #[test]
    fn a_part_of_a_surer_face_is_none_and_a_surer_one_before_it_is() {
        let inside = |score| {
            weighted_nms(
                vec![candidate(0.0, 100.0, 0.8), candidate(30.0, 20.0, score)],
                1,
                0.0,
            )
        };
        assert_eq!(inside(0.7).len(), 1);
        assert_eq!(inside(0.9).len(), 2);
        let across = vec![candidate(0.0, 100.0, 0.8), candidate(90.0, 20.0, 0.7)];
        assert_eq!(weighted_nms(across, 1, 0.0).len(), 2);
    }

    #[test]
    fn a_pattern_of_faces_costs_no_more_than_the_best_of_them() {
        let pattern = (0..20_000).map(|at| candidate(20.0 * at as f32, 10.0, 0.5));
        assert_eq!(
            weighted_nms(pattern.collect(), 1, 0.0).len(),
            MOST_CANDIDATES
        );
    }

    #[test]
    fn neighbours_stay_apart() {
        let candidates = vec![candidate(0.0, 10.0, 0.9), candidate(6.0, 10.0, 0.8)];
        assert_eq!(weighted_nms(candidates, 3, 0.0).len(), 2);
    }
}
