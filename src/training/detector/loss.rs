//! The loss of the detector.

use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

use crate::data::faces::targets;
use crate::spec::detector::output::{BOX, LARGEST_LOGARITHM, POINTS, SCORE};
use crate::vision::Landmarks;

/// Weights of the parts of the loss; the score's is 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectionLossConfig {
    /// Weight of the boxes.
    pub box_weight: f64,
    /// Weight of the landmarks, whose errors are small because they are in sides of the face.
    pub landmark_weight: f64,
    /// Weight of background with a predicted probability of 1; other background is weighted by
    /// this times the square of its predicted probability.
    pub background_focus: f64,
}

/// Unweighted parts of the loss, `[1]` each.
pub struct DetectionLoss {
    /// Loss of the scores.
    pub score: Tensor<1>,
    /// Loss of the boxes.
    pub boxes: Tensor<1>,
    /// Loss of the landmarks.
    pub landmarks: Tensor<1>,
}

impl DetectionLoss {
    /// Returns the weighted sum, `[1]`.
    pub fn total(&self, config: &DetectionLossConfig) -> Tensor<1> {
        self.score.clone()
            + self.boxes.clone().mul_scalar(config.box_weight)
            + self.landmarks.clone().mul_scalar(config.landmark_weight)
    }
}

/// Computes the loss of a batch. Each part is a sum over places, divided by the number of places
/// with a face; that of the landmarks, by the number of places with a face that has landmarks.
///
/// - The target of the score is half of 1 plus the IoU of the predicted box with the face, so that the
///   best box of a face has the best score, and a small face, whose box is a pixel off, hardly less
///   than a large one; background is weighted by its predicted probability (varifocal loss, Zhang et
///   al. 2021, <https://arxiv.org/abs/2008.13367>, where the target is the IoU itself).
/// - The loss of the box is the distance-IoU loss (Zheng et al. 2020,
///   <https://arxiv.org/abs/1911.08287>).
/// - The loss of the landmarks is the absolute error along each axis, in sides of the face.
///
/// # Shapes
/// - `predictions`: `[batch, places, CHANNELS]`, see [`crate::spec::detector::output`]
/// - `targets`: `[batch, places, TARGETS]`, see [`crate::data::faces::targets`]
pub fn detection_loss(
    predictions: Tensor<3>,
    targets: Tensor<3>,
    config: &DetectionLossConfig,
) -> DetectionLoss {
    let [batch, places, _] = predictions.dims();
    // Slices channels of the predictions or targets: [batch, places, count].
    let part = |tensor: &Tensor<3>, first: usize, count: usize| {
        tensor
            .clone()
            .slice([0..batch, 0..places, first..first + count])
    };
    let weight = part(&targets, targets::WEIGHT, 1);
    let face = part(&targets, targets::FACE, 1);
    let faces = face.clone().sum().clamp_min(1.0); // [1]

    let wanted = Corners::new(
        part(&targets, targets::BOX, 2),
        part(&targets, targets::BOX + 2, 2),
    );
    let sides = part(&predictions, BOX + 2, 2)
        .clamp_max(LARGEST_LOGARITHM)
        .exp();
    let predicted = Corners::new(part(&predictions, BOX, 2), sides);
    let overlap = predicted.iou(&wanted); // [batch, places, 1]
    let boxes = (overlap.clone().neg() + predicted.distance(&wanted) + 1.0) * face.clone();

    let logits = part(&predictions, SCORE, 1);
    let quality = (overlap.detach() + 1.0).mul_scalar(0.5) * face.clone();
    let claimed = activation::sigmoid(logits.clone()).detach();
    let focus = face.clone()
        + (face.clone().neg() + 1.0) * claimed.powi_scalar(2).mul_scalar(config.background_focus);
    let score = cross_entropy(logits, quality) * focus * weight;

    let side = (part(&targets, targets::BOX + 2, 1) * part(&targets, targets::BOX + 3, 1))
        .sqrt()
        .clamp_min(1e-3);
    let count = 2 * Landmarks::COUNT;
    let away = part(&predictions, POINTS, count) - part(&targets, targets::POINTS, count);
    let with_landmarks = part(&targets, targets::LANDMARKS, 1);
    let marked = with_landmarks.clone().sum().clamp_min(1.0); // [1]
    let landmarks = away.abs().mean_dim(2) / side * with_landmarks;

    DetectionLoss {
        score: score.sum() / faces.clone(),
        boxes: boxes.sum() / faces,
        landmarks: landmarks.sum() / marked,
    }
}

/// Returns the binary cross-entropy of each logit with a target from 0 to 1, in nats.
fn cross_entropy(logits: Tensor<3>, targets: Tensor<3>) -> Tensor<3> {
    let positive = activation::relu(logits.clone());
    positive - logits.clone() * targets + (logits.abs().neg().exp() + 1.0).log()
}

/// Corners of boxes: least and largest coordinates (x, y), `[batch, places, 2]` each.
struct Corners {
    least: Tensor<3>,
    most: Tensor<3>,
}

