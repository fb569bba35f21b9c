//! The kernels: their sources, and the numbers that their pipelines are specialized by.

use super::template::expand;
use crate::engine::plan::{Activation, Window};

/// What computes: tiles are cut to suit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdapterKind {
    /// A GPU: many invocations, each with few registers, waiting for memory together.
    Hardware,
    /// A program that plays a GPU on the CPU's few cores: loads and barriers are dear, registers
    /// are memory, and a few invocations occupy it.
    Software,
}

impl AdapterKind {
    /// What is behind `device`.
    pub fn of(device: &wgpu::Device) -> Self {
        match device.adapter_info().device_type {
            wgpu::DeviceType::Cpu => Self::Software,
            _ => Self::Hardware,
        }
    }

    fn pick<T>(self, hardware: T, software: T) -> T {
        match self {
            Self::Hardware => hardware,
            Self::Software => software,
        }
    }
}

/// A kernel with the numbers that are compiled into it: one pipeline each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// A 1×1 convolution: `tiles` tiles a workgroup, of `pixels × quads` sums, each shared by
    /// `split` invocations.
    Pointwise {
        /// Applied to each sum.
        activation: Activation,
        /// Whether the input is multiplied with a gate.
        gated: bool,
        /// Tiles.
        tiles: usize,
        /// Invocations for each tile.
        split: usize,
        /// Pixels of a tile.
        pixels: usize,
        /// Quads of a tile.
        quads: usize,
    },
    /// A dense convolution of any other window.
    Dense {
        /// Applied to each sum.
        activation: Activation,
        /// Pixels along a side of the kernel.
        kernel: usize,
        /// Input pixels from one output to the next.
        stride: usize,
        /// Neighbours in a row that an invocation computes.
        columns: usize,
        /// Quads that it computes of each.
        quads: usize,
    },
    /// A depthwise convolution.
    Depthwise {
        /// Applied to each sum.
        activation: Activation,
        /// Pixels along a side of the kernel.
        kernel: usize,
        /// Input pixels from one output to the next.
        stride: usize,
        /// Neighbours in a row that an invocation computes.
        columns: usize,
    },
    /// Squeeze-and-excitation's gate, one workgroup an image.
    ChannelGate {
        /// Between its layers.
        activation: Activation,
        /// Invocations of the workgroup.
        threads: usize,
    },
    /// Mean and maximum over the channels, one workgroup a pixel.
    Summarize {
        /// Invocations of the workgroup, a power of 2.
        threads: usize,
    },
    /// The spatial gate of those.
    SpatialGate,
    /// The mean of each channel.
    Pool {
        /// Invocations that share the pixels of a quad.
        lines: usize,
    },
    /// The input plus a smaller map.
    UpsampleAdd,
}

/// The most quads that [`Kernel::ChannelGate`] has workgroup memory for.
pub const GATE_QUADS: usize = 512;
/// The most channels between its layers.
pub const GATE_SQUEEZED: usize = 512;
/// Invocations of a workgroup where they share nothing. Few, so that the last workgroup of a small
/// map does not keep one core waiting for the other.
const THREADS: usize = 32;
/// The largest tile that is finished without a loop.
const UNROLLED: usize = 8;
/// Quads of a workgroup of [`Kernel::Pool`].
const POOL_QUADS: usize = 16;

impl Kernel {
    /// For a map of so many output pixels.
    pub fn pointwise(
        adapter: AdapterKind,
        activation: Activation,
        gated: bool,
        pixels: usize,
    ) -> Self {
        let [tiles, split, pixels, quads] = match (adapter, pixels) {
            (AdapterKind::Hardware, 0..=1) => [1, 64, 1, 1],
            (AdapterKind::Hardware, 2..=256) => [8, 8, 4, 2],
            (AdapterKind::Hardware, _) => [64, 1, 4, 2],
            (AdapterKind::Software, 0..=1) => [4, 1, 1, 1],
            (AdapterKind::Software, _) => [16, 1, 9, 4],
        };
        Self::Pointwise {
            activation,
            gated,
            tiles,
            split,
            pixels,
            quads,
        }
    }

    /// See [`Kernel::Dense`].
    pub fn dense(adapter: AdapterKind, activation: Activation, window: Window) -> Self {
        let [columns, quads] = adapter.pick([4, 1], [4, 2]);
        Self::Dense {
            activation,
            kernel: window.kernel,
            stride: window.stride,
            columns,
            quads,
        }
    }

    /// See [`Kernel::Depthwise`].
    pub fn depthwise(
        adapter: AdapterKind,
        activation: Activation,
        window: Window,
        map_columns: usize,
    ) -> Self {
        let most = adapter.pick(4, 6);
        Self::Depthwise {
            activation,
            kernel: window.kernel,
            stride: window.stride,
            // No more than a small map has.
            columns: most.min(map_columns),
        }
    }

    /// See [`Kernel::ChannelGate`].
    pub fn channel_gate(adapter: AdapterKind, activation: Activation) -> Self {
        Self::ChannelGate {
            activation,
            threads: adapter.pick(256, 16),
        }
    }

