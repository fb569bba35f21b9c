//! A plan that is ready to run on a device.

use super::error::GpuError;
use super::kernel::{AdapterKind, Kernel};
use super::pack::pack;
use super::pipelines::Pipelines;
use super::schedule::Schedule;
use super::session::{Context, GpuSession, Weights};
use super::watch::{DeviceLost, ScopeResult, with_error_scopes};
use crate::engine::plan::Plan;

/// Input sizes whose buffers are kept: a program sees single faces and batches of a few sizes.
const SESSIONS: usize = 4;

/// A plan with its weights and kernels on a device. Dropping it frees everything there.
pub struct GpuProgram {
    device: wgpu::Device,
    queue: wgpu::Queue,
    plan: Plan,
    adapter: AdapterKind,
    device_lost: DeviceLost,
    pipelines: Pipelines,
    weights: Weights,
    /// Error scopes of earlier calls that have not been awaited.
    scope_results: Vec<ScopeResult>,
    /// Sessions by `[batch, height, width]`, the most recently used last.
    sessions: Vec<([usize; 3], GpuSession)>,
}

/// Costs of a forward pass that are the same on every adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Number of dispatches.
    pub dispatches: usize,
    /// Number of submissions to the queue.
    pub submits: usize,
    /// Number of different pipelines among the dispatches.
    pub pipelines: usize,
    /// Bytes of the input.
    pub bytes_uploaded: usize,
    /// Bytes of the outputs.
    pub bytes_read_back: usize,
    /// Bytes of buffers on the device, weights included.
    pub buffer_bytes: usize,
}

impl GpuProgram {
    /// Uploads the weights. Kernels are compiled when a size of input is first seen, see
    /// [`GpuProgram::prepare`], which also returns the device's errors about the weights.
    ///
    /// Replaces the callback that `device` has for its loss.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a layer exceeds the limits of the kernels.
    pub fn new(device: &wgpu::Device, queue: &wgpu::Queue, plan: &Plan) -> Result<Self, GpuError> {
        Self::with_tiles(AdapterKind::of(device), device, queue, plan)
    }

    /// As [`GpuProgram::new`], with tiles for `adapter`, whatever the device is.
    pub(super) fn with_tiles(
        adapter: AdapterKind,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        plan: &Plan,
    ) -> Result<Self, GpuError> {
        // Finds the errors that do not depend on the size of the input.
        Schedule::new(plan, adapter, 1, 1, 1)?;
        let device_lost = DeviceLost::of(device);
        let ((pipelines, weights), scope_result) = with_error_scopes(device, || {
            (
                Pipelines::new(device),
                Weights::new(device, queue, pack(plan)),
            )
        });
        Ok(Self {
            device: device.clone(),
            queue: queue.clone(),
            plan: plan.clone(),
            adapter,
            device_lost,
            pipelines,
            weights,
            scope_results: vec![scope_result],
            sessions: vec![],
        })
    }

    /// Compiles the kernels and allocates the buffers for a size of input, so that the first
    /// [`GpuProgram::run`] is as fast as the others.
    ///
    /// # Errors
    /// Any but [`GpuError::InputLength`].
    pub async fn prepare(
        &mut self,
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<(), GpuError> {
        let session = self.session(batch, height, width).await?;
        self.keep([batch, height, width], session);
        Ok(())
    }

    /// Computes the plan's outputs, `[batch, height, width, channels]` each, for an input of that
    /// shape. The program can still be used after the future is dropped half way.
    ///
    /// # Errors
    /// See [`GpuError`]. After [`GpuError::Lost`] nothing will work: drop the program and make
    /// another one on a new device.
    pub async fn run(
        &mut self,
        input: &[f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<Vec<Vec<f32>>, GpuError> {
        self.check_length(input, batch, height, width)?;
        // Taken out while in use, so that a session that fails or is abandoned is dropped.
        let session = self.session(batch, height, width).await?;
        let outputs = session.run(self.context(), input).await?;
        self.keep([batch, height, width], session);
        Ok(outputs)
    }

    /// Returns the costs of a forward pass of this size.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if this size exceeds the limits of WebGPU.
    pub fn counts(&self, batch: usize, height: usize, width: usize) -> Result<Counts, GpuError> {
        let schedule = Schedule::new(&self.plan, self.adapter, batch, height, width)?;
        let mut kernels: Vec<Kernel> = vec![];
        for dispatch in &schedule.dispatches {
            if !kernels.contains(&dispatch.kernel) {
                kernels.push(dispatch.kernel);
            }
        }
        let maps: usize = schedule.slots.iter().sum();
        Ok(Counts {
            dispatches: schedule.dispatches.len(),
            submits: 1,
            pipelines: kernels.len(),
            bytes_uploaded: schedule.bytes_uploaded(),
            bytes_read_back: schedule.bytes_read_back(),
            buffer_bytes: maps + schedule.bytes_read_back() + self.weights.bytes() as usize,
        })
    }

    /// Returns the plan that it computes.
    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns what its sessions run with.
    pub(super) fn context(&self) -> Context<'_> {
        Context {
            device: &self.device,
            queue: &self.queue,
            pipelines: &self.pipelines,
            device_lost: &self.device_lost,
        }
    }

    /// Checks that an input has the numbers that its shape announces.
    pub(super) fn check_length(
        &self,
        input: &[f32],
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<(), GpuError> {
        let expected = batch * height * width * self.plan.channels()[Plan::INPUT];
        if input.len() == expected && expected > 0 {
            return Ok(());
        }
        Err(GpuError::InputLength {
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
    ) -> Result<GpuSession, GpuError> {
        self.device_lost.check()?;
        let size = [batch, height, width];
        let kept = self.sessions.iter().position(|(other, _)| *other == size);
        if let Some(index) = kept {
            return Ok(self.sessions.remove(index).1);
        }
        let schedule = Schedule::new(&self.plan, self.adapter, batch, height, width)?;
        let (session, scope_result) = with_error_scopes(&self.device, || {
            let kernels = schedule.dispatches.iter().map(|dispatch| dispatch.kernel);
            self.pipelines.compile(&self.device, kernels);
            GpuSession::new(
                &self.device,
                &self.queue,
                &self.pipelines,
                &self.weights,
                schedule.clone(),
            )
        });
        self.scope_results.push(scope_result);
        while let Some(scope_result) = self.scope_results.first_mut() {
            let result = scope_result.await;
            drop(self.scope_results.remove(0));
            self.device_lost.check()?;
            result?;
        }
        Ok(session)
    }

    /// Keeps a session for the next input of its size.
    pub(super) fn keep(&mut self, size: [usize; 3], session: GpuSession) {
        self.sessions.push((size, session));
        if self.sessions.len() > SESSIONS {
            self.sessions.remove(0);
        }
    }
}
