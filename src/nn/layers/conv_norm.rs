//! Convolution → batch normalization → activation, the brick of the backbone.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::Device;

use crate::kernels::FeatureMap;
use crate::spec::style::{Activation, ConvStyle, Padding};

fn padding(style: &ConvStyle, kernel: usize) -> PaddingConfig2d {
    let half = kernel / 2;
    match style.padding {
        Padding::Symmetric => PaddingConfig2d::Explicit(half, half, half, half),
        Padding::Same => PaddingConfig2d::Same,
    }
}

/// The shape of one [`ConvNorm`].
#[derive(Clone, Copy, Debug)]
pub struct ConvNormConfig {
    /// Channels in.
    pub channels_in: usize,
    /// Channels out.
    pub channels_out: usize,
    /// Pixels along a side of the square kernel.
    pub kernel: usize,
    /// Step between outputs, in input pixels.
    pub stride: usize,
    /// 1 for a dense convolution, `channels_in` for a depthwise one.
    pub groups: usize,
    /// Whether the activation follows; a projection has none.
    pub activated: bool,
}

impl ConvNormConfig {
    /// A 1×1 convolution.
    pub fn pointwise(channels_in: usize, channels_out: usize) -> Self {
        Self {
            channels_in,
            channels_out,
            kernel: 1,
            stride: 1,
            groups: 1,
            activated: true,
        }
    }

    /// One filter a channel.
    pub fn depthwise(channels: usize, kernel: usize, stride: usize) -> Self {
        Self {
            channels_in: channels,
            channels_out: channels,
            kernel,
            stride,
            groups: channels,
            activated: true,
        }
    }

    /// The same without its activation.
    pub fn without_activation(self) -> Self {
        Self {
            activated: false,
            ..self
        }
    }

    /// Random weights, He-normal by fan-out as in torchvision.
    pub fn init(&self, style: &ConvStyle, device: &Device) -> ConvNorm {
        let conv = Conv2dConfig::new([self.channels_in, self.channels_out], [self.kernel; 2])
            .with_stride([self.stride; 2])
            .with_groups(self.groups)
            .with_padding(padding(style, self.kernel))
            .with_bias(style.folded)
            .with_initializer(Initializer::KaimingNormal {
                gain: std::f64::consts::SQRT_2,
                fan_out_only: true,
            })
            .init(device);
        let norm = (!style.folded).then(|| {
            BatchNormConfig::new(self.channels_out)
                .with_epsilon(style.norm_epsilon)
                .with_momentum(style.norm_momentum)
                .init(device)
        });
        ConvNorm {
            conv,
            norm,
            activation: self.activated.then_some(style.activation),
        }
    }
}

/// Convolution, batch normalization unless folded, activation unless a projection.
#[derive(Module, Debug)]
pub struct ConvNorm {
    /// Without bias before the normalization, with bias once folded.
    pub conv: Conv2d,
    /// `None` once folded into `conv`.
    pub norm: Option<BatchNorm>,
    #[module(skip)]
    activation: Option<Activation>,
}

impl ConvNorm {
    /// # Shapes
    /// - `x`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, ceil(height / stride), ceil(width / stride)]`
    pub fn forward(&self, x: impl Into<FeatureMap>) -> FeatureMap {
        let x: FeatureMap = x.into();
        x.convolve(&self.conv, self.norm.as_ref(), self.activation)
    }
}
