//! Feature maps as the layers of a network pass them on.

use std::sync::atomic::{AtomicBool, Ordering};

use burn::backend::Dispatch;
use burn::module::RunningState;
use burn::nn::BatchNorm;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use super::backend::KernelBackend;
use super::reference;
use super::spec::{ConvolutionSpec, GateSpec, GradientSumsSlot, MapSpec, Norm};
use crate::engine::plan::{Activation, Border, Window};
use crate::spec::style;

/// Whether all maps are computed with burn's own operations.
static IS_REFERENCE: AtomicBool = AtomicBool::new(false);

/// Computes all maps of this process with burn's own operations from here on, on every backend: for
/// comparison.
pub fn use_reference() {
    IS_REFERENCE.store(true, Ordering::Relaxed);
}

fn is_reference() -> bool {
    #[cfg(test)]
    if tests::is_reference_here() {
        return true;
    }
    IS_REFERENCE.load(Ordering::Relaxed)
}

/// A map `[batch, channels, height, width]` of which normalization, activation and channel gate may
/// still be pending: the operation that reads it applies them while the numbers are in the cache.
///
/// It equals `activation(values · scale + shift) · gate`; on a backend with kernels of this crate,
/// autodiff's gradient of `values` is the gradient of all of this.
#[derive(Clone, Debug)]
pub struct FeatureMap {
    values: Tensor<4>,
    /// Scale and shift, `[≥ 2, channels]`.
    pending: Option<Tensor<2>>,
    activation: Activation,
    /// `[batch, channels]`.
    gate: Option<Tensor<2>>,
    sums: GradientSumsSlot,
}

impl From<Tensor<4>> for FeatureMap {
    fn from(values: Tensor<4>) -> Self {
        Self {
            values,
            pending: None,
            activation: Activation::Identity,
            gate: None,
            sums: GradientSumsSlot::default(),
        }
    }
}

impl FeatureMap {
    /// Returns the shape, `[batch, channels, height, width]`.
    pub fn dims(&self) -> [usize; 4] {
        self.values.dims()
    }

    /// Returns the device of the map.
    pub fn device(&self) -> Device {
        self.values.device()
    }

    fn spec(&self) -> MapSpec {
        self.sums.add_reader();
        MapSpec {
            is_pending: self.pending.is_some(),
            activation: self.activation,
            is_gated: self.gate.is_some(),
            sums: self.sums.clone(),
        }
    }

    /// Returns the same map without a pending gate, for operations that do not support one.
    fn ungated(self) -> Self {
        if self.gate.is_some() {
            self.into_tensor().into()
        } else {
            self
        }
    }

    fn rows(tensor: Option<Tensor<2>>, device: &Device) -> burn::backend::DispatchTensor {
        tensor
            .unwrap_or_else(|| Tensor::empty([1, 1], device))
            .into_dispatch()
    }

    /// Returns the map as an ordinary tensor, `[batch, channels, height, width]`.
    pub fn into_tensor(self) -> Tensor<4> {
        if self.pending.is_none() && self.activation == Activation::Identity && self.gate.is_none()
        {
            return self.values;
        }
        let (spec, device) = (self.spec(), self.device());
        let (pending, gate) = (
            Self::rows(self.pending, &device),
            Self::rows(self.gate, &device),
        );
        let values = self.values.into_dispatch();
        Tensor::from_dispatch(if is_reference() {
            reference::write::<Dispatch>(values, gate, &spec)
        } else {
            Dispatch::write(values, pending, gate, spec)
        })
    }

    /// Convolves, and leaves normalization and activation pending. Where `norm` trains and the map
    /// is on a training device, uses the batch's statistics and moves the running ones by its
    /// momentum.
    ///
    /// # Shapes
    /// - output: `[batch, channels_out, ceil(height / stride), ceil(width / stride)]`
    pub fn convolve(
        self,
        conv: &Conv2d,
        norm: Option<&BatchNorm>,
        activation: Option<style::ActivationConfig>,
    ) -> Self {
        let device = self.device();
        let Some(window) = window(conv) else {
            let x = conv.forward(self.into_tensor());
            let x = match norm {
                Some(norm) => norm.forward(x),
                None => x,
            };
            return match activation {
                Some(activation) => activate(activation, x).into(),
                None => x.into(),
            };
        };
        let activation = activation.map_or(Activation::Identity, Activation::from);
        let sums = GradientSumsSlot::default();
        let trains = norm.is_some_and(|norm| device.is_autodiff() && norm.training.is_enabled());
        let spec = ConvolutionSpec {
            input: self.spec(),
            window,
            is_depthwise: conv.groups > 1,
            norm: match norm {
                None => Norm::None,
                Some(_) if trains => Norm::Batch,
                Some(_) => Norm::Given,
            },
            epsilon: norm.map_or(0.0, |norm| norm.epsilon),
            activation,
            sums: sums.clone(),
        };
        let empty = || Tensor::<1>::empty([1], &device);
        let (gamma, beta) = norm.map_or_else(
            || (empty(), empty()),
            |norm| (norm.gamma.val(), norm.beta.val()),
        );
        let given = norm.filter(|_| !trains).map(|norm| {
            let rows = [&norm.running_mean, &norm.running_var]
                .map(|row| row.value().to_device(&device).unsqueeze::<2>());
            Tensor::cat(rows.into(), 0)
        });
        let values = self.values.into_dispatch();
        let (pending, gate) = (
            Self::rows(self.pending, &device),
            Self::rows(self.gate, &device),
        );
        let weight = conv.weight.val().into_dispatch();
        let (gamma, beta, given) = (
            gamma.into_dispatch(),
            beta.into_dispatch(),
            Self::rows(given, &device),
        );
        let (values, rows) = if is_reference() {
            reference::convolve::<Dispatch>(values, gate, weight, gamma, beta, given, &spec)
        } else {
            Dispatch::convolve(values, pending, gate, weight, gamma, beta, given, spec)
        };
        let pending = norm.map(|_| Tensor::<2>::from_dispatch(rows));
        if let (Some(norm), Some(rows), true) = (norm, &pending, trains) {
            let row = |index: usize| rows.clone().narrow(0, index, 1).flatten(0, 1).detach();
            move_towards(&norm.running_mean, row(2), norm.momentum);
            move_towards(&norm.running_var, row(3), norm.momentum);
        }
        Self {
            values: Tensor::from_dispatch(values),
            pending,
            activation,
            gate: None,
            sums,
        }
    }

