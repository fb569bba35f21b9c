//! The shape of a convolution, as every network here uses it.

/// One convolution, and whether the activation follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvConfig {
    /// Channels in.
    pub channels_in: usize,
    /// Channels out.
    pub channels_out: usize,
    /// Pixels along a side of the square kernel.
    pub kernel: usize,
    /// Step between outputs, in input pixels.
    pub stride: usize,
    /// 1 for a dense convolution, `channels_in` for a depthwise one.
    pub groups: usize,
    /// Whether the activation follows; a projection has none.
    pub activated: bool,
}

impl ConvConfig {
    /// Every output sees every channel.
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

    /// A 1×1 convolution.
    pub fn pointwise(channels_in: usize, channels_out: usize) -> Self {
        Self::dense(channels_in, channels_out, 1, 1)
    }

    /// One filter a channel.
    pub fn depthwise(channels: usize, kernel: usize, stride: usize) -> Self {
        Self {
            groups: channels,
            ..Self::dense(channels, channels, kernel, stride)
        }
    }

    /// The same without its activation.
    pub fn without_activation(self) -> Self {
        Self {
            activated: false,
            ..self
        }
    }

    /// Numbers of its kernel.
    pub fn weights(&self) -> usize {
        self.channels_out * (self.channels_in / self.groups.max(1)) * self.kernel * self.kernel
    }
}
