//! The inverted residual block, with or without a channel gate (Sandler et al. 2018,
//! <https://arxiv.org/abs/1801.04381>; Tan and Le 2019, <https://arxiv.org/abs/1905.11946>).

use burn::module::Module;
use burn::tensor::Device;

use super::conv_norm::ConvNorm;
use super::drop_path::drop_path;
use super::squeeze_excite::SqueezeExcite;
use crate::kernels::FeatureMap;
use crate::spec::conv::ConvConfig;
use crate::spec::efficientnet::BlockConfig;
use crate::spec::style::ConvStyle;

/// Expands, convolves depthwise, gates and projects; adds the input where the shape allows.
#[derive(Module, Debug)]
pub struct MbConv {
    /// 1×1 convolution to more channels; `None` where the expansion is 1.
    pub expand: Option<ConvNorm>,
    /// Convolution with one filter per channel.
    pub depthwise: ConvNorm,
    /// The channel gate; `None` where there is none.
    pub squeeze_excite: Option<SqueezeExcite>,
    /// 1×1 convolution back to few channels, without activation.
    pub project: ConvNorm,
    #[module(skip)]
    residual: bool,
    #[module(skip)]
    drop_path: f64,
}

impl MbConv {
    /// Creates the block with random weights. While training, its residual branch is dropped with
    /// probability `drop_path`.
    pub fn new(block: &BlockConfig, drop_path: f64, style: &ConvStyle, device: &Device) -> Self {
        let conv = |config: &ConvConfig| ConvNorm::new(config, style, device);
        let inner = block.depthwise.channels_out;
        let gate = |squeezed| SqueezeExcite::new(inner, squeezed, style.activation, device);
        Self {
            expand: block.expand.as_ref().map(conv),
            depthwise: conv(&block.depthwise),
            squeeze_excite: block.squeezed.map(gate),
            project: conv(&block.project),
            residual: block.is_residual,
            drop_path,
        }
    }

    /// Returns the same block with `change` made to each convolution but the channel gate's.
    pub fn map_convs(self, change: impl Fn(ConvNorm) -> ConvNorm) -> Self {
        Self {
            expand: self.expand.map(&change),
            depthwise: change(self.depthwise),
            project: change(self.project),
            ..self
        }
    }

    /// Returns whether the input is added to the output.
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
