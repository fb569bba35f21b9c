//! What every engine offers: a plan that is ready to run.

use std::future::{Future, ready};
use std::pin::Pin;

use thiserror::Error;

use super::cpu::CpuProgram;
use super::gpu::{GpuError, GpuProgram};

/// Error of an engine. The CPU engine never fails.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineError {
    /// The GPU engine failed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// An engine that is another WebAssembly program failed, with this message.
    #[error("{0}")]
    OtherProgram(String),
}

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

impl Program for GpuProgram {
    fn forward<'a>(
        &'a mut self,
        input: &'a [f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Outputs<'a> {
        Box::pin(async move { Ok(self.run(input, batch, height, width).await?) })
    }
}