    /// Scales each channel by a number in (0, 1) computed from the means of all channels, see
    /// [`crate::nn::layers::squeeze_excite`].
    pub fn gated(
        self,
        reduce: &Conv2d,
        expand: &Conv2d,
        activation: style::ActivationConfig,
    ) -> Self {
        let map = self.ungated();
        let device = map.device();
        let activation = Activation::from(activation);
        let bias = |conv: &Conv2d, channels: usize| match &conv.bias {
            Some(bias) => bias.val(),
            None => Tensor::zeros([channels], &device),
        };
        let [squeezed, channels, ..] = reduce.weight.dims();
        let spec = GateSpec {
            input: map.spec(),
            activation,
        };
        let values = map.values.into_dispatch();
        let pending = Self::rows(map.pending.clone(), &device);
        let (reduce, reduce_bias) = (
            reduce.weight.val().into_dispatch(),
            bias(reduce, squeezed).into_dispatch(),
        );
        let (expand, expand_bias) = (
            expand.weight.val().into_dispatch(),
            bias(expand, channels).into_dispatch(),
        );
        let (values, gate) = if is_reference() {
            reference::channel_gate::<Dispatch>(
                values,
                reduce,
                reduce_bias,
                expand,
                expand_bias,
                &spec,
            )
        } else {
            Dispatch::channel_gate(
                values,
                pending,
                reduce,
                reduce_bias,
                expand,
                expand_bias,
                spec,
            )
        };
        Self {
            values: Tensor::from_dispatch(values),
            gate: Some(Tensor::from_dispatch(gate)),
            sums: GradientSumsSlot::default(),
            ..map
        }
    }

    /// Adds `branch`, whose images are multiplied with `scales`, `[batch]`, where given.
    pub fn add(self, branch: Self, scales: Option<Tensor<1>>) -> Self {
        let (map, branch) = (self.ungated(), branch.ungated());
        let device = map.device();
        let (spec, branch_spec) = (map.spec(), branch.spec());
        let is_scaled = scales.is_some();
        let scales = scales.unwrap_or_else(|| Tensor::empty([1], &device));
        let (values, branch_values) = (map.values.into_dispatch(), branch.values.into_dispatch());
        let (pending, branch_pending) = (
            Self::rows(map.pending, &device),
            Self::rows(branch.pending, &device),
        );
        let scales = scales.into_dispatch();
        let sum = if is_reference() {
            reference::add::<Dispatch>(
                values,
                branch_values,
                scales,
                &spec,
                &branch_spec,
                is_scaled,
            )
        } else {
            Dispatch::add(
                values,
                pending,
                branch_values,
                branch_pending,
                scales,
                spec,
                branch_spec,
                is_scaled,
            )
        };
        Tensor::<4>::from_dispatch(sum).into()
    }
}

fn move_towards(state: &RunningState<Tensor<1>>, found: Tensor<1>, momentum: f64) {
    let old = state.value_sync().to_device(&found.device());
    let new = old
        .mul_scalar(1.0 - momentum)
        .add(found.mul_scalar(momentum));
    state.update(new.detach());
}

/// Returns a convolution's window, `None` if [`KernelBackend::convolve`] does not support it.
fn window(conv: &Conv2d) -> Option<Window> {
    let (kernel, stride) = (conv.kernel_size[0], conv.stride[0]);
    let half = kernel / 2;
    let border = match conv.padding {
        PaddingConfig2d::Same => Border::Same,
        PaddingConfig2d::Valid if half == 0 => Border::Symmetric,
        PaddingConfig2d::Explicit(..)
            if conv.padding == PaddingConfig2d::Explicit(half, half, half, half) =>
        {
            Border::Symmetric
        }
        PaddingConfig2d::Valid | PaddingConfig2d::Explicit(..) => return None,
    };
    let [channels_out, channels_in, ..] = conv.weight.dims();
    let is_known = conv.bias.is_none()
        && kernel % 2 == 1
        && conv.kernel_size == [kernel; 2]
        && conv.stride == [stride; 2]
        && conv.dilation == [1, 1]
        && (conv.groups == 1 || (conv.groups == channels_out && channels_in == 1));
    is_known.then_some(Window {
        kernel,
        stride,
        border,
    })
}

/// Applies an activation to each element.
fn activate(activation: style::ActivationConfig, x: Tensor<4>) -> Tensor<4> {
    match activation {
        style::ActivationConfig::Silu => burn::tensor::activation::silu(x),
        style::ActivationConfig::Relu6 => x.clamp(0.0, 6.0),
        style::ActivationConfig::Relu => burn::tensor::activation::relu(x),
    }
}

#[cfg(test)]
mod tests;
