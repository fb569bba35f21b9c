//! The buffers, bind groups and commands for one batch size and input size.

use std::ops::Range;

use futures_channel::oneshot;

use super::error::GpuError;
use super::pack::{Packed, QUAD, quads};
use super::pipelines::Pipelines;
use super::schedule::{Dispatch, Output, Schedule};
use super::watch::{DeviceLost, with_error_scopes};

/// Uniform bindings must be this many bytes apart on every device.
const PARAMETERS_STRIDE: usize = 256;

/// What a session runs with: the device and the kernels of its program.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Creates buffers and commands.
    pub device: &'a wgpu::Device,
    /// Executes them.
    pub queue: &'a wgpu::Queue,
    /// Holds every kernel of the session's schedule.
    pub pipelines: &'a Pipelines,
    /// Knows whether the device was lost.
    pub device_lost: &'a DeviceLost,
}

/// The resources of a forward pass of one shape on the device. Dropping it frees all of them.
pub struct GpuSession {
    schedule: Schedule,
    maps: Vec<wgpu::Buffer>,
    parameters: wgpu::Buffer,
    staging: wgpu::Buffer,
    bind_groups: Vec<wgpu::BindGroup>,
}

impl GpuSession {
    /// Creates the buffers and binds them; `pipelines` must hold every kernel of `schedule`.
    pub fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        pipelines: &Pipelines,
        weights: &Weights,
        schedule: Schedule,
    ) -> Self {
        let maps: Vec<_> = schedule
            .slots
            .iter()
            .map(|&bytes| {
                buffer(
                    device,
                    "map",
                    bytes,
                    wgpu::BufferUsages::STORAGE
                        | wgpu::BufferUsages::COPY_SRC
                        | wgpu::BufferUsages::COPY_DST,
                )
            })
            .collect();
        let mut numbers = vec![0u32; schedule.dispatches.len() * PARAMETERS_STRIDE / 4];
        for (place, dispatch) in numbers
            .chunks_mut(PARAMETERS_STRIDE / 4)
            .zip(&schedule.dispatches)
        {
            place[..dispatch.parameters.len()].copy_from_slice(&dispatch.parameters);
        }
        let parameters = filled(
            device,
            queue,
            "parameters",
            bytemuck::cast_slice(&numbers),
            wgpu::BufferUsages::UNIFORM,
        );
        let staging = staging(device, schedule.bytes_read_back());
        let bind_groups = schedule
            .dispatches
            .iter()
            .enumerate()
            .map(|(index, dispatch)| {
                let range = |buffer, [offset, length]: [usize; 2]| {
                    wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                        buffer,
                        offset: offset as u64,
                        size: wgpu::BufferSize::new(length as u64),
                    })
                };
                let own = [index * PARAMETERS_STRIDE, size_of_val(&dispatch.parameters)];
                let [input, gate, added] = dispatch.reads;
                // Bindings that a kernel does not read are bound to some weights.
                let map = |slot: Option<usize>| match slot {
                    Some(slot) => maps[slot].as_entire_binding(),
                    None => range(&weights.buffer, [0, QUAD * size_of::<f32>()]),
                };
                let resources = [
                    range(&parameters, own),
                    map(input),
                    range(&weights.buffer, weights.ranges[dispatch.step]),
                    map(gate),
                    map(added),
                    maps[dispatch.output].as_entire_binding(),
                ];
                pipelines.bind(device, resources)
            })
            .collect();
        Self {
            schedule,
            maps,
            parameters,
            staging,
            bind_groups,
        }
    }

    /// Returns the dispatches of a forward pass.
    pub fn dispatches(&self) -> &[Dispatch] {
        &self.schedule.dispatches
    }

    /// Computes the outputs for one input: one write, one pass, one submission, one read.
    pub async fn run(
        &self,
        context: Context<'_>,
        input: &[f32],
    ) -> Result<Vec<Vec<f32>>, GpuError> {
        let all = 0..self.schedule.dispatches.len();
        self.execute(
            context,
            Some(input),
            all,
            &self.schedule.outputs,
            &self.staging,
        )
        .await
    }

    /// Runs the dispatch at `index` alone and reads the map that it wrote; the first one of a pass
    /// comes with the pass's input.
    pub async fn run_dispatch(
        &self,
        context: Context<'_>,
        input: Option<&[f32]>,
        index: usize,
        output: Output,
    ) -> Result<Vec<f32>, GpuError> {
        let staging = staging(context.device, output.bytes());
        let outputs = [output];
        let read = self.execute(context, input, index..index + 1, &outputs, &staging);
        let maps = read.await;
        staging.destroy();
        Ok(maps?.pop().unwrap_or_default())
    }

    async fn execute(
        &self,
        context: Context<'_>,
        input: Option<&[f32]>,
        dispatches: Range<usize>,
        outputs: &[Output],
        staging: &wgpu::Buffer,
    ) -> Result<Vec<Vec<f32>>, GpuError> {
        let Context {
            device,
            queue,
            pipelines,
            device_lost,
        } = context;
        let (sender, mapped) = oneshot::channel();
        let ((), scope_result) = with_error_scopes(device, || {
            if let Some(input) = input {
                self.write_input(queue, input);
            }
            queue.submit([self.encode(device, pipelines, dispatches, outputs, staging)]);
            staging.map_async(wgpu::MapMode::Read, .., move |mapped| {
                // The receiver may have been dropped.
                let _ = sender.send(mapped);
            });
        });
        // Natively nothing arrives unless the device is polled; in a browser this does nothing.
        let polled = device.poll(wgpu::PollType::wait_indefinitely());
        device_lost.check()?;
        polled.map_err(|error| GpuError::Unreadable(error.to_string()))?;
        let mapped = mapped.await;
        device_lost.check()?;
        scope_result.await?;
        let mapped =
            mapped.map_err(|_| GpuError::Unreadable("the device gave no answer".into()))?;
        mapped.map_err(|error| GpuError::Unreadable(error.to_string()))?;
        let outputs = read(staging, outputs)?;
        staging.unmap();
        Ok(outputs)
    }

    fn write_input(&self, queue: &wgpu::Queue, input: &[f32]) {
        let length = self.schedule.input_pixel_length;
        let channels = input.len() / self.schedule.input_pixels;
        let padded;
        let input = if channels == length {
            input
        } else {
            padded = pad(input, channels, length);
            &padded
        };
        let map = &self.maps[self.schedule.input];
        queue.write_buffer(map, 0, bytemuck::cast_slice(input));
    }

    fn encode(
        &self,
        device: &wgpu::Device,
        pipelines: &Pipelines,
        dispatches: Range<usize>,
        outputs: &[Output],
        staging: &wgpu::Buffer,
    ) -> wgpu::CommandBuffer {
        let mut encoder = device.create_command_encoder(&Default::default());
        let mut pass = encoder.begin_compute_pass(&Default::default());
        let mut current = None;
        let bound = self.schedule.dispatches.iter().zip(&self.bind_groups);
        for (dispatch, bind_group) in bound.take(dispatches.end).skip(dispatches.start) {
            if current != Some(dispatch.kernel) {
                current = Some(dispatch.kernel);
                if let Some(pipeline) = pipelines.get(dispatch.kernel) {
                    pass.set_pipeline(pipeline);
                }
            }
            pass.set_bind_group(0, bind_group, &[]);
            let [x, y, z] = dispatch.workgroups;
            pass.dispatch_workgroups(x, y, z);
        }
        drop(pass);
        let mut offset = 0;
        for output in outputs {
            let bytes = output.bytes() as u64;
            let map = &self.maps[output.slot];
            encoder.copy_buffer_to_buffer(map, 0, staging, offset, bytes);
            offset += bytes;
        }
        encoder.finish()
    }
}