    /// See [`Kernel::Summarize`].
    pub fn summarize(adapter: AdapterKind) -> Self {
        Self::Summarize {
            threads: adapter.pick(64, 4),
        }
    }

    /// See [`Kernel::Pool`].
    pub fn pool(adapter: AdapterKind) -> Self {
        Self::Pool {
            lines: adapter.pick(8, 1),
        }
    }

    /// The WGSL; its entry point is `main`.
    pub fn source(self) -> String {
        let flag = usize::from;
        let body = match self {
            Self::Pointwise {
                gated,
                tiles,
                split,
                pixels,
                quads,
                ..
            } => expand(
                include_str!("shaders/pointwise.wgsl"),
                &[
                    ("TILES", tiles),
                    ("SPLIT", split),
                    ("PIXELS", pixels),
                    ("QUADS", quads),
                    ("SPLITS", flag(split > 1)),
                    ("WHOLE", flag(split == 1)),
                    ("UNROLLED", flag(split == 1 && pixels * quads <= UNROLLED)),
                    ("LOOPED", flag(split == 1 && pixels * quads > UNROLLED)),
                    ("GATED", flag(gated)),
                    ("PLAIN", flag(!gated)),
                ],
            ),
            Self::Dense {
                kernel,
                stride,
                columns,
                quads,
                ..
            } => expand(
                include_str!("shaders/dense.wgsl"),
                &[
                    ("THREADS", THREADS),
                    ("KERNEL", kernel),
                    ("STRIDE", stride),
                    ("COLUMNS", columns),
                    ("QUADS", quads),
                    ("SPAN", (columns - 1) * stride + kernel),
                ],
            ),
            Self::Depthwise {
                kernel,
                stride,
                columns,
                ..
            } => expand(
                include_str!("shaders/depthwise.wgsl"),
                &[
                    ("THREADS", THREADS),
                    ("KERNEL", kernel),
                    ("STRIDE", stride),
                    ("COLUMNS", columns),
                    ("SPAN", (columns - 1) * stride + kernel),
                ],
            ),
            Self::ChannelGate { threads, .. } => expand(
                include_str!("shaders/channel_gate.wgsl"),
                &[
                    ("THREADS", threads),
                    ("QUADS", GATE_QUADS),
                    ("SQUEEZED", GATE_SQUEEZED),
                ],
            ),
            Self::Summarize { threads } => expand(
                include_str!("shaders/summarize.wgsl"),
                &[("THREADS", threads), ("HALF", threads / 2)],
            ),
            Self::SpatialGate => include_str!("shaders/spatial_gate.wgsl").to_owned(),
            Self::Pool { lines } => expand(
                include_str!("shaders/pool.wgsl"),
                &[
                    ("ACROSS", POOL_QUADS),
                    ("LINES", lines),
                    ("SHARED", flag(lines > 1)),
                ],
            ),
            Self::UpsampleAdd => include_str!("shaders/add_enlarged.wgsl").to_owned(),
        };
        let activation = match self {
            Self::Pointwise { activation, .. }
            | Self::Dense { activation, .. }
            | Self::Depthwise { activation, .. }
            | Self::ChannelGate { activation, .. } => activation_number(activation),
            _ => activation_number(Activation::Identity),
        };
        let mut source = expand(
            include_str!("shaders/common.wgsl"),
            &[("ACTIVATION", activation)],
        );
        source.push_str(&body);
        source
    }

    /// The workgroups that compute a map of `rows × columns` pixels of `quads`.
    pub fn workgroups(
        self,
        [map_rows, map_columns]: [usize; 2],
        map_quads: usize,
        batch: usize,
    ) -> [usize; 3] {
        let map_pixels = map_rows * map_columns;
        let [x, y] = match self {
            Self::Pointwise {
                tiles,
                pixels,
                quads,
                ..
            } => {
                let count = map_quads.div_ceil(quads) * map_pixels.div_ceil(pixels);
                [count.div_ceil(tiles), 1]
            }
            Self::Dense { columns, quads, .. } => {
                let count = map_quads.div_ceil(quads) * map_columns.div_ceil(columns) * map_rows;
                [count.div_ceil(THREADS), 1]
            }
            Self::Depthwise { columns, .. } => {
                let count = map_quads * map_columns.div_ceil(columns) * map_rows;
                [count.div_ceil(THREADS), 1]
            }
            Self::ChannelGate { .. } => [1, 1],
            Self::Summarize { .. } => [map_columns, map_rows],
            Self::SpatialGate => [map_pixels.div_ceil(64), 1],
            Self::Pool { .. } => [map_quads.div_ceil(POOL_QUADS), 1],
            Self::UpsampleAdd => [map_quads.div_ceil(8), map_pixels.div_ceil(8)],
        };
        [x, y, batch]
    }
}

/// The number that the kernels know a function by.
fn activation_number(activation: Activation) -> usize {
    match activation {
        Activation::Identity => 0,
        Activation::Relu => 1,
        Activation::Relu6 => 2,
        Activation::Silu => 3,
        Activation::Sigmoid => 4,
    }
}
