//! Faces as a detector finds them, and each of them once.

use std::cmp::Ordering;

use super::affine::Affine;
use super::landmarks::Landmarks;
use super::rect::Rect;

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face from brow to chin, in pixels of the picture; it may reach outside.
    pub rect_in_frame: Rect,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
    /// Eyes, nose and mouth, in pixels of the picture.
    pub landmarks: Landmarks,
}

impl Detection {
    /// The same face in a picture that many times larger.
    #[must_use]
    pub fn scale(&self, factor: f32) -> Self {
        Self {
            rect_in_frame: self.rect_in_frame.scale(factor),
            score: self.score,
            landmarks: self.landmarks.map(&Affine::scale(factor)),
        }
    }
}

/// Two boxes that overlap by more than this (intersection over union) are one face.
const SAME_FACE: f32 = 0.4;

/// A face's score is the mean of so many of its surest guesses, of which missing ones count as 0: a
/// face convinces several places, a pattern that happens to look like one only one or two.
const WITNESSES: usize = 3;

/// Joins guesses of the same face, and sorts the faces, the largest first; those that claim less
/// than `threshold`, 0 to 1, are none.
///
/// Guesses are taken by falling score; each takes those in that overlap it, and the face is their
/// mean, weighted by score, which shakes less from frame to frame than the best of them
/// (Bazarevsky et al. 2019, <https://arxiv.org/abs/1907.05047>, section 3.4). Boxes without area are
/// dropped.
pub fn merge(mut guesses: Vec<Detection>, threshold: f32) -> Vec<Detection> {
    guesses.retain(|guess| guess.rect_in_frame.area() > 0.0 && guess.score > 0.0);
    guesses.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces: Vec<(Detection, Mean)> = vec![];
    for guess in guesses {
        let known = faces
            .iter_mut()
            .find(|(best, _)| best.rect_in_frame.iou(&guess.rect_in_frame) > SAME_FACE);
        match known {
            Some((_, mean)) => mean.add(&guess),
            None => {
                let mut mean = Mean::default();
                mean.add(&guess);
                faces.push((guess, mean));
            }
        }
    }
    let mut faces: Vec<Detection> = faces
        .into_iter()
        .map(|(_, mean)| mean.face())
        .filter(|face| face.score >= threshold)
        .collect();
    faces.sort_by(larger_first);
    faces
}

/// The largest first, of equals the surer.
fn larger_first(a: &Detection, b: &Detection) -> Ordering {
    b.rect_in_frame
        .area()
        .total_cmp(&a.rect_in_frame.area())
        .then(b.score.total_cmp(&a.score))
}

/// A sum of boxes and points, weighted, added by falling score.
#[derive(Default)]
struct Mean {
    weight: f32,
    guesses: usize,
    witnessed: f32,
    rect: [f32; 4],
    points: [[f32; 2]; Landmarks::COUNT],
}

impl Mean {
    fn add(&mut self, guess: &Detection) {
        let Rect {
            x,
            y,
            width,
            height,
        } = guess.rect_in_frame;
        self.weight += guess.score;
        if self.guesses < WITNESSES {
            self.witnessed += guess.score / WITNESSES as f32;
        }
        self.guesses += 1;
        for (sum, value) in self.rect.iter_mut().zip([x, y, width, height]) {
            *sum += guess.score * value;
        }
        for (sum, point) in self.points.iter_mut().zip(guess.landmarks.points) {
            sum[0] += guess.score * point[0];
            sum[1] += guess.score * point[1];
        }
    }

    fn face(&self) -> Detection {
        let [x, y, width, height] = self.rect.map(|sum| sum / self.weight);
        Detection {
            rect_in_frame: Rect::new(x, y, width, height),
            score: self.witnessed,
            landmarks: Landmarks {
                points: self.points.map(|[x, y]| [x / self.weight, y / self.weight]),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(x: f32, side: f32, score: f32) -> Detection {
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
        let faces = merge(
            vec![
                guess(0.0, 10.0, 0.3),
                guess(1.0, 10.0, 0.9),
                guess(100.0, 30.0, 0.25),
                guess(200.0, 0.0, 0.99),
            ],
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
    fn one_witness_is_not_enough() {
        let scores = |guesses: &[f32]| -> Vec<f32> {
            let guesses = guesses.iter().map(|score| guess(0.0, 10.0, *score));
            let faces = merge(guesses.collect(), 0.4);
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
    fn neighbours_stay_apart() {
        let guesses = vec![guess(0.0, 10.0, 0.9), guess(6.0, 10.0, 0.8)];
        assert_eq!(merge(guesses, 0.0).len(), 2);
    }
}
