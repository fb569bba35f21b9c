//! The operations as burn dispatches them: a trait that backends implement.

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Cube, backend_extension};

use super::reference;
use super::spec::{ConvolutionSpec, GateSpec, MapSpec};

/// The operations of this room on a backend. Maps are three tensors, see [`super::FeatureMap`]:
/// values, pending rows, gate. The default bodies are made of burn's own differentiable operations.
#[backend_extension(Autodiff, Flex, Cube)]
pub trait KernelBackend: Backend {
    /// Computes a convolution without bias and, by `spec.norm`, its normalization.
    ///
    /// # Shapes
    /// - the map: `[batch, channels_in, height, width]`
    /// - `weight`: `[channels_out, channels_in / groups, kernel, kernel]`
    /// - `gamma`, `beta`: `[channels_out]`; `given`: `[2, channels_out]`, mean and variance
    /// - output: values `[batch, channels_out, _, _]` and `[4, channels_out]`: pending scale and
    ///   shift, mean and biased variance of the batch
    #[allow(
        clippy::too_many_arguments,
        reason = "tensors of an operation are its arguments; burn's macro copies this to an impl, where nothing is to expect"
    )]
    fn convolve(
        values: FloatTensor<Self>,
        pending: FloatTensor<Self>,
        gate: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        given: FloatTensor<Self>,
        spec: ConvolutionSpec,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let _ = pending;
        reference::convolve::<Self>(values, gate, weight, gamma, beta, given, &spec)
    }

    /// Computes squeeze-and-excitation's gate.
    ///
    /// # Shapes
    /// - the map: `[batch, channels, height, width]`, without gate
    /// - `reduce`: `[squeezed, channels, 1, 1]`, `expand`: `[channels, squeezed, 1, 1]`, and biases
    /// - output: the values, and the gate `[batch, channels]`
    fn channel_gate(
        values: FloatTensor<Self>,
        pending: FloatTensor<Self>,
        reduce: FloatTensor<Self>,
        reduce_bias: FloatTensor<Self>,
        expand: FloatTensor<Self>,
        expand_bias: FloatTensor<Self>,
        spec: GateSpec,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let _ = pending;
        reference::channel_gate::<Self>(values, reduce, reduce_bias, expand, expand_bias, &spec)
    }

    /// Computes a map with its pending operations applied.
    ///
    /// # Shapes
    /// - the map and the output: `[batch, channels, height, width]`
    fn write(
        values: FloatTensor<Self>,
        pending: FloatTensor<Self>,
        gate: FloatTensor<Self>,
        spec: MapSpec,
    ) -> FloatTensor<Self> {
        let _ = pending;
        reference::write::<Self>(values, gate, &spec)
    }

    /// Adds two maps; each image of the second is multiplied with a number of `scales` where
    /// `is_scaled`.
    ///
    /// # Shapes
    /// - the maps and the output: `[batch, channels, height, width]`, without gates
    /// - `scales`: `[batch]`
    #[allow(
        clippy::too_many_arguments,
        reason = "tensors of an operation are its arguments; burn's macro copies this to an impl, where nothing is to expect"
    )]
    fn add(
        values: FloatTensor<Self>,
        pending: FloatTensor<Self>,
        branch_values: FloatTensor<Self>,
        branch_pending: FloatTensor<Self>,
        scales: FloatTensor<Self>,
        spec: MapSpec,
        branch: MapSpec,
        is_scaled: bool,
    ) -> FloatTensor<Self> {
        let _ = (pending, branch_pending);
        reference::add::<Self>(values, branch_values, scales, &spec, &branch, is_scaled)
    }
}

impl KernelBackend for Cube {}

impl<C: CheckpointStrategy> KernelBackend for Autodiff<Cube, C> {}
