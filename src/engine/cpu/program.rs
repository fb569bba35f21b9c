//! A plan with its weights packed, and the memory it is computed in.

use crate::engine::plan::{Activation, MapId, Operation, OutputSize, Plan, SpatialGate, Window};
use crate::platform::simd::{Lanes, Level, SimdKernel};

use super::activate::{Clamp, Finish, is_nonlinear};
use super::arrange::PadAndGate;
use super::buffer::{Buffer, padded};
use super::depthwise::DepthwiseOp;
use super::gate::{self, ChannelGateOp};
use super::product::{MatmulOp, Panels, Rows};
use super::spatial::{self, Pool, UpsampleAdd};

/// A [`Plan`] that is ready to be computed any number of times. Memory is kept between calls.
pub struct CpuProgram {
    level: Level,
    steps: Vec<Step>,
    outputs: Vec<MapId>,
    maps: Vec<Map>,
    slots: Vec<Buffer>,
    scratch: Buffer,
}

/// A map of the plan.
struct Map {
    channels: usize,
    /// Distance from one pixel to the next, in numbers.
    stride: usize,
    /// Height and width at the last call, in pixels.
    size: [usize; 2],
    /// Index of the buffer that holds it; other maps use the buffer before and after.
    slot: usize,
}

struct Step {
    input: MapId,
    output: MapId,
    extent: OutputSize,
    operation: Packed,
}

enum Packed {
    Convolve {
        window: Window,
        panels: Panels,
        activation: Activation,
        gate: Option<MapId>,
        add: Option<MapId>,
    },
    Depthwise {
        window: Window,
        weights: Buffer,
        bias: Buffer,
        activation: Activation,
    },
    ChannelGate(gate::GateWeights),
    SpatialGate(SpatialGate),
    Pool(Option<MapId>),
    UpsampleAdd(MapId),
}

/// Returns the number of lanes of a level.
struct Count;

impl SimdKernel for Count {
    type Output = usize;

    #[inline(always)]
    fn run<V: Lanes>(self) -> usize {
        V::COUNT
    }
}

impl CpuProgram {
    /// Packs the weights of a plan for this machine's instruction set.
    pub fn new(plan: &Plan) -> Self {
        Self::with_level(plan, Level::detect())
    }

    pub(super) fn with_level(plan: &Plan, level: Level) -> Self {
        let lanes = level.run(Count);
        let pack = |operation: &Operation| match operation {
            Operation::Convolve(layer) => Packed::Convolve {
                window: layer.window,
                panels: Panels::new(&layer.weights, &layer.bias, lanes),
                activation: layer.activation,
                gate: layer.gate,
                add: layer.add,
            },
            Operation::Depthwise(layer) => {
                let channels = layer.bias.len();
                Packed::Depthwise {
                    window: layer.window,
                    weights: Buffer::with_rows(layer.weights.iter().copied(), channels),
                    bias: Buffer::with_rows(layer.bias.iter().copied(), channels),
                    activation: layer.activation,
                }
            }
            Operation::ChannelGate(layer) => Packed::ChannelGate(gate::GateWeights::new(layer)),
            Operation::SpatialGate(layer) => Packed::SpatialGate(layer.clone()),
            Operation::Pool { gate } => Packed::Pool(*gate),
            Operation::UpsampleAdd { small } => Packed::UpsampleAdd(*small),
        };
        let steps = plan.steps().iter().map(|step| Step {
            input: step.input,
            output: step.output,
            extent: step.operation.extent(),
            operation: pack(&step.operation),
        });
        let (slot_of, slots) = assign(plan);
        let maps = plan.channels().iter().zip(slot_of).enumerate();
        let maps = maps.map(|(map, (&channels, slot))| Map {
            channels,
            stride: if map == Plan::INPUT && is_read_densely(plan) {
                channels
            } else {
                padded(channels)
            },
            size: [0, 0],
            slot,
        });
        Self {
            level,
            steps: steps.collect(),
            outputs: plan.outputs().to_vec(),
            maps: maps.collect(),
            slots: (0..slots).map(|_| Buffer::default()).collect(),
            scratch: Buffer::default(),
        }
    }

