//! The nonlinearity of the backbone.

use burn::tensor::{Tensor, activation};

use crate::spec::style::Activation;

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
