//! Convolution → batch normalization → activation, the building block of the backbone.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::Device;

use crate::kernels::FeatureMap;
use crate::spec::conv::ConvConfig;
use crate::spec::style::{ActivationConfig, ConvStyle, Padding};

fn padding(style: &ConvStyle, kernel: usize) -> PaddingConfig2d {
    let half = kernel / 2;
    match style.padding {
        Padding::Symmetric => PaddingConfig2d::Explicit(half, half, half, half),
        Padding::Same => PaddingConfig2d::Same,
    }
}

/// Convolution, then batch normalization unless folded, then activation unless it is a projection.
#[derive(Module, Debug)]
pub struct ConvNorm {
    /// Without bias before a normalization, with bias once folded.
    pub conv: Conv2d,
    /// `None` once folded into `conv`.
    pub norm: Option<BatchNorm>,
    #[module(skip)]
    activation: Option<ActivationConfig>,
}

impl ConvNorm {
    /// Creates the layer with random weights, He-normal by fan-out as in torchvision.
    pub fn new(config: &ConvConfig, style: &ConvStyle, device: &Device) -> Self {
        let conv = Conv2dConfig::new(
            [config.channels_in, config.channels_out],
            [config.kernel; 2],
        )
        .with_stride([config.stride; 2])
        .with_groups(config.groups)
        .with_padding(padding(style, config.kernel))
        .with_bias(style.folded)
        .with_initializer(Initializer::KaimingNormal {
            gain: std::f64::consts::SQRT_2,
            fan_out_only: true,
        })
        .init(device);
        let norm = (!style.folded).then(|| {
            BatchNormConfig::new(config.channels_out)
                .with_epsilon(style.norm_epsilon)
                .with_momentum(style.norm_momentum)
                .init(device)
        });
        Self {
            conv,
            norm,
            activation: config.activated.then_some(style.activation),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, ceil(height / stride), ceil(width / stride)]`
    pub fn forward(&self, x: impl Into<FeatureMap>) -> FeatureMap {
        let x: FeatureMap = x.into();
        x.convolve(&self.conv, self.norm.as_ref(), self.activation)
    }
}