    /// Computes the plan's outputs, `[batch, height, width, channels]` each, with the height and
    /// width of their map. Memory is kept between calls; sizes may change from call to call.
    ///
    /// # Panics
    /// If `input` is not `[batch, height, width, channels]`, or one of these is 0.
    pub fn run(
        &mut self,
        input: &[f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Vec<Vec<f32>> {
        let given = &mut self.maps[Plan::INPUT];
        assert_eq!(input.len(), batch * height * width * given.channels);
        assert_ne!(input.len(), 0, "nothing to compute");
        given.size = [height, width];
        let slot = &mut self.slots[given.slot];
        slot.resize(batch * height * width * given.stride);
        for (to, from) in slot
            .chunks_exact_mut(given.stride)
            .zip(input.chunks_exact(given.channels))
        {
            to[..from.len()].copy_from_slice(from);
        }
        for index in 0..self.steps.len() {
            self.step(index, batch);
        }
        let outputs = self.outputs.iter().map(|&output| {
            let map = &self.maps[output];
            let pixels = self.slots[map.slot].chunks_exact(map.stride);
            pixels
                .flat_map(|pixel| &pixel[..map.channels])
                .copied()
                .collect()
        });
        outputs.collect()
    }

    fn step(&mut self, index: usize, images: usize) {
        let Step {
            input: input_id,
            output: output_id,
            extent,
            operation,
        } = &self.steps[index];
        let size = self.maps[*input_id].size;
        let size_out = extent.of(size);
        let to = &mut self.maps[*output_id];
        to.size = size_out;
        let stride_out = to.stride;
        let slot_out = to.slot;
        // Taken out of `slots`, so that the other buffers can be read.
        let mut output = std::mem::take(&mut self.slots[slot_out]);
        output.resize(images * size_out[0] * size_out[1] * stride_out);
        let Map {
            channels, stride, ..
        } = self.maps[*input_id];
        let slots = &self.slots;
        let maps = &self.maps;
        let numbers = |map: MapId| &*slots[maps[map].slot];
        let input = numbers(*input_id);
        let scratch = &mut self.scratch;
        let level = self.level;
        match operation {
            Packed::Convolve {
                window,
                panels,
                activation,
                gate,
                add,
            } => {
                let add = add.map(numbers);
                let gate = gate.map(numbers);
                let before = size.map(|length| window.before(length));
                let lines_out = size_out[0];
                let Window {
                    kernel,
                    stride: window_stride,
                    ..
                } = *window;
                let (from, [rows, columns], stride) = if kernel > 1 || gate.is_some() {
                    let outer = match kernel {
                        1 => size,
                        _ => size.map(|length| window.padded_span(length)),
                    };
                    level.run(PadAndGate {
                        input,
                        images,
                        size,
                        channels,
                        stride,
                        gate,
                        before,
                        outer,
                        output: scratch,
                    });
                    (&**scratch, outer, channels)
                } else {
                    (input, size, stride)
                };
                let is_flat = kernel == 1 && window_stride == 1;
                let rows = Rows {
                    images: if is_flat { 1 } else { images },
                    lines: if is_flat { 1 } else { lines_out },
                    columns: if is_flat {
                        images * rows * columns
                    } else {
                        size_out[1]
                    },
                    image_step: rows * columns * stride,
                    line_step: window_stride * columns * stride,
                    column_step: window_stride * stride,
                    runs: kernel,
                    run_length: kernel * channels,
                    run_step: columns * stride,
                };
                let curved = is_nonlinear(*activation);
                level.run(MatmulOp {
                    input: from,
                    rows,
                    weights: panels,
                    clamp: Clamp::of(*activation),
                    add: add.filter(|_| !curved),
                    output: &mut output,
                });
                if curved {
                    level.run(Finish {
                        map: &mut output,
                        activation: *activation,
                        add,
                    });
                }
            }
            Packed::Depthwise {
                window,
                weights,
                bias,
                activation,
            } => {
                level.run(DepthwiseOp {
                    input,
                    images,
                    size,
                    channels: stride,
                    window: *window,
                    weights,
                    bias,
                    clamp: Clamp::of(*activation),
                    output: &mut output,
                });
                if is_nonlinear(*activation) {
                    level.run(Finish {
                        map: &mut output,
                        activation: *activation,
                        add: None,
                    });
                }
            }
            Packed::ChannelGate(weights) => level.run(ChannelGateOp {
                input,
                images,
                weights,
                scratch,
                output: &mut output,
            }),
            Packed::SpatialGate(gate) => level.run(spatial::SpatialGateOp {
                input,
                images,
                size,
                channels,
                gate,
                scratch,
                output: &mut output,
            }),
            Packed::Pool(gate) => level.run(Pool {
                input,
                images,
                channels: stride,
                gate: gate.map(|gate| (numbers(gate), maps[gate].channels == 1)),
                scratch,
                output: &mut output,
            }),
            Packed::UpsampleAdd(small) => level.run(UpsampleAdd {
                input,
                small: numbers(*small),
                size,
                channels: stride,
                output: &mut output,
            }),
        }
        self.slots[slot_out] = output;
    }
}

/// Returns the buffer of each map, and how many there are: maps take those that are not read again.
fn assign(plan: &Plan) -> (Vec<usize>, usize) {
    let last_read_of = plan.last_read_of();
    let mut count = 1;
    let mut slot_of = vec![0; plan.channels().len()];
    let mut free: Vec<usize> = vec![];
    for (index, step) in plan.steps().iter().enumerate() {
        slot_of[step.output] = free.pop().unwrap_or_else(|| {
            count += 1;
            count - 1
        });
        let mut done: Vec<MapId> = step.reads().collect();
        done.sort_unstable();
        done.dedup();
        let done = done
            .into_iter()
            .filter(|&map| last_read_of[map] == Some(index));
        free.extend(done.map(|map| slot_of[map]));
    }
    (slot_of, count)
}

/// Returns whether only dense convolutions read the plan's input, so that it needs no padding.
fn is_read_densely(plan: &Plan) -> bool {
    plan.steps().iter().all(|step| {
        let reads = step.reads().filter(|&map| map == Plan::INPUT).count();
        let is_dense = matches!(step.operation, Operation::Convolve(_));
        reads == 0 || (is_dense && reads == 1 && step.input == Plan::INPUT)
    })
}
