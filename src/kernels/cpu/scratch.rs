//! Memory that a thread works in and keeps.

use std::cell::RefCell;

use crate::engine::cpu::Buffer;

/// What the kernels of one thread write in between.
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

/// Sums of a chunk in single precision, which are added to those of all chunks in double.
#[derive(Default)]
pub struct ChunkSums(Vec<f32>);

impl ChunkSums {
    /// Lets `sum` add to as many zeros as `to` has sums, and adds what comes out to them.
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

/// Gives `work` this thread's scratch. What is in it is whatever was written last.
pub fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        // Threads steal each other's work, within a kernel's too.
        Err(_) => work(&mut Scratch::default()),
    })
}
