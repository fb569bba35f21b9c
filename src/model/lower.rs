//! From named tensors to the plan that an engine computes.
//!
//! A file's tensors are laid out as they were trained, a plan's as they are computed with: channels
//! last, input channels before output channels. Kernels of one gate that see the same two maps
//! become one kernel, the smaller in the middle of the larger.

use super::activation::Activation;
use super::attention::{AttentionConfig, SPATIAL_KERNEL};
use super::backbone::BackboneKind;
use super::conv_norm::{ConvStyle, Padding};
use super::detector::DetectorConfig;
use super::detector::output::{CHANNELS, STRIDES};
use super::efficientnet::{FEATURE_CHANNELS, STAGES, STEM_CHANNELS};
use super::head::Pooling;
use super::network::EmotionNetConfig;
use super::weights::{Array, NamedTensors, WeightsError};
use crate::emotion::Emotion;
use crate::inference::plan::{
    self, Border, ChannelGate, Convolution, Depthwise, MapId, Operation, Plan, SpatialGate, Window,
};

/// The plan of a folded network; it gives the logits, `[1, 1, 7]`, and the gate of each feature
/// pixel, `[height, width, 1]`, where the network has one such gate.
///
/// # Errors
/// [`WeightsError`] where tensors are missing, have another shape or no place, and
/// [`WeightsError::NoPlan`] for a network that is not an EfficientNet or not folded.
pub fn emotion_plan(
    config: &EmotionNetConfig,
    tensors: NamedTensors,
) -> Result<Plan, WeightsError> {
    if !config.style.folded
        || config.backbone != BackboneKind::EfficientNetB0
        || config.head.pooling != Pooling::Mean
    {
        return Err(WeightsError::NoPlan);
    }
    let mut lowering = Lowering::new(config.input_channels, config.style, tensors);
    let features = lowering.efficientnet(config)?;
    let gate = lowering.attention(&config.attention, features)?;
    let pooled = lowering.plan.push(features, Operation::Pool { gate });
    let widths: Vec<usize> = [FEATURE_CHANNELS]
        .into_iter()
        .chain(config.head.hidden.iter().copied())
        .chain([Emotion::COUNT])
        .collect();
    let last = widths.len() - 2;
    let mut map = pooled;
    for (index, pair) in widths.windows(2).enumerate() {
        let name = format!("head.layers.{index}");
        let activation = match index == last {
            true => plan::Activation::Identity,
            false => plan::Activation::Relu,
        };
        let weights = lowering.take(&format!("{name}.weight"), &[pair[0], pair[1]])?;
        let bias = lowering.take(&format!("{name}.bias"), &[pair[1]])?;
        map = lowering.plan.push(
            map,
            Operation::Convolve(Convolution {
                window: Window::PIXEL,
                weights,
                bias,
                activation,
                gate: None,
                add: None,
            }),
        );
    }
    lowering.plan.give(map);
    if let Some(gate) = gate.filter(|&gate| lowering.plan.channels()[gate] == 1) {
        lowering.plan.give(gate);
    }
    lowering.finish()
}

/// The plan of a folded detector; it gives a map for each of [`STRIDES`], whose numbers are those of
/// [`super::detector::output`].
///
/// # Errors
/// [`WeightsError`], and [`WeightsError::NoPlan`] for a detector that is not folded.
pub fn detector_plan(config: &DetectorConfig, tensors: NamedTensors) -> Result<Plan, WeightsError> {
    if !config.folded {
        return Err(WeightsError::NoPlan);
    }
    let mut lowering = Lowering::new(1, config.style(), tensors);
    let [first, second, wide] = config.channels;
    let stem = Layer {
        name: "stem.conv",
        channels: [1, first],
        kernel: 3,
        stride: 2,
        activated: true,
    };
    let stem = lowering.convolve(Plan::INPUT, &stem, None, None)?;
    let mut map = stem;
    let mut maps = vec![];
    let stages = [
        ("to_stride4", first, second),
        ("to_stride8", second, wide),
        ("to_stride16", wide, wide),
        ("to_stride32", wide, wide),
    ];
    for ((stage, from, to), count) in stages.into_iter().zip(config.blocks) {
        for index in 0..count {
            let (channels, stride) = if index == 0 { (from, 2) } else { (to, 1) };
            let name = format!("{stage}.blocks.{index}");
            map = lowering.separable(map, &name, [channels, to], stride)?;
        }
        maps.push(map);
    }
    let join = |lowering: &mut Lowering, name: &str, large: MapId, small: MapId| {
        let sum = lowering.plan.push(large, Operation::AddEnlarged { small });
        lowering.separable(sum, name, [wide; 2], 1)
    };
    let [_, stride8, stride16, stride32] = maps[..] else {
        return Err(WeightsError::NoPlan);
    };
    let stride16 = join(&mut lowering, "join16", stride16, stride32)?;
    let stride8 = join(&mut lowering, "join8", stride8, stride16)?;
    for (index, map) in [stride8, stride16, stride32].into_iter().enumerate() {
        let features = lowering.separable(map, &format!("heads.{index}.block"), [wide; 2], 1)?;
        let name = format!("heads.{index}.guess");
        let guess = Layer::pointwise(&name, [wide, CHANNELS], false);
        let guess = lowering.convolve(features, &guess, None, None)?;
        lowering.plan.give(guess);
    }
    debug_assert_eq!(lowering.plan.outputs().len(), STRIDES.len());
    lowering.finish()
}

