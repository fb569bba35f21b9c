//! Training and validation steps of the network.

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::module::{Module, Param};
use burn::optim::{GradientsParams, ModuleOptimizer, MultiGradientsParams};
use burn::tensor::{DataError, Device, Int, Tensor, TensorData, activation};
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};

use super::average::{decay_after, ema_update};
use crate::data::FerBatch;
use crate::data::sources::NOT_COLLECTED;
use crate::emotion::Emotion;
use crate::nn::EmotionNet;
use crate::spec::heads::{LOGITS_OF_BOTH, READING_ANSWERS};

/// Options of a training step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepOptions {
    /// Values added to the label head's logits while training, in label order.
    pub logit_offsets: [f32; Emotion::COUNT],
    /// Initial bias of the reading head's logits for each source, see
    /// [`DataSource::log_shares`](crate::data::DataSource::log_shares); empty if there is no
    /// reading head.
    pub source_log_shares: Vec<[f32; READING_ANSWERS]>,
    /// Factor of the gradients, for their mean: burn sums those of several devices and of
    /// accumulated batches.
    pub gradient_scale: f64,
    /// Decay of the moving average of the weights; 0 for no average.
    pub average_decay: f64,
    /// Number of steps before this run was resumed; 0 for a new run.
    pub steps_before: usize,
}

impl StepOptions {
    /// One device, no accumulation, no average.
    pub const PLAIN: Self = Self {
        logit_offsets: [0.0; Emotion::COUNT],
        source_log_shares: vec![],
        gradient_scale: 1.0,
        average_decay: 0.0,
        steps_before: 0,
    };
}

/// The network with the moving average of its weights, the sources' biases and the loss.
#[derive(Module, Debug)]
pub struct Classifier {
    network: EmotionNet,
    average: Option<EmotionNet>,
    /// Difference of each source's bias from its initial value, `[sources, 9]`, so that weight
    /// decay pulls the bias to that value. `None` if there is no reading head.
    source_bias: Option<Param<Tensor<2>>>,
    #[module(skip)]
    options: StepOptions,
    #[module(skip)]
    steps: usize,
}

impl Classifier {
    /// Creates a classifier from a network on `device`, and an optional network of the same
    /// architecture for the average.
    pub fn new(
        network: EmotionNet,
        average: Option<EmotionNet>,
        options: StepOptions,
        device: &Device,
    ) -> Self {
        let sources = options.source_log_shares.len();
        Self {
            network,
            average: average.map(Module::no_grad),
            source_bias: (sources > 0)
                .then(|| Param::from_tensor(Tensor::zeros([sources, READING_ANSWERS], device))),
            steps: options.steps_before,
            options,
        }
    }

    /// Returns the network to save (the average if there is one) and each source's bias of the
    /// reading head's logits.
    ///
    /// # Errors
    /// If the biases cannot be read from the device.
    pub fn into_best(self) -> Result<(EmotionNet, Vec<[f32; READING_ANSWERS]>), DataError> {
        let moved: Vec<f32> = match &self.source_bias {
            Some(bias) => bias.val().into_data().try_to_vec()?,
            None => vec![],
        };
        let (moved, _) = moved.as_chunks::<READING_ANSWERS>();
        let shares = self.options.source_log_shares.iter().zip(moved);
        let biases = shares
            .map(|(shares, moved)| std::array::from_fn(|answer| shares[answer] + moved[answer]))
            .collect();
        Ok((self.average.unwrap_or(self.network), biases))
    }

