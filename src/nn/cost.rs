//! What a network costs: parameters, and multiply-accumulates of one forward pass.
//!
//! Both are read off an initialized network, layer by layer, at the input size that it was
//! configured for. As usual in papers, a multiply-accumulate counts once and only convolutions and
//! linear layers are counted: normalization, activations, pooling and gates are next to nothing.

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};
use serde::Serialize;

use super::EmotionNet;
use super::backbone::Backbone;
use super::efficientnet::EfficientNet;
use super::layers::conv_norm::ConvNorm;
use super::layers::mbconv::MbConv;
use crate::spec::EmotionNetConfig;
use crate::spec::style::ConvStyle;

/// The cost of one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Numbers that training changes; running statistics are none.
    pub parameters: u64,
    /// Multiply-accumulates for one image.
    pub macs: u64,
}

impl Cost {
    /// Of the network as trained, whether or not `config` says that it is folded: folding moves
    /// the normalization's parameters into biases.
    pub fn of(config: &EmotionNetConfig) -> Self {
        let trained = EmotionNetConfig {
            style: ConvStyle {
                folded: false,
                ..config.style
            },
            ..config.clone()
        };
        let network = trained.init(&Device::flex());
        Self {
            parameters: learned(&network),
            macs: network_macs(&network, config.input_size),
        }
    }
}

/// Numbers that training changes.
fn learned(module: &impl Module) -> u64 {
    struct Learned {
        path: Vec<String>,
        count: u64,
    }
    impl ModuleVisitor for Learned {
        fn enter_module(&mut self, name: &str, _container_type: &str) {
            self.path.push(name.into());
        }

        fn exit_module(&mut self, _name: &str, _container_type: &str) {
            self.path.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let running = |name: &String| name.starts_with("running_");
            if !self.path.last().is_some_and(running) {
                self.count += param.lazy_shape().num_elements() as u64;
            }
        }
    }
    let mut visitor = Learned {
        path: vec![],
        count: 0,
    };
    module.visit(&mut visitor);
    visitor.count
}

/// Counts while a square map travels through the layers.
struct Walk {
    side: usize,
    macs: u64,
}

impl Walk {
    /// A layer that changes the map.
    fn conv(&mut self, conv: &Conv2d) {
        let [kernel, stride] = [conv.kernel_size[0], conv.stride[0].max(1)];
        self.side = match &conv.padding {
            PaddingConfig2d::Same => self.side.div_ceil(stride),
            PaddingConfig2d::Valid => self.side.saturating_sub(kernel) / stride + 1,
            PaddingConfig2d::Explicit(top, _, bottom, _) => {
                (self.side + top + bottom).saturating_sub(kernel) / stride + 1
            }
        };
        self.macs += conv_macs(conv, self.side);
    }

    fn layer(&mut self, layer: &ConvNorm) {
        self.conv(&layer.conv);
    }

    fn block(&mut self, block: &MbConv) {
        if let Some(expand) = &block.expand {
            self.layer(expand);
        }
        self.layer(&block.depthwise);
        if let Some(gate) = &block.squeeze_excite {
            self.macs += conv_macs(&gate.reduce, 1) + conv_macs(&gate.expand, 1);
        }
        self.layer(&block.project);
    }

    fn efficientnet(&mut self, network: &EfficientNet) {
        self.layer(&network.stem);
        for block in &network.blocks {
            self.block(block);
        }
        self.layer(&network.head);
    }
}

/// For an output of `side × side`: each of its numbers is a sum over one filter.
fn conv_macs(conv: &Conv2d, side: usize) -> u64 {
    conv.weight.lazy_shape().num_elements() as u64 * (side * side) as u64
}

fn network_macs(network: &EmotionNet, input_size: usize) -> u64 {
    let mut walk = Walk {
        side: input_size,
        macs: 0,
    };
    match &network.backbone {
        Backbone::EfficientNetB0(network) => walk.efficientnet(network),
        Backbone::Cnn(network) => {
            for block in &network.blocks {
                block.convs.iter().for_each(|conv| walk.layer(conv));
                walk.side /= 2; // the pooling
            }
        }
    }
    let side = walk.side;
    for conv in &network.attention.convs {
        walk.macs += conv_macs(conv, side);
    }
    let linear = network.head.layers.iter();
    let linear: usize = linear
        .map(|layer| layer.weight.lazy_shape().num_elements())
        .sum();
    walk.macs + linear as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::efficientnet::EfficientNetConfig;
    use crate::spec::architecture::AttentionConfig;
    use crate::spec::efficientnet::FEATURE_CHANNELS;

    #[test]
    fn efficientnet_b0_costs_what_its_paper_says() {
        let config = EfficientNetConfig {
            channels_in: 3,
            drop_path: 0.0,
            squeeze_excite: true,
        };
        let style = EmotionNetConfig::paper().style;
        let network = config.init(&style, &Device::flex());
        let mut walk = Walk { side: 224, macs: 0 };
        walk.efficientnet(&network);
        assert_eq!(walk.side, 7);
        // With the classifier of a thousand classes: 0.39 billion and 5.3 million
        // (arXiv 1905.11946, table 2).
        let macs = walk.macs + FEATURE_CHANNELS as u64 * 1000;
        assert_eq!((macs as f64 / 1e7).round(), 39.0, "{macs}");
        let parameters = learned(&network) + FEATURE_CHANNELS as u64 * 1000 + 1000;
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
