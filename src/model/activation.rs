//! The nonlinearity of the backbone.

use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

/// The function after a normalized convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// `x · sigmoid(x)`, EfficientNet's own (<https://arxiv.org/abs/1702.03118>).
    Silu,
    /// `min(max(x, 0), 6)`, EfficientNet-Lite's, which keeps its pretrained features intact and
    /// costs less in a browser.
    Relu6,
    /// `max(x, 0)`, the conventional network's.
    Relu,
}

impl Activation {
    /// Applies the function to each element.
    ///
    /// # Shapes
    /// - `x`, output: any, the same
    pub fn forward<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Silu => activation::silu(x),
            Self::Relu6 => x.clamp(0.0, 6.0),
            Self::Relu => activation::relu(x),
        }
    }
}
