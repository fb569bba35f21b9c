//! A plan for one batch and one size of input, as dispatches over buffers: no device is needed yet.

use super::kernel::{AdapterKind, GATE_QUADS, GATE_SQUEEZED, Kernel};
use super::pack::{ALIGNMENT, QUAD, is_pointwise, quads};
use crate::engine::EngineError;
use crate::engine::plan::{MapId, Operation, Plan, Step, Window};

/// Index of a buffer in its schedule.
pub type Slot = usize;

/// One dispatch of a kernel.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// The kernel to run.
    pub kernel: Kernel,
    /// Index of the plan's step whose weights it reads.
    pub step: usize,
    /// The buffers bound as input, gate and added; `None` where the kernel reads none.
    pub reads: [Option<Slot>; 3],
    /// The buffer that is written.
    pub output: Slot,
    /// Values of `Parameters` in `common.wgsl`.
    pub parameters: [u32; 16],
    /// Number of workgroups along x, y and z.
    pub workgroups: [u32; 3],
}

/// A map that is read back.
#[derive(Clone, Debug)]
pub struct Output {
    /// The buffer that holds it.
    pub slot: Slot,
    /// Number of pixels, over all images.
    pub pixels: usize,
    /// Number of channels; the buffer holds whole quads of them.
    pub channels: usize,
}

/// The dispatches of one forward pass, and its buffers.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The dispatches, in order.
    pub dispatches: Vec<Dispatch>,
    /// Bytes of each buffer for maps; a buffer serves several maps that are never needed together.
    pub slots: Vec<usize>,
    /// The buffer that the input is written to.
    pub input: Slot,
    /// Numbers per pixel of the input in its buffer: its channels, or whole quads.
    pub input_pixel_length: usize,
    /// Number of pixels of the input, over all images.
    pub input_pixels: usize,
    /// The maps that are read back, in order.
    pub outputs: Vec<Output>,
}

/// The most workgroups along a dimension that every WebGPU device runs.
const MOST_WORKGROUPS: usize = 65_535;
/// The most bytes of a binding on every WebGPU device.
const MOST_BYTES: usize = 128 << 20;

impl Schedule {
    /// Schedules a plan for inputs of `[batch, height, width]`.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if the default limits of WebGPU are not enough.
    pub fn new(
        plan: &Plan,
        adapter: AdapterKind,
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<Self, EngineError> {
        let input_pixel_length = if reads_input_loosely(plan) {
            plan.channels()[Plan::INPUT]
        } else {
            quads(plan.channels()[Plan::INPUT]) * QUAD
        };
        let mut slots = Slots::default();
        let input = slots.take(batch * height * width * input_pixel_length)?;
        let mut builder = Builder {
            plan,
            adapter,
            batch,
            sizes: plan.sizes(height, width),
            input_pixel_length,
            slots,
            slot_of: vec![input],
            dispatches: vec![],
        };
        let last_read_of = plan.last_read_of();
        for (index, step) in plan.steps().iter().enumerate() {
            builder.lower(index, step)?;
            let unread = |map: MapId| last_read_of[map].is_none() && !plan.outputs().contains(&map);
            for (map, &slot) in builder.slot_of.iter().enumerate() {
                if last_read_of[map] == Some(index) || (map == step.output && unread(map)) {
                    builder.slots.give_back(slot);
                }
            }
        }
        let output = |&map: &MapId| Output {
            slot: builder.slot_of[map],
            pixels: batch * builder.sizes[map].iter().product::<usize>(),
            channels: plan.channels()[map],
        };
        Ok(Self {
            outputs: plan.outputs().iter().map(output).collect(),
            dispatches: builder.dispatches,
            slots: builder.slots.bytes,
            input,
            input_pixel_length,
            input_pixels: batch * height * width,
        })
    }

    /// Returns the bytes of the input as it is uploaded.
    pub fn bytes_uploaded(&self) -> usize {
        self.input_pixels * self.input_pixel_length * size_of::<f32>()
    }
}

impl Output {
    /// Returns the bytes in the buffer.
    pub fn bytes(&self) -> usize {
        self.pixels * quads(self.channels) * QUAD * size_of::<f32>()
    }
}

/// Returns whether the input is only read channel by channel, so that it needs no padding.
fn reads_input_loosely(plan: &Plan) -> bool {
    let dense =
        |step: &Step| matches!(step.operation, Operation::Convolve(_)) && !is_pointwise(step);
    let loosely = |step: &Step| {
        let reads = step.reads().filter(|&map| map == Plan::INPUT).count();
        reads == 0 || (reads == 1 && step.input == Plan::INPUT && dense(step))
    };
    plan.steps().iter().all(loosely) && !plan.outputs().contains(&Plan::INPUT)
}

/// The buffers, and which of them hold no map that is still needed.
#[derive(Default)]
struct Slots {
    bytes: Vec<usize>,
    free: Vec<Slot>,
}

impl Slots {
    /// Returns a free buffer for `numbers` numbers: the smallest that is large enough, else the
    /// largest one made larger, else a new one.
    fn take(&mut self, numbers: usize) -> Result<Slot, EngineError> {
        let bytes = (numbers * size_of::<f32>()).next_multiple_of(ALIGNMENT);
        if bytes > MOST_BYTES {
            return Err(EngineError::TooLarge {
                what: "a map's bytes",
                found: bytes,
                limit: MOST_BYTES,
            });
        }
        let fits = |&&slot: &&Slot| self.bytes[slot] >= bytes;
        let smallest = self
            .free
            .iter()
            .filter(fits)
            .min_by_key(|&&slot| self.bytes[slot]);
        let largest = || self.free.iter().max_by_key(|&&slot| self.bytes[slot]);
        let Some(&slot) = smallest.or_else(largest) else {
            self.bytes.push(bytes);
            return Ok(self.bytes.len() - 1);
        };
        self.free.retain(|&free| free != slot);
        self.bytes[slot] = self.bytes[slot].max(bytes);
        Ok(slot)
    }

