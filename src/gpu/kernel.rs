//! The kernels: their sources, and the constants that their pipelines are specialized by.

use burn_wgpu::wgpu;

use super::template::expand;
use crate::engine::plan::{Activation, Window};

/// Kind of adapter; the sizes of tiles depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdapterKind {
    /// A GPU: many invocations, each with few registers, waiting for memory together.
    Hardware,
    /// A program that emulates a GPU on the CPU's few cores: loads and barriers are expensive,
    /// registers are memory, and a few invocations occupy it.
    Software,
}

impl AdapterKind {
    /// Returns the kind of adapter behind `device`.
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

/// A kernel with the constants that are compiled into it; each value is a pipeline of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// A 1×1 convolution: `tiles` tiles per workgroup, of `pixels × quads` sums, each shared by
    /// `split` invocations.
    Pointwise {
        /// Applied to each sum.
        activation: Activation,
        /// Whether the input is multiplied with a gate.
        gated: bool,
        /// Tiles per workgroup.
        tiles: usize,
        /// Invocations per tile.
        split: usize,
        /// Pixels per tile.
        pixels: usize,
        /// Quads of channels per tile.
        quads: usize,
    },
    /// A dense convolution of any other window.
    Dense {
        /// Applied to each sum.
        activation: Activation,
        /// Pixels along a side of the kernel.
        kernel: usize,
        /// Distance between neighbouring outputs, in input pixels.
        stride: usize,
        /// Neighbouring pixels of a row that an invocation computes.
        columns: usize,
        /// Quads of channels that it computes for each pixel.
        quads: usize,
    },
    /// A depthwise convolution.
    Depthwise {
        /// Applied to each sum.
        activation: Activation,
        /// Pixels along a side of the kernel.
        kernel: usize,
        /// Distance between neighbouring outputs, in input pixels.
        stride: usize,
        /// Neighbouring pixels of a row that an invocation computes.
        columns: usize,
    },
    /// Squeeze-and-excitation's gate, one workgroup per image.
    ChannelGate {
        /// Applied between its two layers.
        activation: Activation,
        /// Invocations of the workgroup.
        threads: usize,
    },
    /// Mean and maximum over the channels, one workgroup per pixel.
    Summarize {
        /// Invocations of the workgroup, a power of 2.
        threads: usize,
    },
    /// The spatial gate, from the output of [`Kernel::Summarize`].
    SpatialGate,
    /// The mean of each channel.
    Pool {
        /// Invocations that share the pixels of one quad.
        lines: usize,
    },
    /// The input plus a smaller map.
    UpsampleAdd,
}

/// The most quads that [`Kernel::ChannelGate`] has workgroup memory for.
pub const GATE_QUADS: usize = 512;
/// The most channels between the two layers of [`Kernel::ChannelGate`].
pub const GATE_SQUEEZED: usize = 512;
/// Invocations per workgroup where they share nothing. Few, so that the last workgroup of a small
/// map does not keep one core waiting for the other.
const THREADS: usize = 32;
/// The largest tile, in pixels × quads, that is finished without a loop.
const UNROLLED: usize = 8;
/// Quads per workgroup of [`Kernel::Pool`].
const POOL_QUADS: usize = 16;

impl Kernel {
    /// Returns a [`Kernel::Pointwise`] for a map of `pixels` output pixels.
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

    /// Returns a [`Kernel::Dense`] for a window.
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

    /// Returns a [`Kernel::Depthwise`] for a window, and a map of `map_columns` output columns.
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
            // A small map may have fewer columns.
            columns: most.min(map_columns),
        }
    }

    /// Returns a [`Kernel::ChannelGate`].
    pub fn channel_gate(adapter: AdapterKind, activation: Activation) -> Self {
        Self::ChannelGate {
            activation,
            threads: adapter.pick(256, 16),
        }
    }

    /// Returns a [`Kernel::Summarize`].
    pub fn summarize(adapter: AdapterKind) -> Self {
        Self::Summarize {
            threads: adapter.pick(64, 4),
        }
    }

    /// Returns a [`Kernel::Pool`].
    pub fn pool(adapter: AdapterKind) -> Self {
        Self::Pool {
            lines: adapter.pick(8, 1),
        }
    }

    /// Returns the name: that of its file in `shaders/`, and of its twin in
    /// [`crate::engine::reference`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Pointwise { .. } => "pointwise",
            Self::Dense { .. } => "dense",
            Self::Depthwise { .. } => "depthwise",
            Self::ChannelGate { .. } => "channel_gate",
            Self::Summarize { .. } => "summarize",
            Self::SpatialGate => "spatial_gate",
            Self::Pool { .. } => "pool",
            Self::UpsampleAdd => "upsample_add",
        }
    }

    /// Returns whether it reads an input, weights, a gate and a map to add. The buffers that it does
    /// read are bound in this order, then the output, then the parameters.
    pub fn reads(self) -> [bool; 4] {
        match self {
            Self::Pointwise { gated, .. } => [true, true, gated, true],
            Self::Dense { .. } => [true; 4],
            Self::Depthwise { .. } | Self::ChannelGate { .. } | Self::SpatialGate => {
                [true, true, false, false]
            }
            Self::Summarize { .. } => [true, false, false, false],
            Self::Pool { .. } => [true, false, true, false],
            Self::UpsampleAdd => [true, false, false, true],
        }
    }

    /// Returns the WGSL source; its entry point is `main`.
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
            Self::UpsampleAdd => include_str!("shaders/upsample_add.wgsl").to_owned(),
        };
        let activation = match self {
            Self::Pointwise { activation, .. }
            | Self::Dense { activation, .. }
            | Self::Depthwise { activation, .. }
            | Self::ChannelGate { activation, .. } => activation_number(activation),
            _ => activation_number(Activation::Identity),
        };
        let common = include_str!("shaders/common.wgsl");
        let source = expand(common, &[("ACTIVATION", activation)]) + &body;
        let reads = self.reads();
        let place = |count: usize| reads[..count].iter().map(|&is_read| flag(is_read)).sum();
        let output: usize = place(4);
        expand(
            &source,
            &[
                ("INPUT", 0),
                ("WEIGHTS", place(1)),
                ("GATE", place(2)),
                ("ADDED", place(3)),
                ("OUTPUT", output),
                ("PARAMETERS", output + 1),
            ],
        )
    }

    /// Returns the number of workgroups along x, y and z for a map of `map_quads` quads per pixel.
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
            Self::UpsampleAdd => [(map_quads * map_pixels).div_ceil(64), 1],
        };
        [x, y, batch]
    }
}

/// Returns the number of an activation in the kernels' sources.
fn activation_number(activation: Activation) -> usize {
    match activation {
        Activation::Identity => 0,
        Activation::Relu => 1,
        Activation::Relu6 => 2,
        Activation::Silu => 3,
        Activation::Sigmoid => 4,
    }
}
