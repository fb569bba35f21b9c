//! Helpers for operations on whole tensors: their numbers as slices, and how a pass is split.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use rayon::prelude::*;

/// Numbers per part of a pass. Fixed, so that sums over parts are the same for any number of
/// threads; four arrays of it fit a second-level cache of 512 KiB.
pub const CHUNK: usize = 1 << 14;

/// Returns whether a tensor is of `f32`, which the passes by hand read and write.
pub fn is_f32(tensor: &FloatTensor<Flex>) -> bool {
    tensor.dtype() == DType::F32
}

/// Returns the same tensor with its numbers one after the other in a buffer that holds nothing
/// else; copies only where they are not.
pub fn contiguous(tensor: FlexTensor) -> FlexTensor {
    let layout = tensor.layout();
    let fills =
        layout.is_contiguous() && tensor.bytes().len() == layout.num_elements() * size_of::<f32>();
    if fills {
        tensor
    } else {
        tensor.to_contiguous()
    }
}

/// Returns the sum of a function over the parts of `numbers`, computed by several threads where
/// there are several parts, and added up in order.
pub fn sum_of_chunks(numbers: &[f32], part: impl Fn(&[f32]) -> f64 + Send + Sync) -> f64 {
    if numbers.len() <= CHUNK {
        return part(numbers);
    }
    let sums: Vec<f64> = numbers.par_chunks(CHUNK).map(part).collect();
    sums.iter().sum()
}