impl Drop for GpuSession {
    fn drop(&mut self) {
        for buffer in self.maps.iter().chain([&self.parameters, &self.staging]) {
            buffer.destroy();
        }
    }
}

/// The weights of a plan on the device. Dropping them frees them.
pub struct Weights {
    buffer: wgpu::Buffer,
    ranges: Vec<[usize; 2]>,
}

impl Weights {
    /// Uploads packed weights.
    pub fn new(device: &wgpu::Device, queue: &wgpu::Queue, packed: Packed) -> Self {
        let mut ranges = packed.ranges;
        let mut numbers = packed.numbers;
        // A step without weights is bound to the first quad, which even a plan without any has.
        numbers.resize(numbers.len().max(QUAD), 0.0);
        for range in ranges.iter_mut().filter(|[_, length]| *length == 0) {
            *range = [0, QUAD * size_of::<f32>()];
        }
        let bytes = bytemuck::cast_slice(&numbers);
        Self {
            buffer: filled(device, queue, "weights", bytes, wgpu::BufferUsages::STORAGE),
            ranges,
        }
    }

    /// Returns the bytes on the device.
    pub fn bytes(&self) -> u64 {
        self.buffer.size()
    }
}

impl Drop for Weights {
    fn drop(&mut self) {
        self.buffer.destroy();
    }
}

/// Reads the outputs from a mapped buffer, without their padding.
fn read(staging: &wgpu::Buffer, outputs: &[Output]) -> Result<Vec<Vec<f32>>, GpuError> {
    let unreadable = |error: wgpu::MapRangeError| GpuError::Unreadable(error.to_string());
    let bytes = staging.slice(..).get_mapped_range().map_err(unreadable)?;
    let mut numbers = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&bytes| f32::from_le_bytes(bytes));
    let mut maps = vec![];
    for output in outputs {
        let padding = quads(output.channels) * QUAD - output.channels;
        let mut map = Vec::with_capacity(output.pixels * output.channels);
        for _ in 0..output.pixels {
            map.extend(numbers.by_ref().take(output.channels));
            numbers.by_ref().take(padding).for_each(drop);
        }
        maps.push(map);
    }
    Ok(maps)
}

fn staging(device: &wgpu::Device, bytes: usize) -> wgpu::Buffer {
    let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ;
    buffer(device, "results", bytes, usage)
}

fn buffer(
    device: &wgpu::Device,
    label: &'static str,
    bytes: usize,
    usage: wgpu::BufferUsages,
) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes as u64,
        usage,
        mapped_at_creation: false,
    })
}

fn filled(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    label: &'static str,
    bytes: &[u8],
    usage: wgpu::BufferUsages,
) -> wgpu::Buffer {
    let buffer = buffer(
        device,
        label,
        bytes.len(),
        usage | wgpu::BufferUsages::COPY_DST,
    );
    queue.write_buffer(&buffer, 0, bytes);
    buffer
}

/// Appends zeros to each pixel, up to `length` numbers.
fn pad(input: &[f32], channels: usize, length: usize) -> Vec<f32> {
    let mut padded = vec![0.0; input.len() / channels * length];
    for (to, from) in padded.chunks_mut(length).zip(input.chunks(channels)) {
        to[..channels].copy_from_slice(from);
    }
    padded
}
