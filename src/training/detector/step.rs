//! Training and validation steps of the detector.

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer, MultiGradientsParams};
use burn::tensor::Tensor;
use burn::train::{InferenceStep, RegressionOutput, TrainOutput, TrainStep};

use super::loss::{DetectionLossConfig, detection_loss};
use crate::data::faces::batches::SceneBatch;
use crate::nn::FaceDetectorNet;
use crate::training::average::{decay_after, ema_update};

/// Wraps the loss for burn's metrics, which read only the loss of a regression.
fn output(loss: Tensor<1>) -> RegressionOutput {
    let nothing = Tensor::zeros([1, 1], &loss.device());
    RegressionOutput::new(loss, nothing.clone(), nothing)
}

/// The network and the moving average of its weights.
#[derive(Module, Debug)]
pub(super) struct DetectorTrainer {
    network: FaceDetectorNet,
    average: Option<FaceDetectorNet>,
    /// Factor of the gradients: burn sums those of several devices and accumulated batches.
    #[module(skip)]
    gradient_scale: f64,
    #[module(skip)]
    average_decay: f64,
    #[module(skip)]
    loss: DetectionLossConfig,
    #[module(skip)]
    steps: usize,
}

impl DetectorTrainer {
    pub(super) fn new(
        network: FaceDetectorNet,
        average: Option<FaceDetectorNet>,
        gradient_scale: f64,
        average_decay: f64,
        loss: DetectionLossConfig,
        steps_before: usize,
    ) -> Self {
        Self {
            network,
            average: average.map(Module::no_grad),
            gradient_scale,
            average_decay,
            loss,
            steps: steps_before,
        }
    }

    /// Returns the network to save: the average if there is one.
    pub(super) fn into_best(self) -> FaceDetectorNet {
        self.average.unwrap_or(self.network)
    }

    /// Computes the loss of `network` on a batch, `[1]`.
    fn loss(&self, network: &FaceDetectorNet, batch: SceneBatch) -> Tensor<1> {
        detection_loss(network.forward(batch.images), batch.targets, &self.loss).total(&self.loss)
    }

    fn stepped(mut self) -> Self {
        let decay = decay_after(self.steps, self.average_decay);
        self.average = self
            .average
            .map(|average| ema_update(average, &self.network, decay));
        self.steps += 1;
        self
    }
}

impl TrainStep for DetectorTrainer {
    type Input = SceneBatch;
    type Output = RegressionOutput;

    fn step(&self, batch: SceneBatch) -> TrainOutput<RegressionOutput> {
        let loss = self.loss(&self.network, batch);
        let gradients = loss.clone().mul_scalar(self.gradient_scale).backward();
        TrainOutput::new(self, gradients, output(loss))
    }

    fn optimize(
        self,
        optimizer: &mut ModuleOptimizer,
        rate: ModuleLearningRate,
        gradients: GradientsParams,
    ) -> Self {
        optimizer.step(rate, self, gradients).stepped()
    }

    fn optimize_multi(
        self,
        optimizer: &mut ModuleOptimizer,
        rate: ModuleLearningRate,
        gradients: MultiGradientsParams,
    ) -> Self {
        optimizer.step_multi(rate, self, gradients).stepped()
    }
}

impl InferenceStep for DetectorTrainer {
    type Input = SceneBatch;
    type Output = RegressionOutput;

    fn step(&self, batch: SceneBatch) -> RegressionOutput {
        let network = self.average.as_ref().unwrap_or(&self.network);
        let loss = self.loss(network, batch);
        output(loss)
    }
}
