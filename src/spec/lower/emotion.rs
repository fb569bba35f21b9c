//! The plan of the classifier.

use super::{Lowering, channels_last};
use crate::engine::plan;
use crate::engine::plan::{ChannelGate, Convolution, MapId, Operation, Plan, SpatialGate, Window};
use crate::spec::EmotionNetConfig;
use crate::spec::architecture::{AttentionConfig, BackboneKind, Pooling};
use crate::spec::efficientnet::{BlockConfig, EfficientNetConfig, FEATURE_CHANNELS};
use crate::spec::weights::{NamedTensors, WeightsError};

/// Returns the plan of a folded network. Its outputs are the logits, `[1, 1, 7]` or `[1, 1, 16]`
/// ([`heads`](crate::spec::heads)), and the gate of each feature pixel, `[height, width, 1]`, where
/// the network has one such gate.
///
/// # Errors
/// [`WeightsError`] if tensors are missing, of another shape or unused,
/// [`WeightsError::NotFolded`], and [`WeightsError::NoPlan`] for a network that is no EfficientNet
/// or without mean pooling.
pub fn emotion_plan(
    config: &EmotionNetConfig,
    tensors: NamedTensors,
) -> Result<Plan, WeightsError> {
    if !config.style.folded {
        return Err(WeightsError::NotFolded);
    }
    if config.backbone != BackboneKind::EfficientNetB0 || config.head.pooling != Pooling::Mean {
        return Err(WeightsError::NoPlan);
    }
    let mut lowering = Lowering::new(config.input_channels, config.style, tensors);
    let features = lowering.efficientnet(&config.efficientnet())?;
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
    lowering.plan.mark_output(map);
    if let Some(gate) = gate.filter(|&gate| lowering.plan.channels()[gate] == 1) {
        lowering.plan.mark_output(gate);
    }
    lowering.finish()
}

impl Lowering {
    fn efficientnet(&mut self, layers: &EfficientNetConfig) -> Result<MapId, WeightsError> {
        let mut map = self.convolve(Plan::INPUT, "backbone.stem.conv", &layers.stem, None, None)?;
        for (index, block) in layers.blocks.iter().enumerate() {
            map = self.mbconv(map, &format!("backbone.blocks.{index}"), block)?;
        }
        self.convolve(map, "backbone.head.conv", &layers.head, None, None)
    }

    /// Adds the inverted residual block.
    fn mbconv(
        &mut self,
        input: MapId,
        name: &str,
        block: &BlockConfig,
    ) -> Result<MapId, WeightsError> {
        let mut map = input;
        if let Some(expand) = &block.expand {
            map = self.convolve(map, &format!("{name}.expand.conv"), expand, None, None)?;
        }
        map = self.depthwise(
            map,
            &format!("{name}.depthwise.conv"),
            &block.depthwise,
            true,
        )?;
        let gate = match block.squeezed {
            Some(squeezed) => Some(self.channel_gate(map, name, squeezed)?),
            None => None,
        };
        let add = block.is_residual.then_some(input);
        self.convolve(
            map,
            &format!("{name}.project.conv"),
            &block.project,
            gate,
            add,
        )
    }

    /// Adds a block's gate of its channels.
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

    /// Adds the gate of the feature map, if there is one.
    fn attention(
        &mut self,
        config: &AttentionConfig,
        features: MapId,
    ) -> Result<Option<MapId>, WeightsError> {
        match config {
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
            AttentionConfig::Spatial | AttentionConfig::MultiScale { .. } => {}
        }
        let kernels = config.kernels();
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
