//! Splits a batch into parts, the same way for any number of threads, and adds up the parts' sums.

use rayon::prelude::*;

/// Parts of a batch that are computed side by side, each with sums of its own.
pub struct Slices {
    /// Images per part; the last may have fewer.
    pub images: usize,
}

/// The most parts of a batch. A constant, since results must not depend on the machine.
const MOST: usize = 16;
/// The most numbers in all parts' weight gradients together: they are written and read once more.
const MOST_NUMBERS: usize = 1 << 20;

impl Slices {
    /// Splits `images` images, where each part has a gradient of `weights` weights.
    pub fn new(images: usize, weights: usize) -> Self {
        let parts = (MOST_NUMBERS / weights.max(1)).clamp(4, MOST);
        Self {
            images: images.div_ceil(parts).max(1),
        }
    }
}

/// Computes `count` slices side by side, each with its `length` numbers of `output` where there is
/// one; returns their results in order.
pub fn for_each_slice<T: Send>(
    output: Option<&mut [f32]>,
    length: usize,
    count: usize,
    work: impl Fn(usize, Option<&mut [f32]>) -> T + Sync,
) -> Vec<T> {
    match output {
        Some(output) => output
            .par_chunks_mut(length.max(1))
            .enumerate()
            .map(|(slice, part)| work(slice, Some(part)))
            .collect(),
        None => (0..count)
            .into_par_iter()
            .map(|slice| work(slice, None))
            .collect(),
    }
}

/// Adds up the parts' sums in their order, and overwrites `to` with the total.
pub fn reduce(parts: &[Vec<f64>], to: Option<&mut [f64]>) {
    if let Some(to) = to {
        to.fill(0.0);
        for part in parts {
            for (sum, more) in to.iter_mut().zip(part) {
                *sum += more;
            }
        }
    }
}

/// Adds up the parts' weight gradients, rows of `stride` numbers of which the first `width` are
/// used, in their order, and overwrites `to` with the total.
pub fn reduce_weights(parts: &[Vec<f32>], stride: usize, width: usize, to: &mut [f32]) {
    let Some((first, rest)) = parts.split_first() else {
        to.fill(0.0);
        return;
    };
    // Rows per task: enough to be worth it.
    let rows = (1 << 14) / width.max(1) + 1;
    to.par_chunks_mut((rows * width).max(1))
        .enumerate()
        .for_each(|(task, to)| {
            for (row, to) in to.chunks_mut(width).enumerate() {
                let at = (task * rows + row) * stride;
                to.copy_from_slice(&first[at..at + width]);
                for part in rest {
                    for (sum, more) in to.iter_mut().zip(&part[at..at + width]) {
                        *sum += more;
                    }
                }
            }
        });
}