/// A dense convolution by its name.
struct Layer<'a> {
    name: &'a str,
    /// In and out.
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    activated: bool,
}

impl<'a> Layer<'a> {
    fn pointwise(name: &'a str, channels: [usize; 2], activated: bool) -> Self {
        Self {
            name,
            channels,
            kernel: 1,
            stride: 1,
            activated,
        }
    }
}

/// A plan in the making, and the tensors that are still to be placed.
struct Lowering {
    plan: Plan,
    style: ConvStyle,
    tensors: NamedTensors,
}

impl Lowering {
    fn new(channels: usize, style: ConvStyle, tensors: NamedTensors) -> Self {
        Self {
            plan: Plan::new(channels),
            style,
            tensors,
        }
    }

    fn finish(self) -> Result<Plan, WeightsError> {
        match self.tensors.into_keys().next() {
            Some(name) => Err(WeightsError::Unused { name }),
            None => Ok(self.plan),
        }
    }

    /// The values of a tensor, which must have this shape.
    fn take(&mut self, name: &str, expected: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let name = name.to_owned();
        match self.tensors.remove(&name) {
            None => Err(WeightsError::Missing { name }),
            Some(Array { shape, .. }) if shape != expected => Err(WeightsError::WrongShape {
                name,
                expected: expected.to_vec(),
                found: shape,
            }),
            Some(Array { values, .. }) => Ok(values),
        }
    }

    fn activation(&self, activated: bool) -> plan::Activation {
        match self.style.activation {
            _ if !activated => plan::Activation::Identity,
            Activation::Silu => plan::Activation::Silu,
            Activation::Relu6 => plan::Activation::Relu6,
            Activation::Relu => plan::Activation::Relu,
        }
    }

    fn window(&self, kernel: usize, stride: usize) -> Window {
        let border = match self.style.padding {
            Padding::Symmetric => Border::Symmetric,
            Padding::Same => Border::Same,
        };
        Window {
            kernel,
            stride,
            border,
        }
    }

    fn convolve(
        &mut self,
        input: MapId,
        layer: &Layer<'_>,
        gate: Option<MapId>,
        add: Option<MapId>,
    ) -> Result<MapId, WeightsError> {
        let ([from, to], kernel) = (layer.channels, layer.kernel);
        let weights = self.take(
            &format!("{}.weight", layer.name),
            &[to, from, kernel, kernel],
        )?;
        let convolution = Convolution {
            window: self.window(kernel, layer.stride),
            weights: channels_last(&weights, to, from),
            bias: self.take(&format!("{}.bias", layer.name), &[to])?,
            activation: self.activation(layer.activated),
            gate,
            add,
        };
        Ok(self.plan.push(input, Operation::Convolve(convolution)))
    }

    fn depthwise(
        &mut self,
        input: MapId,
        name: &str,
        window: Window,
        activated: bool,
        has_bias: bool,
    ) -> Result<MapId, WeightsError> {
        let (channels, kernel) = (self.plan.channels()[input], window.kernel);
        let weights = self.take(&format!("{name}.weight"), &[channels, 1, kernel, kernel])?;
        let bias = match has_bias {
            true => self.take(&format!("{name}.bias"), &[channels])?,
            false => vec![0.0; channels],
        };
        let depthwise = Depthwise {
            window,
            weights: channels_last(&weights, channels, 1),
            bias,
            activation: self.activation(activated),
        };
        Ok(self.plan.push(input, Operation::Depthwise(depthwise)))
    }

    /// See [`super::detector::blocks::SeparableBlock`].
    fn separable(
        &mut self,
        input: MapId,
        name: &str,
        channels: [usize; 2],
        stride: usize,
    ) -> Result<MapId, WeightsError> {
        let window = Window {
            kernel: 3,
            stride,
            border: Border::Symmetric,
        };
        let depthwise = format!("{name}.depthwise");
        let mixed = self.depthwise(input, &depthwise, window, false, false)?;
        let name = format!("{name}.pointwise.conv");
        let pointwise = Layer::pointwise(&name, channels, true);
        let is_residual = stride == 1 && channels[0] == channels[1];
        self.convolve(mixed, &pointwise, None, is_residual.then_some(input))
    }

