//! Temporary memory that a thread keeps.

use std::cell::RefCell;

use crate::engine::cpu::Buffer;

/// Temporary memory for the kernels of one thread.
#[derive(Default)]
pub struct Scratch {
    /// Inputs.
    pub a: Buffer,
    /// Gradients.
    pub b: Buffer,
    /// Outputs.
    pub c: Buffer,
    /// Sums of one chunk.
    pub chunk_sums: ChunkSums,
}

/// Sums of one chunk in single precision, which are added to those of all chunks in double.
#[derive(Default)]
pub struct ChunkSums(Vec<f32>);

impl ChunkSums {
    /// Calls `sum` with as many zeros as `to` has sums, and adds the result to them.
    pub fn add(&mut self, to: &mut [f64], sum: impl FnOnce(&mut [f32])) {
        self.0.clear();
        self.0.resize(to.len(), 0.0);
        sum(&mut self.0);
        for (sum, more) in to.iter_mut().zip(&self.0) {
            *sum += f64::from(*more);
        }
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Calls `work` with this thread's scratch, which holds whatever was written last.
pub fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        // While it waits within a kernel, a thread may steal work that needs its scratch, too.
        Err(_) => work(&mut Scratch::default()),
    })
}
