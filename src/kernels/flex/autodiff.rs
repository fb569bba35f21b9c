//! The differentiable operations: what each forward pass keeps, and its backward pass.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};

use super::convolve::{self, Operands, Saved};
use super::tensor::{channels_last, numbers, reclaim, stride_of, tensor};
use super::{GateState, add, gate_forward, scaled, write};
use crate::kernels::backend::KernelBackend;
use crate::kernels::cpu::gate;
use crate::kernels::spec::{ConvolutionSpec, GateSpec, MapSpec};
use crate::platform::simd::Level;

/// The tensor of an autodiff backend.
type Tracked<C> = FloatTensor<Autodiff<Flex, C>>;

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
    type State = GateState;

    fn backward(self, ops: Ops<GateState, 5>, grads: &mut Gradients, _: &mut Checkpointer) {
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

/// The gradient of a map equals that of the map with its pending operations applied.
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
