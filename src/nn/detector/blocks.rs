//! The blocks of the detector.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::Device;

use super::super::fold::fold_conv;
use crate::kernels::FeatureMap;
use crate::nn::layers::conv_norm::ConvNorm;
use crate::spec::conv::ConvConfig;
use crate::spec::detector::Separable;
use crate::spec::style::ConvStyle;

/// A depthwise 3×3 convolution, then a pointwise one, normalized and activated; the input is added
/// where it has the output's shape.
#[derive(Module, Debug)]
pub struct SeparableBlock {
    /// Convolution with one filter per channel.
    pub depthwise: Conv2d,
    /// 1×1 convolution that mixes the channels.
    pub pointwise: ConvNorm,
    #[module(skip)]
    is_residual: bool,
}

impl SeparableBlock {
    pub(super) fn new(block: &Separable, style: &ConvStyle, device: &Device) -> Self {
        let ConvConfig {
            channels_in,
            kernel,
            stride,
            ..
        } = block.depthwise;
        Self {
            depthwise: Conv2dConfig::new([channels_in; 2], [kernel; 2])
                .with_stride([stride; 2])
                .with_groups(channels_in)
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .with_bias(false)
                .init(device),
            pointwise: ConvNorm::new(&block.pointwise, style, device),
            is_residual: block.is_residual,
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, ceil(height / stride), ceil(width / stride)]`
    pub fn forward(&self, x: FeatureMap) -> FeatureMap {
        let y = x.clone().convolve(&self.depthwise, None, None);
        let y = self.pointwise.forward(y);
        if self.is_residual { x.add(y, None) } else { y }
    }

    pub(super) fn folded(self) -> Self {
        Self {
            pointwise: fold_conv(self.pointwise),
            ..self
        }
    }
}

/// Blocks one after the other, the first of which may shrink the map.
#[derive(Module, Debug)]
pub struct DetectorStage {
    /// The blocks, in order.
    pub blocks: Vec<SeparableBlock>,
}

impl DetectorStage {
    pub(super) fn new(blocks: &[Separable], style: &ConvStyle, device: &Device) -> Self {
        let block = |block| SeparableBlock::new(block, style, device);
        Self {
            blocks: blocks.iter().map(block).collect(),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, ceil(height / 2), ceil(width / 2)]`
    pub fn forward(&self, x: FeatureMap) -> FeatureMap {
        self.blocks.iter().fold(x, |x, block| block.forward(x))
    }

    pub(super) fn folded(self) -> Self {
        Self {
            blocks: self
                .blocks
                .into_iter()
                .map(SeparableBlock::folded)
                .collect(),
        }
    }
}
