//! The plan of the classifier.

use super::{Layer, Lowering, channels_last};
use crate::engine::plan;
use crate::engine::plan::{ChannelGate, Convolution, MapId, Operation, Plan, SpatialGate, Window};
use crate::spec::EmotionNetConfig;
use crate::spec::architecture::{AttentionConfig, BackboneKind, Pooling, SPATIAL_KERNEL};
use crate::spec::efficientnet::{FEATURE_CHANNELS, STAGES, STEM_CHANNELS};
use crate::spec::weights::{NamedTensors, WeightsError};

/// The plan of a folded network; it gives the logits, `[1, 1, 7]` or `[1, 1, 16]`
/// ([`heads`](crate::spec::heads)), and the gate of each feature
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
        .chain([config.head.outputs()])
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

impl Lowering {
    /// Stem, blocks and the last convolution, see [`crate::spec::efficientnet`].
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

    /// The inverted residual block.
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

    /// A block's gate of its channels.
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

    /// The gate of the feature map, if there is one.
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
