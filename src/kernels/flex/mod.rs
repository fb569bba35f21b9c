//! The operations on burn's CPU backend, with kernels of ours, forwards and backwards.

mod convolve;
mod tensor;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata as _};
use rayon::prelude::*;

use super::backend::KernelBackend;
use super::cpu::gate::{self, Layers};
use super::cpu::pool;
use super::cpu::source::{Activate, AddMaps, Block};
use super::spec::{ConvolutionSpec, GateSpec, MapSpec};
use crate::platform::simd::Level;
use convolve::{Operands, Saved};
use tensor::{Pending, channels_last, map, numbers, reclaim, stride_of, tensor};

/// The tensor of an autodiff backend.
type Tracked<C> = FloatTensor<Autodiff<Flex, C>>;

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

/// Writes a map out, row-major.
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

/// `maps[0] + maps[1] · scales`, channels last.
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
struct SavedGate {
    values: FlexTensor,
    pending: Pending,
    weights: [Vec<f32>; 4],
    found: gate::SavedGate,
    spec: GateSpec,
}

impl SavedGate {
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

    /// The gate, `[batch, channels]`.
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
) -> SavedGate {
    let stride = stride_of(&values);
    let values = channels_last(values, stride);
    let pending = Pending::ungated(&pending, &spec.input, stride);
    let weights = weights.map(|weight| numbers(&weight));
    let mut saved = SavedGate {
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

/// The gradient of a map out of that of a multiple of it.
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

#[derive(Debug)]
struct ConvolveBackward;

impl Backward<Flex, 4> for ConvolveBackward {
    type State = Saved;

    fn backward(self, ops: Ops<Saved, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let [input, weight, gamma, beta] = ops.parents;
        let found = convolve::backward(ops.state, gradient, [input.is_some(), weight.is_some()]);
        let [of_gamma, of_beta] = found.norm.map_or([None, None], |norm| norm.map(Some));
        for (node, gradient) in [
            (input, found.input),
            (weight, found.weight),
            (gamma, of_gamma),
            (beta, of_beta),
        ] {
            if let (Some(node), Some(gradient)) = (node, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

#[derive(Debug)]
struct GateBackward;

impl Backward<Flex, 5> for GateBackward {
    type State = SavedGate;

    fn backward(self, ops: Ops<SavedGate, 5>, grads: &mut Gradients, _: &mut Checkpointer) {
        let saved = ops.state;
        let stride = stride_of(&saved.values);
        let mut gradient = channels_last(grads.consume::<Flex>(&ops.node), stride);
        let source = saved.pending.source(&saved.values, stride);
        let found = gate::backward(
            Level::detect(),
            source,
            saved.layers(),
            &saved.found,
            gradient.storage_mut(),
        );
        let sums = &saved.spec.input.sums;
        // The gate itself is the one reader.
        if sums.has_one_reader() {
            sums.leave(found.sums);
        }
        let (channels, squeezed) = (saved.layers().channels, saved.layers().squeezed);
        let [map, reduce, reduce_bias, expand, expand_bias] = ops.parents;
        for (node, gradient) in [
            (map, gradient),
            (reduce, tensor(found.reduce, [squeezed, channels, 1, 1])),
            (reduce_bias, tensor(found.reduce_bias, [squeezed])),
            (expand, tensor(found.expand, [channels, squeezed, 1, 1])),
            (expand_bias, tensor(found.expand_bias, [channels])),
        ] {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, gradient);
            }
        }
        reclaim(saved.values);
    }
}

/// The gradient of a map is that of the map that was written out.
#[derive(Debug)]
struct WriteBackward;

impl Backward<Flex, 1> for WriteBackward {
    type State = ();

    fn backward(self, ops: Ops<(), 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, gradient);
        }
    }
}

#[derive(Debug)]
struct AddBackward;

impl Backward<Flex, 2> for AddBackward {
    type State = Option<Vec<f32>>;

    fn backward(self, ops: Ops<Option<Vec<f32>>, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let [map, branch] = ops.parents;
        if let Some(node) = branch {
            let gradient = match &ops.state {
                Some(scales) => scaled(gradient.clone(), scales),
                None => gradient.clone(),
            };
            grads.register::<Flex>(node.id, gradient);
        }
        if let Some(node) = map {
            grads.register::<Flex>(node.id, gradient);
        }
    }
}

impl<C: CheckpointStrategy> KernelBackend for Autodiff<Flex, C> {
    fn convolve(
        values: Tracked<C>,
        pending: Tracked<C>,
        gate: Tracked<C>,
        weight: Tracked<C>,
        gamma: Tracked<C>,
        beta: Tracked<C>,
        given: Tracked<C>,
        spec: ConvolutionSpec,
    ) -> (Tracked<C>, Tracked<C>) {
        let is_input_tracked = values.is_tracked();
        let nodes = [values.node(), weight.node(), gamma.node(), beta.node()];
        let operands = Operands {
            values: values.into_primitive(),
            pending: pending.into_primitive(),
            gate: gate.into_primitive(),
            weight: weight.into_primitive(),
            gamma: gamma.into_primitive(),
            beta: beta.into_primitive(),
            given: given.into_primitive(),
        };
        let (output, rows, saved) = convolve::forward(operands, spec, is_input_tracked);
        let output = match ConvolveBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(saved, output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        };
        (output, Tracked::<C>::new(rows))
    }

    fn channel_gate(
        values: Tracked<C>,
        pending: Tracked<C>,
        reduce: Tracked<C>,
        reduce_bias: Tracked<C>,
        expand: Tracked<C>,
        expand_bias: Tracked<C>,
        spec: GateSpec,
    ) -> (Tracked<C>, Tracked<C>) {
        let nodes = [
            values.node(),
            reduce.node(),
            reduce_bias.node(),
            expand.node(),
            expand_bias.node(),
        ];
        let weights =
            [reduce, reduce_bias, expand, expand_bias].map(|weight| weight.into_primitive());
        let saved = gate_forward(
            values.into_primitive(),
            pending.into_primitive(),
            weights,
            spec,
        );
        let (output, gate) = (saved.values.clone(), saved.shown());
        let output = match GateBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(saved, output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        };
        (output, Tracked::<C>::new(gate))
    }

    fn write(
        values: Tracked<C>,
        pending: Tracked<C>,
        gate: Tracked<C>,
        spec: MapSpec,
    ) -> Tracked<C> {
        let nodes = [values.node()];
        let output = write(
            values.into_primitive(),
            &pending.into_primitive(),
            &gate.into_primitive(),
            &spec,
        );
        WriteBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateless(output)
    }

    fn add(
        values: Tracked<C>,
        pending: Tracked<C>,
        branch_values: Tracked<C>,
        branch_pending: Tracked<C>,
        scales: Tracked<C>,
        spec: MapSpec,
        branch: MapSpec,
        is_scaled: bool,
    ) -> Tracked<C> {
        let nodes = [values.node(), branch_values.node()];
        let scales = is_scaled.then(|| numbers(&scales.into_primitive()));
        let output = add(
            [values.into_primitive(), branch_values.into_primitive()],
            [&pending.into_primitive(), &branch_pending.into_primitive()],
            [&spec, &branch],
            scales.as_deref(),
        );
        match AddBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(scales, output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}
