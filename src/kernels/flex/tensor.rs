//! Conversions between Flex tensors and rows of channels.

use std::sync::Arc;

use burn::backend::TensorMetadata as _;
use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};
use rayon::prelude::*;

use super::super::cpu::pool;
use super::super::cpu::source::FusedInput;
use super::super::spec::MapSpec;
use crate::engine::cpu::padded;
use crate::engine::plan::Activation;

/// Creates a tensor of these numbers, row-major.
pub fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(
        Bytes::from_elems(numbers),
        Layout::contiguous(Shape::new(shape)),
        DType::F32,
    )
}

/// Creates a map `[batch, channels, height, width]` from `[batch, height, width, stride]`.
pub fn map(
    numbers: Vec<f32>,
    [batch, channels, height, width]: [usize; 4],
    stride: usize,
) -> FlexTensor {
    let strides = [height * width * stride, 1, width * stride, stride].map(|step| step as isize);
    let layout = Layout::new(
        Shape::new([batch, channels, height, width]),
        strides.into(),
        0,
    );
    FlexTensor::new(Bytes::from_elems(numbers), layout, DType::F32)
}

/// Returns the numbers of a tensor in the order of its shape.
pub fn numbers(tensor: &FlexTensor) -> Vec<f32> {
    match tensor.as_slice::<f32>() {
        Some(numbers) => numbers.to_vec(),
        None => {
            let contiguous = tensor.to_contiguous();
            contiguous
                .as_slice::<f32>()
                .map(<[f32]>::to_vec)
                .unwrap_or_default()
        }
    }
}

/// Returns the rows of a matrix, each with zeros up to `stride`.
pub fn padded_rows(tensor: &FlexTensor, stride: usize) -> Vec<f32> {
    let numbers = numbers(tensor);
    let width = tensor.shape().dims::<2>()[1];
    if width == stride {
        return numbers;
    }
    let mut rows = vec![0.0; numbers.len() / width.max(1) * stride];
    for (to, from) in rows
        .chunks_exact_mut(stride)
        .zip(numbers.chunks_exact(width))
    {
        to[..width].copy_from_slice(from);
    }
    rows
}

/// Gives the memory of a tensor back to the pool, if nothing else holds it.
pub fn reclaim(tensor: FlexTensor) {
    let bytes = tensor.data_arc();
    drop(tensor);
    if let Ok(bytes) = Arc::try_unwrap(bytes)
        && let Ok(numbers) = bytes.try_into_vec::<f32>()
    {
        pool::give(numbers);
    }
}

/// Returns whether a map's memory is `[batch, height, width, stride]`.
fn is_channels_last(tensor: &FlexTensor, stride: usize) -> bool {
    let [batch, _, height, width] = tensor.shape().dims();
    let steps = [height * width * stride, 1, width * stride, stride];
    let strides = tensor.layout().strides();
    tensor.layout().start_offset() == 0
        && tensor.storage::<f32>().len() == batch * height * width * stride
        && steps
            .iter()
            .zip(strides)
            .zip(tensor.shape().iter())
            .all(|((step, found), length)| *length == 1 || *step as isize == *found)
}

/// Returns the map with its channels last, `stride` numbers from one pixel to the next.
pub fn channels_last(tensor: FlexTensor, stride: usize) -> FlexTensor {
    if is_channels_last(&tensor, stride) {
        return tensor;
    }
    let shape: [usize; 4] = tensor.shape().dims();
    let [batch, channels, height, width] = shape;
    let [image_step, channel_step, line_step, column_step]: [usize; 4] =
        std::array::from_fn(|axis| {
            usize::try_from(tensor.layout().strides()[axis]).unwrap_or_default()
        });
    // A flipped tensor has negative steps.
    if tensor.layout().strides().iter().any(|step| *step < 0) {
        return channels_last(tensor.to_contiguous(), stride);
    }
    let storage: &[f32] = &tensor.storage::<f32>()[tensor.layout().start_offset()..];
    let pixels = height * width;
    let mut rows = pool::take(batch * pixels * stride);
    rows.par_chunks_mut((pixels * stride).max(1))
        .enumerate()
        .for_each(|(image, rows)| {
            for (pixel, row) in rows.chunks_exact_mut(stride).enumerate() {
                let from =
                    image * image_step + pixel / width * line_step + pixel % width * column_step;
                for (channel, number) in row.iter_mut().enumerate() {
                    *number = if channel < channels {
                        storage[from + channel * channel_step]
                    } else {
                        0.0
                    };
                }
            }
        });
    reclaim(tensor);
    map(rows, shape, stride)
}

/// The operations pending on a map, with its channels padded.
#[derive(Clone, Debug)]
pub struct Pending {
    affine: Option<Vec<f32>>,
    gate: Option<Vec<f32>>,
    activation: Activation,
}

impl Pending {
    /// Reads them from the operands of an operation.
    pub fn new(rows: &FlexTensor, gate: &FlexTensor, spec: &MapSpec, stride: usize) -> Self {
        Self {
            affine: spec.is_pending.then(|| padded_rows(rows, stride)),
            gate: spec.is_gated.then(|| padded_rows(gate, stride)),
            activation: spec.activation,
        }
    }

    /// As [`Pending::new`], without a gate.
    pub fn ungated(rows: &FlexTensor, spec: &MapSpec, stride: usize) -> Self {
        Self {
            affine: spec.is_pending.then(|| padded_rows(rows, stride)),
            gate: None,
            activation: spec.activation,
        }
    }

    /// Returns the map of these values, which have `stride` numbers from one pixel to the next.
    pub fn source<'a>(&'a self, values: &'a FlexTensor, stride: usize) -> FusedInput<'a> {
        let [_, _, height, width] = values.shape().dims();
        FusedInput {
            values: values.storage(),
            pixels: height * width,
            stride,
            affine: self
                .affine
                .as_ref()
                .map(|rows| [&rows[..stride], &rows[stride..2 * stride]]),
            activation: self.activation,
            gate: self.gate.as_deref(),
        }
    }

    /// Returns whether the values are the map itself.
    pub fn is_nothing(&self) -> bool {
        self.affine.is_none() && self.gate.is_none() && self.activation == Activation::Identity
    }
}

/// Returns the number of a map's channels, with padding.
pub fn stride_of(tensor: &FlexTensor) -> usize {
    padded(tensor.shape().dims::<4>()[1])
}
