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
        Box::pin(ready(Ok(self.run(input, batch, height, width))))
    }
}
