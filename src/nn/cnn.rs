//! The conventional network of [`crate::spec::cnn`].

use burn::module::Module;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::tensor::{Device, Tensor};

use super::layers::conv_norm::ConvNorm;
use crate::kernels::FeatureMap;
use crate::spec::cnn::convolutions;
use crate::spec::style::ConvStyle;

/// Convolutions, then a max-pooling.
#[derive(Module, Debug)]
pub struct CnnBlock {
    /// Convolutions of 3×3, stride 1.
    pub convs: Vec<ConvNorm>,
    pool: MaxPool2d,
}

impl CnnBlock {
    /// # Shapes
    /// - `x`: `[batch, channels_in, side, side]`
    /// - output: `[batch, channels, side / 2, side / 2]`, rounded down
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let convs = self.convs.iter();
        let x = convs.fold(FeatureMap::from(x), |x, conv| conv.forward(x)); // [batch, channels, side, side]
        self.pool.forward(x.into_tensor()) // [batch, channels, side / 2, side / 2]
    }
}

/// The convolutional part; the dense layers are in [`super::head`].
#[derive(Module, Debug)]
pub struct Cnn {
    /// One block for each row of [`crate::spec::cnn::BLOCKS`], in order.
    pub blocks: Vec<CnnBlock>,
}

impl Cnn {
    /// Creates the layers with random weights.
    pub fn new(channels_in: usize, style: &ConvStyle, device: &Device) -> Self {
        let blocks = convolutions(channels_in).map(|configs| {
            let convs = configs.iter();
            CnnBlock {
                convs: convs
                    .map(|config| ConvNorm::new(config, style, device))
                    .collect(),
                pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            }
        });
        Self {
            blocks: blocks.into(),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, size, size]`
    /// - output: `[batch, 512, size / 16, size / 16]`, rounded down
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.blocks.iter().fold(x, |x, block| block.forward(x))
    }
}
