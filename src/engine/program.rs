//! A plan, compiled for a processor.

use thiserror::Error;

use super::cpu::CpuProgram;
use super::gpu::{Gpu, GpuError, GpuProgram};
use super::plan::Plan;

/// Error of an engine. The CPU engine never fails.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineError {
    /// The GPU engine failed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
}

/// The processor that an engine computes on.
#[derive(Clone, Debug)]
pub enum Processor {
    /// The CPU, on the calling thread.
    Cpu,
    /// A GPU, by WebGPU.
    Gpu(Gpu),
}

/// A plan that is compiled for a processor.
pub enum Program {
    /// On the CPU, see [`super::cpu`].
    Cpu(Box<CpuProgram>),
    /// On a GPU, see [`super::gpu`].
    Gpu(Box<GpuProgram>),
}

impl Program {
    /// Compiles a plan for a processor.
    ///
    /// # Errors
    /// [`EngineError`] if a GPU does not accept the plan.
    pub fn new(plan: &Plan, processor: &Processor) -> Result<Self, EngineError> {
        match processor {
            Processor::Cpu => Ok(Self::Cpu(Box::new(CpuProgram::new(plan)))),
            Processor::Gpu(gpu) => {
                let program = GpuProgram::new(&gpu.device, &gpu.queue, plan)?;
                Ok(Self::Gpu(Box::new(program)))
            }
        }
    }

    /// Computes the plan's outputs, each `[batch, height, width, channels]` of its map. Buffers are
    /// kept from call to call, and any size may follow any other.
    ///
    /// # Shapes
    /// - `input`: `[batch, height, width, channels]`
    ///
    /// # Errors
    /// [`EngineError`] if a GPU fails; the CPU does not.
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