    fn give_back(&mut self, slot: Slot) {
        self.free.push(slot);
    }
}

struct Builder<'a> {
    plan: &'a Plan,
    adapter: AdapterKind,
    batch: usize,
    sizes: Vec<[usize; 2]>,
    input_pixel_length: usize,
    slots: Slots,
    /// The buffer of each map, as far as they have one.
    slot_of: Vec<Slot>,
    dispatches: Vec<Dispatch>,
}

/// A dispatch, in terms of its step.
struct Launch {
    kernel: Kernel,
    input: Slot,
    output: Slot,
    quads_out: usize,
    /// The parameter `channels_out`; two kernels use it for another number.
    number: usize,
    window: Window,
    gate: Option<MapId>,
    added: Option<MapId>,
}

impl Builder<'_> {
    fn lower(&mut self, index: usize, step: &Step) -> Result<(), EngineError> {
        let channels = self.plan.channels()[step.output];
        let pixels: usize = self.sizes[step.output].iter().product();
        let output = self
            .slots
            .take(self.batch * pixels * quads(channels) * QUAD)?;
        self.slot_of.push(output);
        let mut launch = Launch {
            kernel: Kernel::UpsampleAdd,
            input: self.slot_of[step.input],
            output,
            quads_out: quads(channels),
            number: channels,
            window: Window::PIXEL,
            gate: None,
            added: None,
        };
        match &step.operation {
            Operation::Convolve(layer) => {
                launch.kernel = if is_pointwise(step) {
                    Kernel::pointwise(self.adapter, layer.activation, layer.gate.is_some(), pixels)
                } else {
                    Kernel::dense(self.adapter, layer.activation, layer.window)
                };
                launch.window = layer.window;
                launch.gate = layer.gate;
                launch.added = layer.add;
            }
            Operation::Depthwise(layer) => {
                launch.kernel = Kernel::depthwise(
                    self.adapter,
                    layer.activation,
                    layer.window,
                    self.sizes[step.output][1],
                );
                launch.window = layer.window;
            }
            Operation::ChannelGate(gate) => {
                launch.kernel = Kernel::channel_gate(self.adapter, gate.activation);
                launch.number = gate.reduce_bias.len();
                at_most(
                    "the number of channels of a gate",
                    channels,
                    GATE_QUADS * QUAD,
                )?;
                at_most(
                    "the number of channels inside a gate",
                    launch.number,
                    GATE_SQUEEZED,
                )?;
            }
            Operation::SpatialGate(gate) => {
                let summary = self.slots.take(self.batch * pixels * QUAD)?;
                let summarize = Launch {
                    kernel: Kernel::summarize(self.adapter),
                    output: summary,
                    quads_out: 1,
                    ..launch
                };
                self.push(index, step, &summarize)?;
                launch.kernel = Kernel::SpatialGate;
                launch.input = summary;
                launch.window.kernel = gate.kernel;
                self.push(index, step, &launch)?;
                self.slots.give_back(summary);
                return Ok(());
            }
            Operation::Pool { gate } => {
                launch.kernel = Kernel::pool(self.adapter);
                launch.gate = *gate;
                launch.number = gate.map_or(0, |gate| self.plan.channels()[gate]);
            }
            Operation::UpsampleAdd { small } => launch.added = Some(*small),
        }
        self.push(index, step, &launch)
    }

    fn push(&mut self, index: usize, step: &Step, launch: &Launch) -> Result<(), EngineError> {
        let [rows_in, columns_in] = self.sizes[step.input];
        let [rows, columns] = self.sizes[step.output];
        let channels = self.plan.channels();
        let channels_in = channels[step.input];
        let pixel_length = match step.input {
            Plan::INPUT => self.input_pixel_length,
            _ => quads(channels_in) * QUAD,
        };
        // In the order of `Parameters` in `common.wgsl`.
        let numbers = [
            rows_in,
            columns_in,
            channels_in,
            quads(channels_in),
            rows,
            columns,
            launch.number,
            launch.quads_out,
            launch.window.kernel,
            launch.window.stride,
            launch.window.before(rows_in),
            launch.window.before(columns_in),
            usize::from(launch.added.is_some()),
            launch.gate.map_or(0, |gate| quads(channels[gate])),
            pixel_length,
            0,
        ];
        let size = [rows, columns];
        let workgroups = launch.kernel.workgroups(size, launch.quads_out, self.batch);
        for count in workgroups {
            at_most("a dispatch's number of workgroups", count, MOST_WORKGROUPS)?;
        }
        let place = |map: MapId| self.slot_of[map];
        self.dispatches.push(Dispatch {
            kernel: launch.kernel,
            step: index,
            reads: [
                Some(launch.input),
                launch.gate.map(place),
                launch.added.map(place),
            ],
            output: launch.output,
            parameters: numbers.map(|number| number as u32),
            workgroups: workgroups.map(|count| count as u32),
        });
        Ok(())
    }
}

fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), EngineError> {
    if found > limit {
        return Err(EngineError::TooLarge { what, found, limit });
    }
    Ok(())
}
