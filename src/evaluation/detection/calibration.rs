//! From a detector's scores to probabilities of a face.

use serde::{Deserialize, Serialize};

/// Share of the boxes that are faces from [`ScoreCalibration::trusted_from`] on.
pub const TRUSTED: f64 = 0.98;
/// Steps of Newton's method; it converges in fewer.
const STEPS: usize = 50;

/// A line from the logit of the score to that of the probability that the box holds a face (Platt
/// 1999), fitted to all measured boxes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreCalibration {
    /// Factor of the logit; 1 for scores that are probabilities already.
    pub scale: f64,
    /// Added to the logit; 0 for scores that are probabilities already.
    pub shift: f64,
    /// Lowest score from which [`TRUSTED`] of the boxes are faces; `None` if there is none.
    pub trusted_from: Option<f32>,
}

impl ScoreCalibration {
    /// Fits the line to boxes with their scores, 0 to 1, and whether they hold a face; `None` if all
    /// do or none does.
    pub fn fit(boxes: &[(f32, bool)]) -> Option<Self> {
        let faces = boxes.iter().filter(|(_, is_face)| *is_face).count();
        if faces == 0 || faces == boxes.len() {
            return None;
        }
        let rows: Vec<(f64, f64)> = boxes
            .iter()
            .map(|(score, is_face)| (logit(f64::from(*score)), f64::from(u8::from(*is_face))))
            .collect();
        let (mut scale, mut shift) = (1.0, 0.0);
        for _ in 0..STEPS {
            // Gradient and Hessian of the log-likelihood, with a weak pull towards scale 1, shift 0
            // that keeps both finite where the boxes can be told apart without error.
            let (mut to_scale, mut to_shift) = (1e-3 * (1.0 - scale), -1e-3 * shift);
            let (mut a, mut b, mut c) = (1e-3, 0.0, 1e-3);
            for (x, is_face) in &rows {
                let probability = 1.0 / (1.0 + (-(scale * x + shift)).exp());
                let (error, weight) = (is_face - probability, probability * (1.0 - probability));
                to_scale += error * x;
                to_shift += error;
                a += weight * x * x;
                b += weight * x;
                c += weight;
            }
            // Above 0: a and c have more than what makes it 0.
            let determinant = a * c - b * b;
            scale += (c * to_scale - b * to_shift) / determinant;
            shift += (a * to_shift - b * to_scale) / determinant;
        }
        (scale.is_finite() && shift.is_finite()).then(|| Self {
            scale,
            shift,
            trusted_from: trusted_from(boxes),
        })
    }
}

fn logit(probability: f64) -> f64 {
    let probability = probability.clamp(1e-6, 1.0 - 1e-6);
    (probability / (1.0 - probability)).ln()
}

/// Returns the lowest score from which [`TRUSTED`] of the boxes are faces.
fn trusted_from(boxes: &[(f32, bool)]) -> Option<f32> {
    let mut boxes = boxes.to_vec();
    boxes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut faces, mut all, mut lowest) = (0, 0, None);
    for equal in boxes.chunk_by(|a, b| a.0 == b.0) {
        all += equal.len();
        faces += equal.iter().filter(|(_, is_face)| *is_face).count();
        if faces as f64 >= TRUSTED * all as f64 {
            lowest = Some(equal[0].0);
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A thousand boxes at each of several scores, of which the share `face(score)` are faces.
    fn boxes(face: impl Fn(f64) -> f64) -> Vec<(f32, bool)> {
        let scores = [0.1, 0.3, 0.5, 0.7, 0.9, 0.97];
        let of = |score: f64| {
            let faces = (1000.0 * face(score)).round() as usize;
            (0..1000).map(move |at| (score as f32, at < faces))
        };
        scores.into_iter().flat_map(of).collect()
    }

    #[test]
    fn probabilities_stay_and_others_become_some() {
        let honest = ScoreCalibration::fit(&boxes(|score| score)).unwrap();
        assert!((honest.scale - 1.0).abs() < 1e-2, "{honest:?}");
        assert!(honest.shift.abs() < 1e-2, "{honest:?}");
        let boastful = boxes(|score| 1.0 / (1.0 + (-(2.0 * logit(score) - 1.0)).exp()));
        let line = ScoreCalibration::fit(&boastful).unwrap();
        assert!(
            (line.scale - 2.0).abs() < 2e-2 && (line.shift + 1.0).abs() < 2e-2,
            "{line:?}"
        );
    }

    #[test]
    fn a_score_is_trusted_where_all_boxes_from_it_on_are_faces_but_two_in_a_hundred() {
        let rows: Vec<(f32, bool)> = (0..200)
            .map(|at| (1.0 - at as f32 / 200.0, at % 50 != 49))
            .collect();
        let line = ScoreCalibration::fit(&rows).unwrap();
        assert_eq!(line.trusted_from, Some(1.0 - 199.0 / 200.0));
        let worse: Vec<(f32, bool)> = rows
            .iter()
            .map(|(score, is_face)| (*score, *is_face && *score > 0.5))
            .collect();
        let from = ScoreCalibration::fit(&worse).unwrap().trusted_from.unwrap();
        assert!((0.45..0.52).contains(&from), "{from}");
        assert_eq!(ScoreCalibration::fit(&[(0.9, true)]), None);
    }
}
