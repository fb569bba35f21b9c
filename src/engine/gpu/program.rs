//! A plan that is ready to run on a device.

use super::error::GpuError;
use super::kernel::{AdapterKind, Kernel};
use super::pack::pack;
use super::pipelines::Pipelines;
use super::schedule::Schedule;
use super::session::{GpuSession, Weights};
use super::watch::{DeviceLost, ScopeResult, watched};
use crate::engine::plan::Plan;

/// Sizes of input that keep their buffers: a program sees single faces and batches of a few sizes.
const SESSIONS: usize = 4;

/// A plan with its weights and kernels on a device. Dropping it frees everything there.
pub struct GpuProgram {
    device: wgpu::Device,
    queue: wgpu::Queue,
    plan: Plan,
    adapter: AdapterKind,
    loss: DeviceLost,
    pipelines: Pipelines,
    weights: Weights,
    /// Complaints about calls so far that have not been waited for.
    verdicts: Vec<ScopeResult>,
    /// The most recently used last.
    sessions: Vec<([usize; 3], GpuSession)>,
}

/// What a forward pass costs on every adapter alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Kernels started.
    pub dispatches: usize,
    /// Submissions to the queue.
    pub submits: usize,
    /// Different pipelines among the dispatches.
    pub pipelines: usize,
    /// Bytes of the input.
    pub bytes_uploaded: usize,
    /// Bytes of the outputs.
    pub bytes_read_back: usize,
    /// Bytes on the device, weights included.
    pub buffer_bytes: usize,
}

impl GpuProgram {
    /// Uploads the weights. Kernels are compiled when a size of input is first seen, see
    /// [`GpuProgram::prepare`]; what the device has to say against the weights comes from there
    /// too.
    ///
    /// Becomes the listener of the device's loss.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] where a layer is beyond the kernels.
    pub fn new(device: &wgpu::Device, queue: &wgpu::Queue, plan: &Plan) -> Result<Self, GpuError> {
        Self::with_tiles(AdapterKind::of(device), device, queue, plan)
    }

    /// The same with tiles that suit `adapter`, whatever the device is.
    pub(super) fn with_tiles(
        adapter: AdapterKind,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        plan: &Plan,
    ) -> Result<Self, GpuError> {
        // Whatever the size of the input, this finds what no size will change.
        Schedule::new(plan, adapter, 1, 1, 1)?;
        let loss = DeviceLost::of(device);
        let ((pipelines, weights), verdict) = watched(device, || {
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
            loss,
            pipelines,
            weights,
            verdicts: vec![verdict],
            sessions: vec![],
        })
    }

    /// Compiles the kernels and makes the buffers for a size of input, so that the first
    /// [`GpuProgram::run`] is as fast as the others.
    ///
    /// # Errors
    /// All but [`GpuError::InputLength`].
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

    /// One vector for each output of the plan, `[batch, height, width, channels]`, for an input of
    /// that shape. A program whose future is dropped half way can be used again.
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
        let channels = self.plan.channels()[Plan::INPUT];
        let expected = batch * height * width * channels;
        if input.len() != expected || expected == 0 {
            return Err(GpuError::InputLength {
                expected,
                found: input.len(),
            });
        }
        // Taken out while it is in use, so that one that fails or is left is dropped.
        let session = self.session(batch, height, width).await?;
        let outputs = session
            .run(
                &self.device,
                &self.queue,
                &self.pipelines,
                &self.loss,
                input,
                channels,
            )
            .await?;
        self.keep([batch, height, width], session);
        Ok(outputs)
    }

    /// What a forward pass of this size costs.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`].
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

    /// The kept session of a size, or a new one.
    async fn session(
        &mut self,
        batch: usize,
        height: usize,
        width: usize,
    ) -> Result<GpuSession, GpuError> {
        self.loss.check()?;
        let size = [batch, height, width];
        let kept = self.sessions.iter().position(|(other, _)| *other == size);
        if let Some(index) = kept {
            return Ok(self.sessions.remove(index).1);
        }
        let schedule = Schedule::new(&self.plan, self.adapter, batch, height, width)?;
        let (session, verdict) = watched(&self.device, || {
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
        self.verdicts.push(verdict);
        while let Some(verdict) = self.verdicts.first_mut() {
            let result = verdict.await;
            drop(self.verdicts.remove(0));
            self.loss.check()?;
            result?;
        }
        Ok(session)
    }

    fn keep(&mut self, size: [usize; 3], session: GpuSession) {
        self.sessions.push((size, session));
        if self.sessions.len() > SESSIONS {
            self.sessions.remove(0);
        }
    }
}
