//! The operations as burn's own differentiable ones: the default on every backend without kernels
//! of this crate, which are tested against them. Nothing is pending in a map here but its
//! activation and gate.

use burn::backend::ops::ConvOptions;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Scalar, TensorMetadata};
use burn::tensor::Shape;

use super::spec::{ConvolutionSpec, GateSpec, MapSpec, Norm};
use crate::engine::plan::{Activation, Window};

fn activate<B: Backend>(x: FloatTensor<B>, activation: Activation) -> FloatTensor<B> {
    match activation {
        Activation::Identity => x,
        Activation::Relu => B::relu(x),
        Activation::Relu6 => B::float_clamp(x, Scalar::Float(0.0), Scalar::Float(6.0)),
        Activation::Silu => B::float_mul(x.clone(), B::sigmoid(x)),
        Activation::Sigmoid => B::sigmoid(x),
    }
}

/// See [`super::backend::KernelBackend::write`].
pub fn write<B: Backend>(
    values: FloatTensor<B>,
    gate: FloatTensor<B>,
    spec: &MapSpec,
) -> FloatTensor<B> {
    let [batch, channels] = [values.shape()[0], values.shape()[1]];
    let map = activate::<B>(values, spec.activation);
    if spec.is_gated {
        B::float_mul(
            map,
            B::float_reshape(gate, Shape::new([batch, channels, 1, 1])),
        )
    } else {
        map
    }
}

/// Returns zeros before and after an input of `length` pixels.
fn padding(window: &Window, length: usize) -> (usize, usize) {
    let before = window.before(length);
    (
        before,
        window.padded_span(length).saturating_sub(before + length),
    )
}

/// See [`super::backend::KernelBackend::convolve`].
pub fn convolve<B: Backend>(
    values: FloatTensor<B>,
    gate: FloatTensor<B>,
    weight: FloatTensor<B>,
    gamma: FloatTensor<B>,
    beta: FloatTensor<B>,
    given: FloatTensor<B>,
    spec: &ConvolutionSpec,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let x = write::<B>(values, gate, &spec.input);
    let shape = x.shape();
    let (window, groups) = (&spec.window, if spec.is_depthwise { shape[1] } else { 1 });
    let options = ConvOptions::new_with_padding(
        [window.stride; 2],
        [padding(window, shape[2]), padding(window, shape[3])],
        [1, 1],
        groups,
    );
    let z = B::conv2d(x, weight, None, options);
    let channels = z.shape()[1];
    let row = |tensor| B::float_reshape(tensor, Shape::new([1, channels]));
    let rows = |mean: FloatTensor<B>, variance: FloatTensor<B>| {
        let ones = B::float_add_scalar(
            B::float_mul_scalar(mean.clone(), Scalar::Float(0.0)),
            Scalar::Float(1.0),
        );
        let zeros = B::float_mul_scalar(mean.clone(), Scalar::Float(0.0));
        B::float_cat(vec![row(ones), row(zeros), row(mean), row(variance)], 0)
    };
    match spec.norm {
        Norm::None => (z, gamma),
        Norm::Batch => {
            let result = B::batch_norm_train(z, gamma, beta, spec.epsilon);
            (result.output, rows(result.mean, result.variance))
        }
        Norm::Given => {
            let row = |index: usize| {
                let row = B::float_slice(
                    given.clone(),
                    &[(index..index + 1).into(), (0..channels).into()],
                );
                B::float_reshape(row, Shape::new([channels]))
            };
            let (mean, variance) = (row(0), row(1));
            let output =
                B::batch_norm(z, gamma, beta, mean.clone(), variance.clone(), spec.epsilon);
            (output, rows(mean, variance))
        }
    }
}

/// See [`super::backend::KernelBackend::channel_gate`].
pub fn channel_gate<B: Backend>(
    values: FloatTensor<B>,
    reduce: FloatTensor<B>,
    reduce_bias: FloatTensor<B>,
    expand: FloatTensor<B>,
    expand_bias: FloatTensor<B>,
    spec: &GateSpec,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let [batch, channels] = [values.shape()[0], values.shape()[1]];
    let pixels = values.shape()[2] * values.shape()[3];
    let map = activate::<B>(values.clone(), spec.input.activation);
    let mean = B::float_mean_dim(
        B::float_reshape(map, Shape::new([batch * channels, pixels])),
        1,
    );
    let mean = B::float_reshape(mean, Shape::new([batch, channels, 1, 1]));
    let options = || ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
    let hidden = activate::<B>(
        B::conv2d(mean, reduce, Some(reduce_bias), options()),
        spec.activation,
    );
    let gate = B::sigmoid(B::conv2d(hidden, expand, Some(expand_bias), options()));
    (
        values,
        B::float_reshape(gate, Shape::new([batch, channels])),
    )
}

/// See [`super::backend::KernelBackend::add`].
pub fn add<B: Backend>(
    values: FloatTensor<B>,
    branch: FloatTensor<B>,
    scales: FloatTensor<B>,
    spec: &MapSpec,
    branch_spec: &MapSpec,
    is_scaled: bool,
) -> FloatTensor<B> {
    let batch = values.shape()[0];
    let branch = activate::<B>(branch, branch_spec.activation);
    let branch = if is_scaled {
        B::float_mul(
            branch,
            B::float_reshape(scales, Shape::new([batch, 1, 1, 1])),
        )
    } else {
        branch
    };
    B::float_add(activate::<B>(values, spec.activation), branch)
}
