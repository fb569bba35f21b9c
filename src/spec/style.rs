//! Settings that all convolutions of one network share.

use serde::{Deserialize, Serialize};

use crate::engine::plan;

/// The function after a normalized convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActivationConfig {
    /// `x · sigmoid(x)`, EfficientNet's own (<https://arxiv.org/abs/1702.03118>).
    Silu,
    /// `min(max(x, 0), 6)`, EfficientNet-Lite's, which keeps its pretrained features intact and
    /// costs less in a browser.
    Relu6,
    /// `max(x, 0)`, the conventional network's.
    Relu,
}

impl From<ActivationConfig> for plan::Activation {
    fn from(activation: ActivationConfig) -> Self {
        match activation {
            ActivationConfig::Silu => Self::Silu,
            ActivationConfig::Relu6 => Self::Relu6,
            ActivationConfig::Relu => Self::Relu,
        }
    }
}

/// Padding of a convolution; the kinds differ where the stride is 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Padding {
    /// `kernel / 2` on every side, as in PyTorch.
    Symmetric,
    /// As much as the output size `ceil(input / stride)` needs, the odd pixel at the bottom right,
    /// as in TensorFlow; what EfficientNet-Lite's weights were trained with.
    Same,
}

/// Settings that all convolutions of one network share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvStyle {
    /// The function after each normalized convolution.
    pub activation: ActivationConfig,
    /// Padding of all convolutions.
    pub padding: Padding,
    /// Added to the variance in batch normalization.
    pub norm_epsilon: f64,
    /// Weight of the newest batch in the running statistics, 0 to 1.
    pub norm_momentum: f64,
    /// Whether normalization has been folded into the convolutions (see `nn::fold`); such a network
    /// is for inference only.
    pub folded: bool,
}