    /// See [`super::efficientnet`].
    fn efficientnet(&mut self, config: &EmotionNetConfig) -> Result<MapId, WeightsError> {
        let stem = Layer {
            name: "backbone.stem.conv",
            channels: [config.input_channels, STEM_CHANNELS],
            kernel: 3,
            stride: 2,
            activated: true,
        };
        let mut map = self.convolve(Plan::INPUT, &stem, None, None)?;
        let mut block = 0;
        for stage in STAGES {
            for repeat in 0..stage.repeats {
                let name = format!("backbone.blocks.{block}");
                let stride = if repeat == 0 { stage.stride } else { 1 };
                map = self.mbconv(
                    map,
                    &name,
                    [stage.expansion, stage.channels, stage.kernel, stride],
                    config.squeeze_excite,
                )?;
                block += 1;
            }
        }
        let channels = [self.plan.channels()[map], FEATURE_CHANNELS];
        let head = Layer::pointwise("backbone.head.conv", channels, true);
        self.convolve(map, &head, None, None)
    }

    /// See [`super::mbconv`].
    fn mbconv(
        &mut self,
        input: MapId,
        name: &str,
        [expansion, channels_out, kernel, stride]: [usize; 4],
        squeeze_excite: bool,
    ) -> Result<MapId, WeightsError> {
        let channels_in = self.plan.channels()[input];
        let inner = channels_in * expansion;
        let mut map = input;
        if expansion != 1 {
            let expand = format!("{name}.expand.conv");
            let layer = Layer::pointwise(&expand, [channels_in, inner], true);
            map = self.convolve(map, &layer, None, None)?;
        }
        let window = self.window(kernel, stride);
        map = self.depthwise(map, &format!("{name}.depthwise.conv"), window, true, true)?;
        let gate = match squeeze_excite {
            true => Some(self.channel_gate(map, name, (channels_in / 4).max(1))?),
            false => None,
        };
        let is_residual = stride == 1 && channels_in == channels_out;
        let project = format!("{name}.project.conv");
        let layer = Layer::pointwise(&project, [inner, channels_out], false);
        self.convolve(map, &layer, gate, is_residual.then_some(input))
    }

    /// See [`super::squeeze_excite`].
    fn channel_gate(
        &mut self,
        input: MapId,
        block: &str,
        squeezed: usize,
    ) -> Result<MapId, WeightsError> {
        let channels = self.plan.channels()[input];
        let name = format!("{block}.squeeze_excite");
        let reduce = self.take(
            &format!("{name}.reduce.weight"),
            &[squeezed, channels, 1, 1],
        )?;
        let expand = self.take(
            &format!("{name}.expand.weight"),
            &[channels, squeezed, 1, 1],
        )?;
        let gate = ChannelGate {
            reduce: channels_last(&reduce, squeezed, channels),
            reduce_bias: self.take(&format!("{name}.reduce.bias"), &[squeezed])?,
            activation: self.activation(true),
            expand: channels_last(&expand, channels, squeezed),
            expand_bias: self.take(&format!("{name}.expand.bias"), &[channels])?,
        };
        Ok(self.plan.push(input, Operation::ChannelGate(gate)))
    }

    /// See [`super::attention`].
    fn attention(
        &mut self,
        config: &AttentionConfig,
        features: MapId,
    ) -> Result<Option<MapId>, WeightsError> {
        let kernels = match config {
            AttentionConfig::None => return Ok(None),
            AttentionConfig::Dense => {
                let channels = FEATURE_CHANNELS;
                let weights = self.take("attention.convs.0.weight", &[channels, channels, 1, 1])?;
                let gate = Convolution {
                    window: Window::PIXEL,
                    weights: channels_last(&weights, channels, channels),
                    bias: self.take("attention.convs.0.bias", &[channels])?,
                    activation: plan::Activation::Sigmoid,
                    gate: None,
                    add: None,
                };
                return Ok(Some(self.plan.push(features, Operation::Convolve(gate))));
            }
            AttentionConfig::Spatial => &[SPATIAL_KERNEL][..],
            AttentionConfig::MultiScale { kernels } => kernels,
        };
        let side = kernels.iter().copied().max().unwrap_or(1);
        let (mut weights, mut bias) = (vec![0.0; side * side * 2], 0.0);
        for (index, &kernel) in kernels.iter().enumerate() {
            let name = format!("attention.convs.{index}");
            let values = self.take(&format!("{name}.weight"), &[1, 2, kernel, kernel])?;
            let margin = (side - kernel) / 2;
            for (place, value) in channels_last(&values, 1, 2).into_iter().enumerate() {
                let (tap, channel) = (place / 2, place % 2);
                let (row, column) = (tap / kernel + margin, tap % kernel + margin);
                weights[(row * side + column) * 2 + channel] += value;
            }
            bias += self
                .take(&format!("{name}.bias"), &[1])?
                .iter()
                .sum::<f32>();
        }
        let gate = SpatialGate {
            kernel: side,
            weights,
            bias,
        };
        Ok(Some(self.plan.push(features, Operation::SpatialGate(gate))))
    }
}

