//! Errors of a device, which it reports aside and later, as results.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use super::error::GpuError;

/// Why a device was lost, once it was.
#[derive(Clone, Default)]
pub struct DeviceLost(Arc<Mutex<Option<String>>>);

impl DeviceLost {
    /// Listens to `device`, whose one listener this becomes.
    pub fn of(device: &wgpu::Device) -> Self {
        let loss = Self::default();
        let heard = loss.clone();
        device.set_device_lost_callback(move |reason, message| {
            let mut lost = heard.0.lock().unwrap_or_else(PoisonError::into_inner);
            lost.get_or_insert(format!("{reason:?}: {message}"));
        });
        loss
    }

    /// # Errors
    /// [`GpuError::Lost`] where it was.
    pub fn check(&self) -> Result<(), GpuError> {
        let lost = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lost.clone().map_or(Ok(()), |why| Err(GpuError::Lost(why)))
    }
}

/// A verdict that travels between threads where the platform's devices do.
pub trait ScopeFuture: Future<Output = Result<(), GpuError>> + wgpu::WasmNotSend {}

impl<F: Future<Output = Result<(), GpuError>> + wgpu::WasmNotSend> ScopeFuture for F {}

/// What a device will have said about some calls.
pub type ScopeResult = Pin<Box<dyn ScopeFuture>>;

/// Makes calls to `device` and catches its complaints about them, of all kinds.
pub fn watched<T>(device: &wgpu::Device, calls: impl FnOnce() -> T) -> (T, ScopeResult) {
    let filters = [
        wgpu::ErrorFilter::Internal,
        wgpu::ErrorFilter::OutOfMemory,
        wgpu::ErrorFilter::Validation,
    ];
    let [internal, memory, validation] = filters.map(|filter| device.push_error_scope(filter));
    let result = calls();
    let validation = validation.pop();
    let memory = memory.pop();
    let internal = internal.pop();
    let verdict: ScopeResult = Box::pin(async move {
        // What has no memory is invalid in every later call: that is told first.
        let memory = memory.await;
        let validation = validation.await;
        let internal = internal.await;
        let error = memory.or(validation).or(internal);
        error.map_or(Ok(()), |error| Err(error.into()))
    });
    (result, verdict)
}
