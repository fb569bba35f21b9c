//! EfficientNet-B0 without its classifier (Tan and Le 2019, <https://arxiv.org/abs/1905.11946>,
//! table 1).

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::layers::conv_norm::ConvNorm;
use super::layers::mbconv::MbConv;
use crate::spec::efficientnet::EfficientNetConfig;
use crate::spec::style::ConvStyle;

/// Stem, blocks and head convolution.
#[derive(Module, Debug)]
pub struct EfficientNet {
    /// 3×3 convolution, stride 2.
    pub stem: ConvNorm,
    /// The sixteen blocks of [`EfficientNetConfig`].
    pub blocks: Vec<MbConv>,
    /// 1×1 convolution to 1280 channels.
    pub head: ConvNorm,
}

impl EfficientNet {
    /// Creates the layers with random weights. While training, the residual branch of block `i` of
    /// `n` is dropped with probability `drop_path · i / n`, counted from 0; `drop_path` is 0 to 1.
    pub fn new(
        config: &EfficientNetConfig,
        drop_path: f64,
        style: &ConvStyle,
        device: &Device,
    ) -> Self {
        let depth = config.blocks.len() as f64;
        let block =
            |(index, block)| MbConv::new(block, drop_path * index as f64 / depth, style, device);
        Self {
            stem: ConvNorm::new(&config.stem, style, device),
            blocks: config.blocks.iter().enumerate().map(block).collect(),
            head: ConvNorm::new(&config.head, style, device),
        }
    }

    /// Returns the same network with `change` made to each convolution.
    pub(super) fn map_convs(self, change: impl Fn(ConvNorm) -> ConvNorm) -> Self {
        let blocks = self.blocks.into_iter();
        Self {
            stem: change(self.stem),
            blocks: blocks.map(|block| block.map_convs(&change)).collect(),
            head: change(self.head),
        }
    }

    /// Freezes the weights and the statistics of the stem and of the first `blocks` blocks: nothing
    /// is differentiated there.
    pub fn freeze_start(mut self, blocks: usize) -> Self {
        self.stem = self.stem.freeze();
        self.blocks = self
            .blocks
            .into_iter()
            .enumerate()
            .map(|(index, block)| {
                if index < blocks {
                    block.freeze()
                } else {
                    block
                }
            })
            .collect();
        self
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, size, size]`
    /// - output: `[batch, 1280, ceil(size / 32), ceil(size / 32)]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = self.stem.forward(x); // [batch, 32, size / 2, size / 2]
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x)); // [batch, 320, size / 32, _]
        self.head.forward(x).into_tensor() // [batch, 1280, size / 32, size / 32]
    }
}
