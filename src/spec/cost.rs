//! The cost of a network: parameters, and multiply-accumulates of one forward pass.
//!
//! Both are summed over the layers of a description, at the input size that it was configured for.
//! As usual in papers, a multiply-accumulate counts once and only convolutions and linear layers
//! are counted: normalization, activations, pooling and gates are next to nothing.

use serde::Serialize;

use super::architecture::{AttentionConfig, BackboneKind, Pooling};
use super::conv::ConvConfig;
use super::efficientnet::EfficientNetConfig;
use super::{EmotionNetConfig, cnn};

/// The cost of one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Numbers that training changes, without running statistics.
    pub parameters: u64,
    /// Multiply-accumulates for one image.
    pub macs: u64,
}

impl Cost {
    /// Computes the cost of the network as trained, whether or not `config` says that it is folded:
    /// folding moves the normalization's parameters into biases.
    pub fn of(config: &EmotionNetConfig) -> Self {
        let mut count = Count::new(config.input_size);
        match config.backbone {
            BackboneKind::EfficientNetB0 => {
                count.efficientnet(&config.efficientnet());
            }
            BackboneKind::Cnn => {
                for block in cnn::convolutions(config.input_channels) {
                    block.iter().for_each(|conv| count.normalized(conv));
                    count.side /= 2; // the pooling
                }
            }
        }
        let channels = config.backbone.channels();
        let area = count.side * count.side;
        if config.attention == AttentionConfig::Dense {
            count.add(channels * channels, channels, area);
        }
        for kernel in config.attention.kernels() {
            count.add(2 * kernel * kernel, 1, area);
        }
        if config.head.normalized {
            count.add(0, 2 * channels, 0);
        }
        let mut width = match config.head.pooling {
            Pooling::Mean => channels,
            Pooling::Flatten => channels * area,
        };
        for &next in config.head.hidden.iter().chain([&config.head.outputs()]) {
            count.add(width * next, next, 1);
            width = next;
        }
        count.cost
    }
}

/// Counts while a square map passes through the layers.
struct Count {
    side: usize,
    cost: Cost,
}

impl Count {
    fn new(side: usize) -> Self {
        let cost = Cost {
            parameters: 0,
            macs: 0,
        };
        Self { side, cost }
    }

    /// Adds a layer whose weights are used once at each of `positions` places of its output.
    fn add(&mut self, weights: usize, others: usize, positions: usize) {
        self.cost.parameters += (weights + others) as u64;
        self.cost.macs += weights as u64 * positions as u64;
    }

    /// Adds a convolution, padded so that only its stride changes the map's size, and the scale and
    /// shift of its normalization.
    fn normalized(&mut self, conv: &ConvConfig) {
        self.side = self.side.div_ceil(conv.stride.max(1));
        self.add(conv.weights(), 2 * conv.channels_out, self.side * self.side);
    }

    fn efficientnet(&mut self, network: &EfficientNetConfig) {
        self.normalized(&network.stem);
        for block in &network.blocks {
            block.expand.iter().for_each(|conv| self.normalized(conv));
            self.normalized(&block.depthwise);
            if let Some(squeezed) = block.squeezed {
                let inner = block.depthwise.channels_out;
                self.add(2 * inner * squeezed, inner + squeezed, 1);
            }
            self.normalized(&block.project);
        }
        self.normalized(&network.head);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::efficientnet::FEATURE_CHANNELS;

    #[test]
    fn efficientnet_b0_costs_what_its_paper_says() {
        let mut count = Count::new(224);
        count.efficientnet(&EfficientNetConfig::new(3, true));
        assert_eq!(count.side, 7);
        // With the classifier of a thousand classes: 0.39 billion and 5.3 million
        // (arXiv 1905.11946, table 2).
        let macs = count.cost.macs + FEATURE_CHANNELS as u64 * 1000;
        assert_eq!((macs as f64 / 1e7).round(), 39.0, "{macs}");
        let parameters = count.cost.parameters + FEATURE_CHANNELS as u64 * 1000 + 1000;
        assert_eq!(parameters, 5_288_548); // torchvision's
    }

    #[test]
    fn a_layer_is_counted_as_by_hand() {
        let cost = |change: fn(&mut EmotionNetConfig)| {
            let mut config = EmotionNetConfig::moue();
            config.attention = AttentionConfig::None;
            change(&mut config);
            Cost::of(&config)
        };
        let none = cost(|_| ());
        // At 96 px the map has 3×3 pixels.
        let spatial = cost(|config| config.attention = AttentionConfig::Spatial);
        assert_eq!(spatial.macs - none.macs, 9 * 7 * 7 * 2);
        let dense = cost(|config| config.attention = AttentionConfig::Dense);
        assert_eq!(dense.macs - none.macs, 9 * 1280 * 1280);
        let wide = cost(|config| config.head.hidden = vec![10]);
        assert_eq!(wide.macs + 1280 * 16, none.macs + 1280 * 10 + 10 * 16);
        // Two more channels in a stem of 48×48×32.
        let colour = cost(|config| config.input_channels = 3);
        assert_eq!(colour.macs - none.macs, 48 * 48 * 32 * 2 * 9);
    }

    #[test]
    fn the_named_networks_cost_what_the_tables_say() {
        let parameters = |config: EmotionNetConfig| Cost::of(&config).parameters;
        assert_eq!(parameters(EmotionNetConfig::paper()), 6_438_787);
        assert_eq!(parameters(EmotionNetConfig::cnn()), 15_178_055);
        let moue = parameters(EmotionNetConfig::moue());
        assert_eq!(moue, 4_007_548 - 2 * 32 * 9 + 169 + 16 * 1_281);
        assert_eq!(parameters(EmotionNetConfig::moue().folded()), moue);
        // Each block of the table once, at 48, 24, 12 and 6 pixels a side, and the dense layers.
        let nine = 9u64;
        let convs = 48 * 48 * nine * (64 + 64 * 64)
            + 24 * 24 * nine * (64 * 128 + 128 * 128)
            + 12 * 12 * nine * (128 * 256 + 256 * 256)
            + 6 * 6 * nine * (256 * 512 + 512 * 512);
        let dense = 3 * 3 * 512 * 2048 + 2048 * 512 + 512 * 7;
        assert_eq!(Cost::of(&EmotionNetConfig::cnn()).macs, convs + dense);
    }
}
