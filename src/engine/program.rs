//! What every engine offers: a plan that is ready to run.

use std::future::{Future, ready};
use std::pin::Pin;

use super::EngineError;
use super::cpu::CpuProgram;

/// The outputs of a forward pass, once they are computed.
pub type Outputs<'a> = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>, EngineError>> + 'a>>;

/// A plan that an engine compiled.
pub trait Program {
    /// Computes the plan's outputs, each `[batch, height, width, channels]` of its map. Buffers are
    /// kept from call to call, and any size may follow any other.
    ///
    /// # Shapes
    /// - `input`: `[batch, height, width, channels]`
    ///
    /// # Errors
    /// [`EngineError`] if a GPU fails; the CPU does not.
    fn forward<'a>(
        &'a mut self,
        input: &'a [f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Outputs<'a>;
}

impl Program for CpuProgram {
    fn forward<'a>(
        &'a mut self,
        input: &'a [f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Outputs<'a> {
        // One image after the other is faster than all in one pass: their maps stay in the cache.
        let mut outputs: Vec<Vec<f32>> = vec![];
        for image in input.chunks_exact((input.len() / batch.max(1)).max(1)) {
            let maps = self.run(image, 1, height, width);
            outputs.resize_with(maps.len(), Vec::new);
            for (output, map) in outputs.iter_mut().zip(maps) {
                output.extend(map);
            }
        }
        Box::pin(ready(Ok(outputs)))
    }
}
