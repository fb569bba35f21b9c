//! A plan on a processor.

use thiserror::Error;

use super::cpu::CpuProgram;
use super::gpu::{Gpu, GpuError, GpuProgram};
use super::plan::Plan;

/// An engine failed. The CPU never does.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineError {
    /// The GPU.
    #[error(transparent)]
    Gpu(#[from] GpuError),
}

/// What computes.
#[derive(Clone, Debug)]
pub enum Processor {
    /// The calling thread, and natively its neighbours.
    Cpu,
    /// A graphics device.
    Gpu(Gpu),
}

/// A plan that is ready to compute.
pub enum Program {
    /// See [`super::cpu`].
    Cpu(Box<CpuProgram>),
    /// See [`super::gpu`].
    Gpu(Box<GpuProgram>),
}

impl Program {
    /// The plan on this processor.
    ///
    /// # Errors
    /// [`EngineError`] where a GPU does not take it.
    pub fn new(plan: &Plan, processor: &Processor) -> Result<Self, EngineError> {
        match processor {
            Processor::Cpu => Ok(Self::Cpu(Box::new(CpuProgram::new(plan)))),
            Processor::Gpu(gpu) => {
                let program = GpuProgram::new(&gpu.device, &gpu.queue, plan)?;
                Ok(Self::Gpu(Box::new(program)))
            }
        }
    }

    /// The plan's outputs, `batch` maps each, NHWC. Buffers are kept from call to call, and any
    /// size may follow any other.
    ///
    /// # Shapes
    /// - `input`: `[batch, height, width, channels]`
    ///
    /// # Errors
    /// [`EngineError`] where a GPU fails; the CPU does not.
    pub async fn run(
        &mut self,
        input: &[f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<Vec<Vec<f32>>, EngineError> {
        match self {
            Self::Cpu(program) => Ok(program.run(input, batch, height, width)),
            Self::Gpu(program) => Ok(program.run(input, batch, height, width).await?),
        }
    }
}