    /// Computes the loss and the answers from logits, `[batch, 7]` or `[batch, 16]`.
    fn loss_and_answers(
        &self,
        logits: Tensor<2>,
        batch: LossInputs,
        is_training: bool,
    ) -> ClassificationOutput {
        let device = logits.device();
        let [count, width] = logits.dims();
        let label = logits.clone().slice([0..count, 0..Emotion::COUNT]); // [batch, 7]
        let offsets = match is_training {
            true => self.options.logit_offsets,
            false => [0.0; Emotion::COUNT],
        };
        let offsets = TensorData::new(offsets.to_vec(), [1, Emotion::COUNT]);
        let adjusted = label.clone() + Tensor::from_data(offsets, &device); // [batch, 7]
        let (logits, answers) = match &self.source_bias {
            Some(moved) if width == LOGITS_OF_BOTH => {
                let reading = logits.slice([0..count, Emotion::COUNT..LOGITS_OF_BOTH]); // [batch, 9]
                let shares = self.options.source_log_shares.concat();
                let sources = self.options.source_log_shares.len();
                let shares = TensorData::new(shares, [sources, READING_ANSWERS]);
                let bias = Tensor::from_data(shares, &device) + moved.val(); // [sources, 9]
                let reading = reading + bias.select(0, batch.sources.clone()); // [batch, 9]
                let answers = answers(label, reading.clone(), batch.sources);
                (vec![adjusted, reading], answers)
            }
            _ => (vec![adjusted], label),
        };
        let width: usize = logits.iter().map(|logits| logits.dims()[1]).sum();
        let targets = batch.targets.slice([0..count, 0..width]);
        let loss = cross_entropy(logits, targets);
        ClassificationOutput::new(loss, answers, batch.labels)
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

/// Targets, labels and sources of a batch; see [`FerBatch`].
struct LossInputs {
    targets: Tensor<2>,
    labels: Tensor<1, Int>,
    sources: Tensor<1, Int>,
}

/// Returns the logits for the accuracy: the label head's for faces of the first source, the reading
/// head's with the source's bias for others.
///
/// # Shapes
/// - `label`: `[batch, 7]`
/// - `reading`, output: `[batch, 9]`
fn answers(label: Tensor<2>, reading: Tensor<2>, sources: Tensor<1, Int>) -> Tensor<2> {
    let [count, _] = label.dims();
    let never = Tensor::full(
        [count, READING_ANSWERS - Emotion::COUNT],
        NOT_COLLECTED,
        &label.device(),
    );
    let label = Tensor::cat(vec![label.detach(), never], 1); // [batch, 9]
    let first = sources.equal_elem(0).float().unsqueeze_dim::<2>(1); // [batch, 1]
    let others = first.clone().neg().add_scalar(1.0);
    label * first + reading.detach() * others
}

/// Computes the cross-entropy with the targets, summed over heads and averaged over the batch.
///
/// # Shapes
/// - `logits`: `[batch, classes]` of each head
/// - `targets`: `[batch, classes of all heads]`
/// - output: `[1]`, in nats
pub fn cross_entropy(logits: Vec<Tensor<2>>, targets: Tensor<2>) -> Tensor<1> {
    let logarithms = logits
        .into_iter()
        .map(|logits| activation::log_softmax(logits, 1));
    (Tensor::cat(logarithms.collect(), 1) * targets)
        .sum_dim(1)
        .mean()
        .neg()
}

impl TrainStep for Classifier {
    type Input = FerBatch;
    type Output = ClassificationOutput;

    fn step(&self, batch: FerBatch) -> TrainOutput<ClassificationOutput> {
        let device = batch.images.device();
        // Dropout and drop-path depend on the batch only, not on earlier draws, so that a resumed
        // run draws the same.
        device.seed(batch.network_seed);
        let (images, inputs) = parts(batch);
        let logits = self.network.forward(images).logits; // [batch, 7 or 16]
        let output = self.loss_and_answers(logits, inputs, true);
        let gradients = output
            .loss
            .clone()
            .mul_scalar(self.options.gradient_scale)
            .backward();
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
        let (images, inputs) = parts(batch);
        let logits = network.forward(images).logits; // [batch, 7 or 16]
        self.loss_and_answers(logits, inputs, false)
    }
}

fn parts(batch: FerBatch) -> (Tensor<4>, LossInputs) {
    let inputs = LossInputs {
        targets: batch.targets,
        labels: batch.labels,
        sources: batch.sources,
    };
    (batch.images, inputs)
}

#[cfg(test)]
mod tests {
    use burn::optim::AdamWConfig;

    use super::*;
    use crate::nn::tensors::{apply, collect};
    use crate::spec::EmotionNetConfig;

    fn batch(device: &Device) -> FerBatch {
        let labels = Tensor::<1, Int>::from_ints([0, 3, 6, 3], device);
        let pixels: Vec<f32> = (0..4 * 32 * 32).map(|at| (at % 97) as f32 / 97.0).collect();
        FerBatch {
            images: Tensor::from_data(TensorData::new(pixels, [4, 1, 32, 32]), device),
            targets: labels.clone().one_hot(LOGITS_OF_BOTH).float(),
            sources: labels.zeros_like(),
            labels,
            network_seed: 1,
        }
    }

    /// Returns sixteen different images: with four similar ones, rounding alone changes the loss
    /// of the second step by a hundredth.
    fn varied(device: &Device) -> FerBatch {
        const COUNT: usize = 16;
        let labels: Vec<i64> = (0..COUNT as i64).map(|image| image % 7).collect();
        let labels = Tensor::<1, Int>::from_data(TensorData::new(labels, [COUNT]), device);
        let pixel = |at: usize| {
            let (image, y, x) = (at / 1024, at / 32 % 32, at % 32);
            let wave =
                (x as f32 * (image + 1) as f32 / 9.0).sin() + (y as f32 / (image + 2) as f32).cos();
            wave / 2.0
        };
        let pixels: Vec<f32> = (0..COUNT * 1024).map(pixel).collect();
        FerBatch {
            images: Tensor::from_data(TensorData::new(pixels, [COUNT, 1, 32, 32]), device),
            targets: labels.clone().one_hot(LOGITS_OF_BOTH).float(),
            sources: labels.zeros_like(),
            labels,
            network_seed: 1,
        }
    }

    /// Returns a network without dropout, as all tests' threads share its random numbers.
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
        let loss: f32 = cross_entropy(vec![logits], targets).into_scalar();
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
        let mut model = Classifier::new(
            EmotionNet::new(&config, &device),
            Some(EmotionNet::new(&config, &device)),
            options,
            &device,
        );
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
        let plain = Classifier::new(
            valid.clone().into_best().unwrap().0,
            None,
            StepOptions::PLAIN,
            &device,
        );
        let inner = Device::flex();
        let asked = loss(InferenceStep::step(&valid, batch(&inner)));
        assert_eq!(asked, loss(InferenceStep::step(&plain, batch(&inner))));
    }

    #[test]
    fn offsets_move_the_loss_and_not_the_answer() {
        let device = Device::flex().autodiff();
        let network = EmotionNet::new(&config(), &device);
        let options = StepOptions {
            logit_offsets: [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            ..StepOptions::PLAIN
        };
        let plain = Classifier::new(network.clone(), None, StepOptions::PLAIN, &device);
        let adjusted = Classifier::new(network, None, options, &device);
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

    /// Compares the kernels' default implementation on another device with ours on the CPU, by WGSL:
    /// without VK_KHR_workgroup_memory_explicit_layout, cubecl-spirv 0.11.3 writes invalid SPIR-V.
    #[test]
    #[ignore = "needs a Vulkan driver: make test-gpu"]
    fn steps_on_a_vulkan_device_have_the_losses_of_the_cpu() {
        let weights = collect(&EmotionNet::new(&config(), &Device::flex())).unwrap();
        let losses = |device: Device| -> Vec<f32> {
            let device = device.autodiff();
            let network = apply(EmotionNet::new(&config(), &device), weights.clone()).unwrap();
            let mut model = Classifier::new(network, None, StepOptions::PLAIN, &device);
            let mut optimizer = AdamWConfig::new().init();
            let step = |_| {
                let output = TrainStep::step(&model, varied(&device));
                model = model
                    .clone()
                    .optimize(&mut optimizer, 1e-4.into(), output.grads);
                loss(output.item)
            };
            (0..2).map(step).collect()
        };
        let expected = losses(Device::flex());
        let found = losses(crate::platform::vulkan(0).unwrap());
        // The second step's loss follows an update by AdamW, whose size does not depend on that of a
        // gradient: where one is nearly zero, rounding decides its sign.
        for ((a, b), tolerance) in found.iter().zip(&expected).zip([1e-4, 1e-2]) {
            assert!((a - b).abs() < tolerance, "{found:?} {expected:?}");
        }
    }
}
