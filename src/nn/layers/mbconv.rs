//! The inverted residual block, with or without a channel gate (Sandler et al. 2018,
//! <https://arxiv.org/abs/1801.04381>; Tan and Le 2019, <https://arxiv.org/abs/1905.11946>).

use burn::module::Module;
use burn::tensor::Device;

use super::conv_norm::{ConvNorm, ConvNormConfig};
use super::drop_path::drop_path;
use super::squeeze_excite::{SqueezeExcite, SqueezeExciteConfig};
use crate::kernels::FeatureMap;
use crate::spec::style::ConvStyle;

/// The shape of one [`MbConv`].
#[derive(Clone, Copy, Debug)]
pub struct MbConvConfig {
    /// Channels in.
    pub channels_in: usize,
    /// Channels out.
    pub channels_out: usize,
    /// How many times wider the block is inside.
    pub expansion: usize,
    /// Pixels along a side of the depthwise kernel.
    pub kernel: usize,
    /// Step of the depthwise convolution.
    pub stride: usize,
    /// Chance that the residual branch is dropped while training, 0 to 1.
    pub drop_path: f64,
    /// Whether the channels are gated before the projection.
    pub squeeze_excite: bool,
}

impl MbConvConfig {
    /// Random weights.
    pub fn init(&self, style: &ConvStyle, device: &Device) -> MbConv {
        let inner = self.channels_in * self.expansion;
        let squeeze_excite = SqueezeExciteConfig {
            channels: inner,
            squeezed: (self.channels_in / 4).max(1),
            activation: style.activation,
        };
        MbConv {
            expand: (self.expansion != 1)
                .then(|| ConvNormConfig::pointwise(self.channels_in, inner).init(style, device)),
            depthwise: ConvNormConfig::depthwise(inner, self.kernel, self.stride)
                .init(style, device),
            squeeze_excite: self.squeeze_excite.then(|| squeeze_excite.init(device)),
            project: ConvNormConfig::pointwise(inner, self.channels_out)
                .without_activation()
                .init(style, device),
            residual: self.stride == 1 && self.channels_in == self.channels_out,
            drop_path: self.drop_path,
        }
    }
}

/// Expand, convolve depthwise, gate, project; add the input where the shape allows.
#[derive(Module, Debug)]
pub struct MbConv {
    /// `None` where the expansion is 1.
    pub expand: Option<ConvNorm>,
    /// One filter a channel.
    pub depthwise: ConvNorm,
    /// The channel gate, where there is one.
    pub squeeze_excite: Option<SqueezeExcite>,
    /// Back to few channels, without activation.
    pub project: ConvNorm,
    #[module(skip)]
    residual: bool,
    #[module(skip)]
    drop_path: f64,
}

impl MbConv {
    /// Whether the input is added to the output.
    pub fn is_residual(&self) -> bool {
        self.residual
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, ceil(height / stride), ceil(width / stride)]`
    pub fn forward(&self, x: FeatureMap) -> FeatureMap {
        let inner = match &self.expand {
            Some(expand) => expand.forward(x.clone()), // [batch, inner, height, width]
            None => x.clone(),
        };
        let inner = self.depthwise.forward(inner); // [batch, inner, height / s, width / s]
        let inner = match &self.squeeze_excite {
            Some(gate) => gate.forward(inner),
            None => inner,
        };
        let out = self.project.forward(inner); // [batch, channels_out, height / s, width / s]
        if self.residual {
            let [batch, ..] = out.dims();
            let scales = drop_path(batch, self.drop_path, &out.device());
            x.add(out, scales)
        } else {
            out
        }
    }
}
