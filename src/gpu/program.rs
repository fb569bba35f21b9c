//! A plan that is ready to run on a device.

use super::device::Gpu;
use super::kernel::AdapterKind;
use super::pack::pack;
use super::schedule::Schedule;
use super::session::{GpuSession, Weights};
use crate::engine::plan::Plan;
use crate::engine::{EngineError, Outputs, Program};

/// Input sizes whose buffers are kept: a program sees single faces and batches of a few sizes.
const SESSIONS: usize = 4;

/// A plan with its weights and kernels on a device.
pub struct GpuProgram {
    pub(super) gpu: Gpu,
    pub(super) plan: Plan,
    pub(super) weights: Weights,
    adapter: AdapterKind,
    /// Sessions by `[batch, height, width]`, the most recently used last.
    sessions: Vec<([usize; 3], GpuSession)>,
}

impl GpuProgram {
    /// Uploads the weights. Kernels are compiled when a size of input is first seen, see
    /// [`GpuProgram::prepare`].
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if a layer exceeds the limits of the kernels,
    /// [`EngineError::OutOfMemory`].
    pub async fn new(gpu: &Gpu, plan: &Plan) -> Result<Self, EngineError> {
        Self::with_tiles(AdapterKind::of(&gpu.device), gpu, plan).await
    }

    /// As [`GpuProgram::new`], with tiles for `adapter`, whatever the device is.
    pub(super) async fn with_tiles(
        adapter: AdapterKind,
        gpu: &Gpu,
        plan: &Plan,
    ) -> Result<Self, EngineError> {
        // Finds the errors that do not depend on the size of the input.
        Schedule::new(plan, adapter, 1, 1, 1)?;
        Ok(Self {
            gpu: gpu.clone(),
            plan: plan.clone(),
            adapter,
            weights: gpu
                .checked(|client| Ok(Weights::new(client, pack(plan))))
                .await?,
            sessions: vec![],
        })
    }

    /// Compiles the kernels and allocates the buffers for a size of input, so that the first
    /// [`GpuProgram::run`] is as fast as the others.
    ///
    /// # Errors
    /// Any but [`EngineError::InputLength`].
    pub async fn prepare(
        &mut self,
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<(), EngineError> {
        let session = self.session(batch, height, width).await?;
        self.keep([batch, height, width], session);
        Ok(())
    }

    /// Computes the plan's outputs, `[batch, height, width, channels]` each, for an input of that
    /// shape. The future has to be polled to its end: burn-wgpu does not take back what is dropped
    /// half way.
    ///
    /// # Errors
    /// See [`EngineError`]. After [`EngineError::Lost`] nothing will work: drop the program and make
    /// another one on a new device.
    pub async fn run(
        &mut self,
        input: &[f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<Vec<Vec<f32>>, EngineError> {
        self.check_length(input, batch, height, width)?;
        // Taken out while in use, so that a session that fails or is abandoned is dropped.
        let session = self.session(batch, height, width).await?;
        let outputs = session.run(&self.gpu, input).await?;
        self.keep([batch, height, width], session);
        Ok(outputs)
    }

    /// Checks that an input has the numbers that its shape announces.
    pub(super) fn check_length(
        &self,
        input: &[f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<(), EngineError> {
        let expected = batch * height * width * self.plan.channels()[Plan::INPUT];
        if input.len() == expected && expected > 0 {
            return Ok(());
        }
        Err(EngineError::InputLength {
            expected,
            found: input.len(),
        })
    }

    /// Returns the kept session of a size, or creates one.
    pub(super) async fn session(
        &mut self,
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<GpuSession, EngineError> {
        let size = [batch, height, width];
        let kept = self.sessions.iter().position(|(other, _)| *other == size);
        if let Some(index) = kept {
            return Ok(self.sessions.remove(index).1);
        }
        let schedule = Schedule::new(&self.plan, self.adapter, batch, height, width)?;
        GpuSession::new(&self.gpu, &self.weights, schedule).await
    }

    /// Keeps a session for the next input of its size.
    pub(super) fn keep(&mut self, size: [usize; 3], session: GpuSession) {
        self.sessions.push((size, session));
        if self.sessions.len() > SESSIONS {
            self.sessions.remove(0);
        }
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
        Box::pin(self.run(input, batch, height, width))
    }
}
