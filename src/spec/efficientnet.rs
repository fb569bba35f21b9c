//! The table of EfficientNet-B0 (Tan and Le 2019, <https://arxiv.org/abs/1905.11946>, table 1).

/// One row of the architecture table: `repeats` blocks, of which the first has the stride.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// How many times wider a block is inside.
    pub expansion: usize,
    /// Channels out.
    pub channels: usize,
    /// Blocks.
    pub repeats: usize,
    /// Stride of the first block.
    pub stride: usize,
    /// Pixels along a side of the depthwise kernel.
    pub kernel: usize,
}

/// Channels out of the stem.
pub const STEM_CHANNELS: usize = 32;

/// Channels of the feature map.
pub const FEATURE_CHANNELS: usize = 1280;

/// Input pixels a side for each feature pixel a side.
pub const FEATURE_STRIDE: usize = 32;

/// The B0 row of the paper's table.
#[rustfmt::skip]
pub const STAGES: [Stage; 7] = [
    Stage { expansion: 1, channels:  16, repeats: 1, stride: 1, kernel: 3 },
    Stage { expansion: 6, channels:  24, repeats: 2, stride: 2, kernel: 3 },
    Stage { expansion: 6, channels:  40, repeats: 2, stride: 2, kernel: 5 },
    Stage { expansion: 6, channels:  80, repeats: 3, stride: 2, kernel: 3 },
    Stage { expansion: 6, channels: 112, repeats: 3, stride: 1, kernel: 5 },
    Stage { expansion: 6, channels: 192, repeats: 4, stride: 2, kernel: 5 },
    Stage { expansion: 6, channels: 320, repeats: 1, stride: 1, kernel: 3 },
];
