//! One step: batch in, loss and gradients out, weights and their average moved.

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer, MultiGradientsParams};
use burn::tensor::{Tensor, TensorData, activation};
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

use super::average::{decay_after, ema_update};
use crate::data::FerBatch;
use crate::data::targets::Target;
use crate::emotion::Emotion;
use crate::network::EmotionNet;

/// What a step needs to know besides the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepOptions {
    /// Added to the logits while training, in label order.
    pub logit_offsets: Target,
    /// What gradients are multiplied with: burn adds up those of several devices and of
    /// accumulated batches, and the mean is wanted.
    pub gradient_scale: f64,
    /// The decay of the weights' average; 0 for no average.
    pub average_decay: f64,
    /// Steps taken before, by the run that this one resumes.
    pub steps_before: usize,
}

impl StepOptions {
    /// One device, no accumulation, no average.
    pub const PLAIN: Self = Self {
        logit_offsets: [0.0; Emotion::COUNT],
        gradient_scale: 1.0,
        average_decay: 0.0,
        steps_before: 0,
    };
}

/// The network, its average, and the loss that trains it.
#[derive(Module, Debug)]
pub struct Classifier {
    network: EmotionNet,
    average: Option<EmotionNet>,
    #[module(skip)]
    options: StepOptions,
    #[module(skip)]
    steps: usize,
}

impl Classifier {
    /// A network, and an architecturally equal one to hold the average where one is kept.
    pub fn new(network: EmotionNet, average: Option<EmotionNet>, options: StepOptions) -> Self {
        Self {
            network,
            average: average.map(Module::no_grad),
            options,
            steps: options.steps_before,
        }
    }

    /// What is validated and kept: the average where there is one.
    pub fn into_best(self) -> EmotionNet {
        self.average.unwrap_or(self.network)
    }

    fn stepped(mut self) -> Self {
        let decay = decay_after(self.steps, self.options.average_decay);
        self.average = self
            .average
            .map(|average| ema_update(average, &self.network, decay));
        self.steps += 1;
        self
    }
}

/// The mean cross-entropy between predictions and targets.
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
        let device = batch.images.device();
        // What dropout and drop-path draw is a function of the batch, not of what was drawn
        // before, so that a resumed run draws the same.
        device.seed(batch.network_seed);
        let logits = self.network.forward(batch.images).logits; // [batch, 7]
        let offsets = TensorData::new(self.options.logit_offsets.to_vec(), [1, Emotion::COUNT]);
        let adjusted = logits.clone() + Tensor::from_data(offsets, &device); // [batch, 7]
        let loss = cross_entropy(adjusted, batch.targets);
        let gradients = loss
            .clone()
            .mul_scalar(self.options.gradient_scale)
            .backward();
        let output = ClassificationOutput::new(loss, logits, batch.labels);
        TrainOutput::new(self, gradients, output)
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

impl InferenceStep for Classifier {
    type Input = FerBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: FerBatch) -> ClassificationOutput {
        let network = self.average.as_ref().unwrap_or(&self.network);
        let logits = network.forward(batch.images).logits; // [batch, 7]
        let loss = cross_entropy(logits.clone(), batch.targets);
        ClassificationOutput::new(loss, logits, batch.labels)
    }
}

#[cfg(test)]
mod tests {
    use burn::optim::AdamWConfig;
    use burn::tensor::{Device, Int};

    use super::*;
    use crate::model::EmotionNetConfig;
    use crate::network::tensors::{apply, collect};

    fn batch(device: &Device) -> FerBatch {
        let labels = Tensor::<1, Int>::from_ints([0, 3, 6, 3], device);
        let pixels: Vec<f32> = (0..4 * 32 * 32).map(|at| (at % 97) as f32 / 97.0).collect();
        FerBatch {
            images: Tensor::from_data(TensorData::new(pixels, [4, 1, 32, 32]), device),
            targets: labels.clone().one_hot(Emotion::COUNT).float(),
            labels,
            network_seed: 1,
        }
    }

    /// Without dropout, whose random numbers all threads share, other tests' among them.
    fn config() -> EmotionNetConfig {
        let mut config = EmotionNetConfig::moue().with_input_size(32);
        config.drop_path = 0.0;
        config.head.dropout = 0.0;
        config
    }

    fn loss(output: ClassificationOutput) -> f32 {
        output.loss.into_scalar()
    }

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
    fn the_average_follows_the_weights_and_is_what_is_asked() {
        let device = Device::flex().autodiff();
        let config = config();
        let options = StepOptions {
            average_decay: 0.5,
            steps_before: 1000,
            ..StepOptions::PLAIN
        };
        let mut model = Classifier::new(config.init(&device), Some(config.init(&device)), options);
        let before = collect(model.average.as_ref().unwrap()).unwrap();
        let mut optimizer = AdamWConfig::new().init();
        let gradients = TrainStep::step(&model, batch(&device)).grads;
        model = model.optimize(&mut optimizer, 0.01.into(), gradients);
        let name = "head.layers.0.weight";
        let after = collect(model.average.as_ref().unwrap()).unwrap();
        let weights = collect(&model.network).unwrap();
        let rows = after[name].values.iter().zip(&before[name].values);
        for ((found, old), new) in rows.zip(&weights[name].values) {
            assert!((found - (old + new) / 2.0).abs() < 1e-6);
        }
        let valid = model.valid();
        let plain = Classifier::new(valid.clone().into_best(), None, StepOptions::PLAIN);
        let inner = Device::flex();
        let asked = loss(InferenceStep::step(&valid, batch(&inner)));
        assert_eq!(asked, loss(InferenceStep::step(&plain, batch(&inner))));
    }

    #[test]
    fn offsets_move_the_loss_and_not_the_answer() {
        let device = Device::flex().autodiff();
        let network = config().init(&device);
        let options = StepOptions {
            logit_offsets: [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            ..StepOptions::PLAIN
        };
        let plain = Classifier::new(network.clone(), None, StepOptions::PLAIN);
        let adjusted = Classifier::new(network, None, options);
        let [plain, adjusted] =
            [plain, adjusted].map(|model| TrainStep::step(&model, batch(&device)).item);
        plain
            .output
            .into_data()
            .assert_eq(&adjusted.output.into_data(), true);
        assert_ne!(
            plain.loss.into_scalar::<f32>(),
            adjusted.loss.into_scalar::<f32>()
        );
    }

    /// The kernels' default bodies, on a device that has none of ours, beside the CPU. Chromium's
    /// software driver reports `UNREACHABLE: TypePointer` for the SPIR-V that burn hands it, goes on,
    /// and computes wrong losses.
    #[test]
    #[ignore = "wants the Vulkan driver of a real GPU"]
    fn steps_on_a_vulkan_device_have_the_losses_of_the_cpu() {
        let weights = collect(&config().init(&Device::flex())).unwrap();
        let losses = |device: Device| -> Vec<f32> {
            let device = device.autodiff();
            let network = apply(config().init(&device), weights.clone()).unwrap();
            let mut model = Classifier::new(network, None, StepOptions::PLAIN);
            let mut optimizer = AdamWConfig::new().init();
            let step = |_| {
                let output = TrainStep::step(&model, batch(&device));
                model = model
                    .clone()
                    .optimize(&mut optimizer, 1e-4.into(), output.grads);
                loss(output.item)
            };
            (0..2).map(step).collect()
        };
        let expected = losses(Device::flex());
        let found = losses(crate::platform::vulkan(0).unwrap());
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
    }
}
