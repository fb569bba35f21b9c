//! The device that programs run on.

use super::error::GpuError;

/// A device and its queue; clones are the same device.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// What makes buffers and pipelines.
    pub device: wgpu::Device,
    /// What takes work.
    pub queue: wgpu::Queue,
}

impl Gpu {
    /// The fastest adapter's device, with what every WebGPU device can do.
    ///
    /// # Errors
    /// [`GpuError::Unavailable`].
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
