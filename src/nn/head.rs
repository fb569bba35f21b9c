//! From gated features to the logits of one head or two.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation};

use crate::spec::architecture::{HeadConfig, Pooling};
use crate::spec::style::ConvStyle;

/// Normalizes, pools, then applies linear layers with ReLU between them.
#[derive(Module, Debug)]
pub struct Head {
    /// `None` where the head has none, or once it is folded.
    pub norm: Option<BatchNorm>,
    /// Linear layers; the last one gives the logits.
    pub layers: Vec<Linear>,
    dropout: Dropout,
    #[module(skip)]
    pooling: Pooling,
}

impl Head {
    /// Creates the layers with random weights, for maps of `channels` channels and `area` pixels.
    /// The normalization is left out of a folded network, whose first linear layer contains it.
    pub fn new(
        config: &HeadConfig,
        channels: usize,
        area: usize,
        style: &ConvStyle,
        device: &Device,
    ) -> Self {
        let pooled = match config.pooling {
            Pooling::Mean => channels,
            Pooling::Flatten => channels * area,
        };
        let widths: Vec<usize> = [pooled]
            .into_iter()
            .chain(config.hidden.iter().copied())
            .chain([config.outputs()])
            .collect();
        Self {
            norm: (config.normalized && !style.folded).then(|| {
                BatchNormConfig::new(channels)
                    .with_epsilon(style.norm_epsilon)
                    .with_momentum(style.norm_momentum)
                    .init(device)
            }),
            layers: widths
                .windows(2)
                .map(|pair| LinearConfig::new(pair[0], pair[1]).init(device))
                .collect(),
            dropout: DropoutConfig::new(config.dropout).init(),
            pooling: config.pooling,
        }
    }

    /// # Shapes
    /// - `features`: `[batch, channels, height, width]`
    /// - output: `[batch, 7]`, or `[batch, 16]` with both heads, see [`crate::spec::heads`]
    pub fn forward(&self, features: Tensor<4>) -> Tensor<2> {
        // Normalization is affine for each channel, so pooling first would give the same at
        // inference; in training the statistics are those of the map.
        let features = match &self.norm {
            Some(norm) => norm.forward(features),
            None => features,
        };
        let pooled: Tensor<2> = match self.pooling {
            Pooling::Mean => features.mean_dims(&[2, 3]).flatten(1, 3), // [batch, channels]
            Pooling::Flatten => features.flatten(1, 3), // [batch, channels · height · width]
        };
        let last = self.layers.len().saturating_sub(1);
        self.layers
            .iter()
            .enumerate()
            .fold(pooled, |x, (index, layer)| {
                let x = layer.forward(self.dropout.forward(x)); // [batch, width]
                if index == last {
                    x
                } else {
                    activation::relu(x)
                }
            })
    }
}
