//! The backbones: networks from pixels to features.

use burn::module::{
    Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
};
use burn::tensor::{Device, Tensor};

use super::cnn::Cnn;
use super::efficientnet::EfficientNet;

/// One of the backbones. The names of its tensors do not contain the variant, for example
/// `backbone.stem.conv.weight`: the configuration says which one it is.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one in a program, and never a list of them"
)]
pub enum Backbone {
    /// EfficientNet-B0, see [`super::efficientnet`].
    EfficientNetB0(EfficientNet),
    /// The conventional network, see [`super::cnn`].
    Cnn(Cnn),
}

impl Backbone {
    /// Freezes the weights and the statistics of the stem and of the first `blocks` blocks: nothing
    /// is differentiated there. The conventional network always trains as a whole, since no
    /// pretrained weights fit it.
    pub fn freeze_start(self, blocks: usize) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.freeze_start(blocks)),
            Self::Cnn(network) => Self::Cnn(network),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, size, size]`
    /// - output: `[batch, channels, side, side]`, see [`crate::spec::architecture::BackboneKind`]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::EfficientNetB0(network) => network.forward(x),
            Self::Cnn(network) => network.forward(x),
        }
    }
}

// Not derived, because the derived one puts the variant's name into every tensor's.
impl Module for Backbone {
    fn collect_devices(&self, devices: Devices) -> Devices {
        match self {
            Self::EfficientNetB0(network) => network.collect_devices(devices),
            Self::Cnn(network) => network.collect_devices(devices),
        }
    }

    fn fork(self, device: &Device) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.fork(device)),
            Self::Cnn(network) => Self::Cnn(network.fork(device)),
        }
    }

    fn to_device(self, device: &Device) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.to_device(device)),
            Self::Cnn(network) => Self::Cnn(network.to_device(device)),
        }
    }

    fn train(self) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.train()),
            Self::Cnn(network) => Self::Cnn(network.train()),
        }
    }

    fn valid(&self) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.valid()),
            Self::Cnn(network) => Self::Cnn(network.valid()),
        }
    }

    fn materialize(self) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.materialize()),
            Self::Cnn(network) => Self::Cnn(network.materialize()),
        }
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        match self {
            Self::EfficientNetB0(network) => network.visit(visitor),
            Self::Cnn(network) => network.visit(visitor),
        }
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        match self {
            Self::EfficientNetB0(network) => Self::EfficientNetB0(network.map(mapper)),
            Self::Cnn(network) => Self::Cnn(network.map(mapper)),
        }
    }
}

impl ModuleDisplayDefault for Backbone {
    fn content(&self, content: Content) -> Option<Content> {
        match self {
            Self::EfficientNetB0(network) => network.content(content),
            Self::Cnn(network) => network.content(content),
        }
    }

    fn num_params(&self) -> usize {
        Module::num_params(self)
    }
}

impl ModuleDisplay for Backbone {}
