//! The shape of a convolution, as every network here uses it.

/// A convolution, and whether an activation follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvConfig {
    /// Number of input channels.
    pub channels_in: usize,
    /// Number of output channels.
    pub channels_out: usize,
    /// Pixels along a side of the square kernel.
    pub kernel: usize,
    /// Distance between neighbouring outputs, in input pixels.
    pub stride: usize,
    /// 1 for a dense convolution, `channels_in` for a depthwise one.
    pub groups: usize,
    /// Whether the activation follows; a projection has none.
    pub activated: bool,
}

impl ConvConfig {
    /// Returns a convolution in which every output reads every channel.
    pub fn dense(channels_in: usize, channels_out: usize, kernel: usize, stride: usize) -> Self {
        Self {
            channels_in,
            channels_out,
            kernel,
            stride,
            groups: 1,
            activated: true,
        }
    }

    /// Returns a 1×1 convolution.
    pub fn pointwise(channels_in: usize, channels_out: usize) -> Self {
        Self::dense(channels_in, channels_out, 1, 1)
    }

    /// Returns a convolution with one filter per channel.
    pub fn depthwise(channels: usize, kernel: usize, stride: usize) -> Self {
        Self {
            groups: channels,
            ..Self::dense(channels, channels, kernel, stride)
        }
    }

    /// Returns the same without its activation.
    pub fn without_activation(self) -> Self {
        Self {
            activated: false,
            ..self
        }
    }

    /// Returns the number of weights of its kernel.
    pub fn weights(&self) -> usize {
        self.channels_out * (self.channels_in / self.groups.max(1)) * self.kernel * self.kernel
    }
}
