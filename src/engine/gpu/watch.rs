//! Turns the errors that a device reports asynchronously into results.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use super::error::GpuError;

/// Reason why a device was lost, once it was.
#[derive(Clone, Default)]
pub struct DeviceLost(Arc<Mutex<Option<String>>>);

impl DeviceLost {
    /// Listens for the loss of `device`, in place of any earlier listener.
    pub fn of(device: &wgpu::Device) -> Self {
        let device_lost = Self::default();
        let heard = device_lost.clone();
        device.set_device_lost_callback(move |reason, message| {
            let mut lost = heard.0.lock().unwrap_or_else(PoisonError::into_inner);
            lost.get_or_insert(format!("{reason:?}: {message}"));
        });
        device_lost
    }

    /// Checks that the device was not lost.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device was lost.
    pub fn check(&self) -> Result<(), GpuError> {
        let lost = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lost.clone().map_or(Ok(()), |why| Err(GpuError::Lost(why)))
    }
}

/// Future of the errors of some calls; it is `Send` where the platform's devices are.
pub trait ScopeFuture: Future<Output = Result<(), GpuError>> + wgpu::WasmNotSend {}

impl<F: Future<Output = Result<(), GpuError>> + wgpu::WasmNotSend> ScopeFuture for F {}

/// The errors of some calls to a device, once the device has reported them.
pub type ScopeResult = Pin<Box<dyn ScopeFuture>>;

/// Makes calls to `device` and catches the errors of all kinds that it reports about them.
pub fn with_error_scopes<T>(device: &wgpu::Device, calls: impl FnOnce() -> T) -> (T, ScopeResult) {
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
    let scope_result: ScopeResult = Box::pin(async move {
        // After a failed allocation every later call is invalid, so that error comes first.
        let memory = memory.await;
        let validation = validation.await;
        let internal = internal.await;
        let error = memory.or(validation).or(internal);
        error.map_or(Ok(()), |error| Err(error.into()))
    });
    (result, scope_result)
}
