//! The operations on burn's CPU backend, with this crate's kernels, forwards and backwards.

mod autodiff;
mod convolve;
mod tensor;

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata as _};
use rayon::prelude::*;

use super::backend::KernelBackend;
use super::cpu::gate::{self, Layers};
use super::cpu::pool;
use super::cpu::source::{Activate, AddMaps, Block};
use super::spec::{ConvolutionSpec, GateSpec, MapSpec};
use crate::platform::simd::Level;
use convolve::Operands;
use tensor::{Pending, channels_last, map, numbers, stride_of, tensor};

impl KernelBackend for Flex {
    fn convolve(
        values: FlexTensor,
        pending: FlexTensor,
        gate: FlexTensor,
        weight: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        given: FlexTensor,
        spec: ConvolutionSpec,
    ) -> (FlexTensor, FlexTensor) {
        let operands = Operands {
            values,
            pending,
            gate,
            weight,
            gamma,
            beta,
            given,
        };
        let (output, rows, _) = convolve::forward(operands, spec, false);
        (output, rows)
    }

    fn channel_gate(
        values: FlexTensor,
        pending: FlexTensor,
        reduce: FlexTensor,
        reduce_bias: FlexTensor,
        expand: FlexTensor,
        expand_bias: FlexTensor,
        spec: GateSpec,
    ) -> (FlexTensor, FlexTensor) {
        let saved = gate_forward(
            values,
            pending,
            [reduce, reduce_bias, expand, expand_bias],
            spec,
        );
        let shown = saved.shown();
        (saved.values, shown)
    }

    fn write(
        values: FlexTensor,
        pending: FlexTensor,
        gate: FlexTensor,
        spec: MapSpec,
    ) -> FlexTensor {
        write(values, &pending, &gate, &spec)
    }

    fn add(
        values: FlexTensor,
        pending: FlexTensor,
        branch_values: FlexTensor,
        branch_pending: FlexTensor,
        scales: FlexTensor,
        spec: MapSpec,
        branch: MapSpec,
        is_scaled: bool,
    ) -> FlexTensor {
        let scales = is_scaled.then(|| numbers(&scales));
        add(
            [values, branch_values],
            [&pending, &branch_pending],
            [&spec, &branch],
            scales.as_deref(),
        )
    }
}

/// Computes a map with its pending operations applied, row-major.
fn write(
    values: FlexTensor,
    pending: &FlexTensor,
    gate: &FlexTensor,
    spec: &MapSpec,
) -> FlexTensor {
    let stride = stride_of(&values);
    let values = channels_last(values, stride);
    let shape: [usize; 4] = values.shape().dims();
    let [batch, channels, height, width] = shape;
    let (pending, pixels) = (Pending::new(pending, gate, spec, stride), height * width);
    let mut output = pool::take(batch * channels * pixels);
    let source = pending.source(&values, stride);
    output
        .par_chunks_mut((channels * pixels).max(1))
        .enumerate()
        .for_each(|(image, output)| {
            let mut rows = pool::take(pixels * stride);
            let block = Block {
                pixel: image * pixels,
                pixels,
                channel: 0,
                channels: stride,
            };
            Level::detect().run(Activate {
                source,
                block,
                output: &mut rows,
                output_step: stride,
            });
            for (channel, output) in output.chunks_exact_mut(pixels).enumerate() {
                for (number, row) in output.iter_mut().zip(rows.chunks_exact(stride)) {
                    *number = row[channel];
                }
            }
            pool::give(rows);
        });
    tensor(output, shape)
}

/// Computes `maps[0] + maps[1] · scales`, channels last.
fn add(
    maps: [FlexTensor; 2],
    pending: [&FlexTensor; 2],
    specs: [&MapSpec; 2],
    scales: Option<&[f32]>,
) -> FlexTensor {
    let stride = stride_of(&maps[0]);
    let maps = maps.map(|map| channels_last(map, stride));
    let shape: [usize; 4] = maps[0].shape().dims();
    let [batch, _, height, width] = shape;
    let pixels = height * width;
    let pending: [Pending; 2] =
        std::array::from_fn(|at| Pending::ungated(pending[at], specs[at], stride));
    let [a, b] = [0, 1].map(|at| pending[at].source(&maps[at], stride));
    let mut output = pool::take(batch * pixels * stride);
    output
        .par_chunks_mut((pixels * stride).max(1))
        .enumerate()
        .for_each(|(image, output)| {
            let block = Block {
                pixel: image * pixels,
                pixels,
                channel: 0,
                channels: stride,
            };
            let scale = scales.map_or(1.0, |scales| scales[image]);
            Level::detect().run(AddMaps {
                a,
                b,
                scale,
                block,
                output,
            });
        });
    map(output, shape, stride)
}

/// What a channel gate's backward pass needs.
#[derive(Clone, Debug)]
struct GateState {
    values: FlexTensor,
    pending: Pending,
    weights: [Vec<f32>; 4],
    found: gate::SavedGate,
    spec: GateSpec,
}

impl GateState {
    fn layers(&self) -> Layers<'_> {
        let [reduce, reduce_bias, expand, expand_bias] = &self.weights;
        Layers {
            channels: expand_bias.len(),
            squeezed: reduce_bias.len(),
            activation: self.spec.activation,
            reduce,
            reduce_bias,
            expand,
            expand_bias,
        }
    }

    /// Returns the gate, `[batch, channels]`.
    fn shown(&self) -> FlexTensor {
        let stride = stride_of(&self.values);
        let [batch, channels, _, _] = self.values.shape().dims();
        let rows = self
            .found
            .gate
            .chunks_exact(stride)
            .flat_map(|row| &row[..channels]);
        tensor(rows.copied().collect(), [batch, channels])
    }
}

fn gate_forward(
    values: FlexTensor,
    pending: FlexTensor,
    weights: [FlexTensor; 4],
    spec: GateSpec,
) -> GateState {
    let stride = stride_of(&values);
    let values = channels_last(values, stride);
    let pending = Pending::ungated(&pending, &spec.input, stride);
    let weights = weights.map(|weight| numbers(&weight));
    let mut saved = GateState {
        values,
        pending,
        weights,
        found: gate::SavedGate::default(),
        spec,
    };
    saved.found = gate::forward(
        Level::detect(),
        saved.pending.source(&saved.values, stride),
        saved.layers(),
    );
    saved
}

/// Multiplies each image of a gradient with its number of `scales`.
fn scaled(gradient: FlexTensor, scales: &[f32]) -> FlexTensor {
    let stride = stride_of(&gradient);
    let gradient = channels_last(gradient, stride);
    let shape: [usize; 4] = gradient.shape().dims();
    let image = shape[2] * shape[3] * stride;
    let from: &[f32] = gradient.storage();
    let mut output = pool::take(from.len());
    for ((to, from), scale) in output
        .chunks_exact_mut(image)
        .zip(from.chunks_exact(image))
        .zip(scales)
    {
        to.iter_mut()
            .zip(from)
            .for_each(|(to, from)| *to = from * scale);
    }
    map(output, shape, stride)
}
