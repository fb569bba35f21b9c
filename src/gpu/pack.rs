//! Weights in the layout that the kernels read: channels in quads, padded with zeros.

use crate::engine::plan::{ChannelGate, Operation, Plan, SpatialGate, Step};

/// Channels per quad, WGSL's `vec4<f32>`.
pub const QUAD: usize = 4;

/// Returns the number of quads that hold `channels` channels.
pub fn quads(channels: usize) -> usize {
    channels.div_ceil(QUAD)
}

/// Offsets of bindings must be multiples of this many bytes on every device. Buffers are as well:
/// burn-wgpu would pad them to it, and parts of a handle with padding count that twice.
pub const ALIGNMENT: usize = 256;

/// The weights of all steps, one after the other.
pub struct Packed {
    /// The weights.
    pub numbers: Vec<f32>,
    /// Offset and length in bytes of each step's weights; the length is 0 where there are none.
    pub ranges: Vec<[usize; 2]>,
}

/// Packs the weights of `plan`.
pub fn pack(plan: &Plan) -> Packed {
    let mut numbers = vec![];
    let mut ranges = vec![];
    for step in plan.steps() {
        let offset = numbers.len().next_multiple_of(ALIGNMENT / size_of::<f32>());
        numbers.resize(offset, 0.0);
        append(&mut numbers, plan, step);
        ranges.push([offset, numbers.len() - offset].map(|count| count * size_of::<f32>()));
    }
    Packed { numbers, ranges }
}

fn append(to: &mut Vec<f32>, plan: &Plan, step: &Step) {
    let channels = plan.channels()[step.input];
    match &step.operation {
        Operation::Convolve(layer) => {
            let wide = layer.bias.len();
            let area = layer.window.kernel * layer.window.kernel;
            // The kernel for one pixel reads whole quads, the other one single channels.
            let high = if is_pointwise(step) {
                quads(channels) * QUAD
            } else {
                channels
            };
            for tap in 0..area {
                rows(
                    to,
                    &layer.weights[tap * channels * wide..][..channels * wide],
                    wide,
                );
                to.resize(to.len() + (high - channels) * quads(wide) * QUAD, 0.0);
            }
            rows(to, &layer.bias, wide);
        }
        Operation::Depthwise(layer) => {
            rows(to, &layer.weights, channels);
            rows(to, &layer.bias, channels);
        }
        Operation::ChannelGate(gate) => append_gate(to, gate, channels),
        Operation::SpatialGate(SpatialGate { weights, bias, .. }) => {
            rows(to, weights, 2);
            rows(to, &[*bias], 1);
        }
        Operation::Pool { .. } | Operation::UpsampleAdd { .. } => {}
    }
}

fn append_gate(to: &mut Vec<f32>, gate: &ChannelGate, channels: usize) {
    let squeezed = gate.reduce_bias.len();
    let column = |index: usize| gate.reduce.iter().skip(index).step_by(squeezed);
    let transposed: Vec<f32> = (0..squeezed).flat_map(column).copied().collect();
    rows(to, &transposed, channels);
    rows(to, &gate.expand, channels);
    rows(to, &gate.expand_bias, channels);
    rows(to, &gate.reduce_bias, squeezed);
}

/// Appends rows of `wide` numbers, each padded to whole quads.
fn rows(to: &mut Vec<f32>, numbers: &[f32], wide: usize) {
    for row in numbers.chunks(wide) {
        to.extend_from_slice(row);
        to.resize(to.len().next_multiple_of(QUAD), 0.0);
    }
}

/// Returns whether a step is a matrix product: a dense convolution of single pixels.
pub fn is_pointwise(step: &Step) -> bool {
    matches!(&step.operation, Operation::Convolve(layer)
        if layer.window.kernel == 1 && layer.window.stride == 1)
}