/// `[out, in, taps]` as `[taps, in, out]`.
fn channels_last(values: &[f32], channels_out: usize, channels_in: usize) -> Vec<f32> {
    let taps = values.len() / (channels_out * channels_in).max(1);
    let mut turned = Vec::with_capacity(values.len());
    for tap in 0..taps {
        for inner in 0..channels_in {
            for outer in 0..channels_out {
                turned.push(values[(outer * channels_in + inner) * taps + tap]);
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData};

    use super::*;
    use crate::inference::reference;
    use crate::model::weights::collect;

    /// Values of -1 to 1 without a pattern that a convolution would see.
    fn noise(count: usize) -> Vec<f32> {
        (0..count)
            .map(|index| ((index * 7919 + 13) % 1009) as f32 / 504.0 - 1.0)
            .collect()
    }

    fn image(values: &[f32], [channels, height, width]: [usize; 3]) -> Tensor<4> {
        let shape = [1, height, width, channels];
        let image =
            Tensor::<4>::from_data(TensorData::new(values.to_vec(), shape), &Device::flex());
        image.permute([0, 3, 1, 2])
    }

    fn assert_near(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        let largest = expected
            .iter()
            .fold(1.0f32, |most, value| most.max(value.abs()));
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-4 * largest,
                "{found} is not {expected}"
            );
        }
    }

    /// Plan and burn agree on an image.
    fn assert_same(config: EmotionNetConfig) {
        let config = config.with_input_size(64).folded();
        let network = config.init(&Device::flex());
        let plan = emotion_plan(&config, collect(&network).unwrap()).unwrap();
        let values = noise(64 * 64 * config.input_channels);
        let found = reference::run(&plan, &values, 64, 64);
        let expected = network.forward(image(&values, [config.input_channels, 64, 64]));
        let logits = expected.logits.into_data().try_to_vec::<f32>().unwrap();
        let map = expected.attention.into_data().try_to_vec::<f32>().unwrap();
        assert_near(&found[0], &logits);
        if let Some(gate) = found.get(1) {
            assert_near(gate, &map);
        }
    }

    #[test]
    fn what_ships_computes_what_was_trained() {
        assert_same(EmotionNetConfig::moue());
    }

    #[test]
    fn the_seeds_network_has_a_plan_too() {
        assert_same(EmotionNetConfig::paper());
    }

    #[test]
    fn networks_without_gates_have_a_plan() {
        assert_same(EmotionNetConfig {
            squeeze_excite: false,
            attention: AttentionConfig::None,
            ..EmotionNetConfig::moue()
        });
    }

    #[test]
    fn the_detector_computes_what_was_trained() {
        let config = DetectorConfig::shipped().folded();
        let network = config.init(&Device::flex());
        let plan = detector_plan(&config, collect(&network).unwrap()).unwrap();
        let values = noise(96 * 64);
        let found = reference::run(&plan, &values, 64, 96).concat();
        let expected = network.forward(image(&values, [1, 64, 96]));
        assert_near(&found, &expected.into_data().try_to_vec::<f32>().unwrap());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let config = EmotionNetConfig::moue().folded();
        let tensors = collect(&config.init(&Device::flex())).unwrap();
        let name = "backbone.blocks.3.depthwise.conv.bias".to_owned();
        let without = |name: &str| {
            let mut tensors = tensors.clone();
            tensors.remove(name);
            tensors
        };
        assert_eq!(
            emotion_plan(&config, without(&name)),
            Err(WeightsError::Missing { name: name.clone() })
        );
        let mut more = tensors.clone();
        more.insert("zoo".into(), more[&name].clone());
        let zoo = WeightsError::Unused { name: "zoo".into() };
        assert_eq!(emotion_plan(&config, more), Err(zoo));
        let mut reshaped = tensors.clone();
        reshaped.get_mut(&name).unwrap().shape.push(1);
        let error = emotion_plan(&config, reshaped).unwrap_err();
        assert!(matches!(error, WeightsError::WrongShape { name: of, .. } if of == name));
        for unplanned in [EmotionNetConfig::moue(), EmotionNetConfig::cnn().folded()] {
            let plan = emotion_plan(&unplanned, tensors.clone());
            assert_eq!(plan, Err(WeightsError::NoPlan));
        }
    }
}
