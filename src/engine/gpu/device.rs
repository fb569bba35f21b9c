//! The device that programs run on.

use super::error::GpuError;

/// A device and its queue; clones refer to the same device.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// Creates buffers and pipelines.
    pub device: wgpu::Device,
    /// Executes commands.
    pub queue: wgpu::Queue,
}

impl Gpu {
    /// Opens the fastest adapter's device, with the limits that every WebGPU device supports.
    ///
    /// # Errors
    /// [`GpuError::Unavailable`] if there is no adapter or no device.
    pub async fn open() -> Result<Self, GpuError> {
        let unavailable = |reason: String| GpuError::Unavailable(reason);
        let instance = wgpu::Instance::default();
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("moue"),
                ..Default::default()
            })
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        Ok(Self { device, queue })
    }
}