impl Corners {
    fn new(centre: Tensor<3>, sides: Tensor<3>) -> Self {
        let half = sides.mul_scalar(0.5);
        Self {
            least: centre.clone() - half.clone(),
            most: centre + half,
        }
    }

    fn sides(&self) -> Tensor<3> {
        self.most.clone() - self.least.clone()
    }

    fn area(&self) -> Tensor<3> {
        product(self.sides())
    }

    /// Returns the intersection over union, `[batch, places, 1]`.
    fn iou(&self, other: &Self) -> Tensor<3> {
        let least = self.least.clone().max_pair(other.least.clone());
        let most = self.most.clone().min_pair(other.most.clone());
        let shared = product((most - least).clamp_min(0.0));
        let union = self.area() + other.area() - shared.clone();
        shared / union.clamp_min(1e-6)
    }

    /// Returns the squared distance of the centres divided by the squared diagonal of the box
    /// around both, `[batch, places, 1]`.
    fn distance(&self, other: &Self) -> Tensor<3> {
        let least = self.least.clone().min_pair(other.least.clone());
        let most = self.most.clone().max_pair(other.most.clone());
        let apart =
            (self.least.clone() + self.most.clone() - other.least.clone() - other.most.clone())
                .mul_scalar(0.5);
        let squared = |x: Tensor<3>| x.powi_scalar(2).sum_dim(2);
        squared(apart) / squared(most - least).clamp_min(1e-6)
    }
}

/// Returns x times y, `[batch, places, 1]`.
fn product(pairs: Tensor<3>) -> Tensor<3> {
    let [batch, places, _] = pairs.dims();
    let x = pairs.clone().slice([0..batch, 0..places, 0..1]);
    x * pairs.slice([0..batch, 0..places, 1..2])
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::data::faces::targets::TARGETS;
    use crate::spec::detector::CHANNELS;

    const CONFIG: DetectionLossConfig = DetectionLossConfig {
        box_weight: 2.0,
        landmark_weight: 5.0,
        background_focus: 0.75,
    };

    fn parts(prediction: [f32; CHANNELS], target: [f32; TARGETS]) -> [f32; 3] {
        let device = Device::flex();
        let loss = detection_loss(
            Tensor::from_data(
                TensorData::new(prediction.to_vec(), [1, 1, CHANNELS]),
                &device,
            ),
            Tensor::from_data(TensorData::new(target.to_vec(), [1, 1, TARGETS]), &device),
            &CONFIG,
        );
        [loss.score, loss.boxes, loss.landmarks].map(|part| part.into_scalar())
    }

    fn assert_near(found: [f32; 3], expected: [f32; 3]) {
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }

    fn face() -> ([f32; CHANNELS], [f32; TARGETS]) {
        let (mut prediction, mut target) = ([0.0; CHANNELS], [0.0; TARGETS]);
        target[..targets::BOX].fill(1.0);
        target[targets::BOX..targets::BOX + 4].copy_from_slice(&[0.5, 0.0, 2.0, 2.0]);
        prediction[BOX..BOX + 4].copy_from_slice(&[0.5, 0.0, 2.0f32.ln(), 2.0f32.ln()]);
        (prediction, target)
    }

    #[test]
    fn a_perfect_box_costs_nothing_and_its_score_should_be_one() {
        let (prediction, target) = face();
        assert_near(parts(prediction, target), [2.0f32.ln(), 0.0, 0.0]);
    }

    #[test]
    fn a_shifted_box_costs_overlap_and_distance() {
        let (mut prediction, target) = face();
        prediction[BOX] = 1.5;
        prediction[POINTS + 4] = 1.0;
        // Two squares of side 2 that overlap by half: IoU 2 / 6; centres 1 apart, outer box 3 by 2.
        let (overlap, distance) = (1.0 / 3.0, 1.0 / 13.0);
        assert_near(
            parts(prediction, target),
            [2.0f32.ln(), 1.0 - overlap + distance, 0.1 / 2.0],
        );
    }

    #[test]
    fn a_face_without_landmarks_teaches_none() {
        let (mut prediction, mut target) = face();
        prediction[POINTS] = 3.0;
        target[targets::LANDMARKS] = 0.0;
        assert_near(parts(prediction, target), [2.0f32.ln(), 0.0, 0.0]);
    }

    #[test]
    fn background_costs_by_how_surely_it_is_mistaken_and_ignored_places_nothing() {
        let mut target = [0.0; TARGETS];
        target[targets::WEIGHT] = 1.0;
        let mut prediction = [0.0; CHANNELS];
        prediction[SCORE] = 2.0;
        let claimed = 1.0 / (1.0 + (-2.0f32).exp());
        let entropy = -(1.0 - claimed).ln();
        assert_near(
            parts(prediction, target),
            [0.75 * claimed * claimed * entropy, 0.0, 0.0],
        );
        target[targets::WEIGHT] = 0.0;
        assert_near(parts(prediction, target), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn no_guess_overflows() {
        let (_, target) = face();
        let found = parts([90.0; CHANNELS], target);
        assert!(found.iter().all(|part| part.is_finite()), "{found:?}");
    }
}
