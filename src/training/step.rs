//! One step: batch in, loss and gradients out.

use burn::module::Module;
use burn::tensor::{Tensor, activation};
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

use crate::data::batcher::FerBatch;
use crate::emotion::Emotion;
use crate::model::EmotionNet;

/// The network with the loss that trains it.
#[derive(Module, Debug)]
pub struct Classifier {
    /// What is trained.
    pub network: EmotionNet,
    #[module(skip)]
    label_smoothing: f64,
}

impl Classifier {
    /// A network and the part of each target that is spread evenly over all classes.
    pub fn new(network: EmotionNet, label_smoothing: f64) -> Self {
        Self {
            network,
            label_smoothing,
        }
    }

    fn classify(&self, batch: FerBatch, label_smoothing: f64) -> ClassificationOutput {
        let FerBatch { images, targets } = batch;
        let logits = self.network.forward(images).logits; // [batch, 7]
        let hard: Tensor<2> = targets.clone().one_hot(Emotion::COUNT).float(); // [batch, 7]
        let soft = hard * (1.0 - label_smoothing) + label_smoothing / Emotion::COUNT as f64;
        let loss = cross_entropy(logits.clone(), soft);
        ClassificationOutput::new(loss, logits, targets)
    }
}

/// The mean cross-entropy between predictions and distributions.
///
/// # Shapes
/// - `logits`, `targets`: `[batch, classes]`
/// - output: `[1]`, in nats
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    (activation::log_softmax(logits, 1) * targets)
        .sum_dim(1)
        .mean()
        .neg()
}

impl TrainStep for Classifier {
    type Input = FerBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: FerBatch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch, self.label_smoothing);
        let gradients = output.loss.backward();
        TrainOutput::new(self, gradients, output)
    }
}

impl InferenceStep for Classifier {
    type Input = FerBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: FerBatch) -> ClassificationOutput {
        self.classify(batch, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::model::drop_path::drop_path;

    #[test]
    fn cross_entropy_of_hand_computed_rows() {
        let device = Device::flex();
        // Softmax (1/4, 3/4) and (1/2, 1/2).
        let logits = Tensor::<2>::from_floats([[0.0, 3.0f32.ln()], [5.0, 5.0]], &device);
        let targets = Tensor::<2>::from_floats([[0.0, 1.0], [0.5, 0.5]], &device);
        let loss: f32 = cross_entropy(logits, targets).into_scalar();
        let expected = ((4.0f32 / 3.0).ln() + 2.0f32.ln()) / 2.0;
        assert!((loss - expected).abs() < 1e-6, "{loss} {expected}");
    }

    #[test]
    fn drops_whole_samples_and_keeps_the_mean() {
        let device = Device::flex().autodiff();
        device.seed(7);
        let ones = Tensor::<4>::ones([2000, 1, 1, 2], &device);
        let values = drop_path(ones, 0.25)
            .into_data()
            .try_to_vec::<f32>()
            .unwrap();
        for sample in values.chunks(2) {
            assert_eq!(sample[0], sample[1]);
            assert!(sample[0] == 0.0 || (sample[0] - 4.0 / 3.0).abs() < 1e-6);
        }
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((mean - 1.0).abs() < 0.05, "mean {mean}");
    }
}
