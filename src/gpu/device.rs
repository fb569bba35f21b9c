//! The device that programs run on, and burn-wgpu's client for it.

use burn_wgpu::wgpu;
use burn_wgpu::{MemoryConfiguration, RuntimeOptions, WgpuInitError, WgpuSetup, try_init_device};
use cubecl::Device;
use cubecl::client::Client;
use cubecl::server::ServerError;

use crate::engine::EngineError;

/// The most dispatches of one submission; a forward pass has fewer.
const MOST_DISPATCHES: usize = 256;

/// A device and burn-wgpu's client for it; clones refer to the same device, which lives as long as
/// the process.
#[derive(Clone)]
pub struct Gpu {
    pub(super) client: Client,
    pub(super) device: wgpu::Device,
    queue: wgpu::Queue,
}

impl Gpu {
    /// Opens the fastest adapter's device, with the limits that every WebGPU device supports.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`] if there is no adapter or no device.
    pub async fn open() -> Result<Self, EngineError> {
        Self::on(wgpu::Instance::default()).await
    }

    /// As [`Gpu::open`], among the adapters of an instance.
    pub(super) async fn on(instance: wgpu::Instance) -> Result<Self, EngineError> {
        let unavailable = |reason: String| EngineError::Unavailable(reason);
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        let backend = adapter.get_info().backend;
        let is_timed = adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY);
        if backend == wgpu::Backend::BrowserWebGpu && !is_timed {
            // burn-wgpu panics in a browser without them.
            return Err(unavailable("the adapter has no timestamp queries".into()));
        }
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("moue"),
                ..Default::default()
            })
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        let setup = WgpuSetup {
            instance,
            adapter,
            device: device.clone(),
            queue: queue.clone(),
            backend,
        };
        let client = client(setup).map_err(|error| unavailable(error.to_string()))?;
        Ok(Self {
            client,
            device,
            queue,
        })
    }

    /// Returns the adapter's name.
    pub fn adapter(&self) -> String {
        self.device.adapter_info().name
    }

    /// Submits nothing. Firefox otherwise looks only every 100 ms whether a buffer is mapped (Mozilla's
    /// bug 1870699), and at every submission.
    pub fn nudge(&self) {
        self.queue.submit([]);
    }

    /// Destroys the device, and with it everything that programs have on it.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// Makes calls and catches the errors of all kinds that the device reports about them in a
    /// browser. Natively burn-wgpu makes them on a thread of its own, where it returns the errors of
    /// kernels and panics at others.
    ///
    /// # Errors
    /// See [`EngineError`].
    pub(super) async fn checked<'a, T>(
        &'a self,
        calls: impl FnOnce(&'a Client) -> Result<T, ServerError>,
    ) -> Result<T, EngineError> {
        let filters = [
            wgpu::ErrorFilter::Internal,
            wgpu::ErrorFilter::OutOfMemory,
            wgpu::ErrorFilter::Validation,
        ];
        let [internal, memory, validation] =
            filters.map(|filter| self.device.push_error_scope(filter));
        let result = calls(&self.client);
        let validation = validation.pop();
        let memory = memory.pop();
        let internal = internal.pop();
        // After a failed allocation every later call is invalid, so that error comes first.
        let error = memory.await.or(validation.await).or(internal.await);
        match (error, result) {
            (Some(error), _) => Err(error.into()),
            (None, Ok(value)) => Ok(value),
            (None, Err(error)) => Err(self.cause(error, EngineError::Rejected).await),
        }
    }

    /// Returns the loss of the device, which makes calls fail before it is reported, else `error` as
    /// one of this kind.
    pub(super) async fn cause(
        &self,
        error: ServerError,
        kind: fn(String) -> EngineError,
    ) -> EngineError {
        let loss = self.loss().await;
        loss.unwrap_or_else(|| kind(text(&error)))
    }

    /// Returns the loss of the device, if it was reported.
    pub async fn loss(&self) -> Option<EngineError> {
        // Natively a loss is reported when the device is polled; in a browser this does nothing.
        let _ = self.device.poll(wgpu::PollType::wait_indefinitely());
        let lost = self.client.sync().await.err();
        let lost = lost.filter(ServerError::is_device_poisoned);
        lost.map(|error| EngineError::Lost(text(&error)))
    }
}

/// Returns the text of an error on one line, without its backtrace.
fn text(error: &ServerError) -> String {
    let text = error.to_string();
    let text = text.split("Backtrace").next().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Registers a device with burn-wgpu.
fn client(setup: WgpuSetup) -> Result<Client, WgpuInitError> {
    let mut options = RuntimeOptions::with_tasks_max(Some(MOST_DISPATCHES))?;
    options.memory_config = MemoryConfiguration::ExclusivePages;
    Ok(Device::Wgpu(try_init_device(setup, options)?).client())
}

impl From<wgpu::Error> for EngineError {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::OutOfMemory,
            wgpu::Error::Validation { description, .. }
            | wgpu::Error::Internal { description, .. } => Self::Rejected(description),
        }
    }
}
