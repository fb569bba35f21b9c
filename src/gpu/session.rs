//! The buffers of one batch size and input size, and their forward pass as a recorded graph.

use burn_wgpu::{CubeDim, KernelSource, SourceKernel, SourceTemplate};
use cubecl::bytes::Bytes;
use cubecl::client::{Client, Graph};
use cubecl::prelude::{BufferIOAttr, CubeCount, ExecutionMode, KernelId};
use cubecl::server::{Handle, KernelArguments, MetadataBindingInfo, ServerError};

use super::device::Gpu;
use super::kernel::Kernel;
use super::pack::{ALIGNMENT, Packed, QUAD, quads};
use super::schedule::{Dispatch, Output, Schedule};
use crate::engine::EngineError;

/// The weights of a plan on the device.
pub struct Weights {
    handle: Handle,
    ranges: Vec<[usize; 2]>,
}

impl Weights {
    /// Uploads packed weights.
    pub fn new(client: &Client, packed: Packed) -> Self {
        let Packed {
            mut numbers,
            ranges,
        } = packed;
        let length = numbers.len().max(1);
        let length = length.next_multiple_of(ALIGNMENT / size_of::<f32>());
        numbers.resize(length, 0.0);
        Self {
            // Moved, not copied: a browser's memory stays as large as it once was.
            handle: client.create(Bytes::from_elems(numbers)),
            ranges,
        }
    }

    /// Returns the weights of a step; the first quad of all where it has none.
    fn of(&self, step: usize) -> Handle {
        match self.ranges[step] {
            [_, 0] => part(&self.handle, [0, QUAD * size_of::<f32>()]),
            range => part(&self.handle, range),
        }
    }
}

/// The buffers of a forward pass of one shape, and the pass over them.
pub struct GpuSession {
    schedule: Schedule,
    maps: Vec<Handle>,
    graph: Graph,
}

impl GpuSession {
    /// Allocates the buffers, compiles the kernels, and records the pass.
    ///
    /// # Errors
    /// [`EngineError`] if the device refuses one of them.
    pub async fn new(
        gpu: &Gpu,
        weights: &Weights,
        schedule: Schedule,
    ) -> Result<Self, EngineError> {
        let record = |client: &Client| {
            let maps = schedule.slots.iter().map(|&bytes| client.empty(bytes));
            let maps: Vec<Handle> = maps.collect();
            client.graph_prepare()?;
            client.start_capture()?;
            for dispatch in &schedule.dispatches {
                launch(client, weights, &maps, dispatch);
            }
            Ok((maps, client.stop_capture()?))
        };
        let (maps, graph) = gpu.checked(record).await?;
        // Recording asks nothing of the device, so a lost one would not be noticed.
        if let Err(error) = gpu.client.sync().await {
            return Err(gpu.cause(error, EngineError::Rejected).await);
        }
        Ok(Self {
            schedule,
            maps,
            graph,
        })
    }

    /// Returns the dispatches of a forward pass.
    pub fn dispatches(&self) -> &[Dispatch] {
        &self.schedule.dispatches
    }

    /// Computes the outputs for one input.
    ///
    /// # Errors
    /// [`EngineError`] if the device fails.
    pub async fn run(&self, gpu: &Gpu, input: &[f32]) -> Result<Vec<Vec<f32>>, EngineError> {
        let replay = |_: &Client| {
            self.write_input(gpu, input);
            // SAFETY: the session keeps the buffers that were recorded. One forward pass has been read
            // before the next one begins, because both borrow the program, and on the same stream,
            // because no program leaves its thread: `Box<dyn Program>` is not `Send`.
            unsafe { self.graph.replay() }
        };
        self.read(gpu, replay, &self.schedule.outputs).await
    }

    /// Runs the dispatch at `index` alone and reads the map that it wrote; the first one of a pass
    /// comes with the pass's input.
    ///
    /// # Errors
    /// [`EngineError`] if the device fails.
    pub async fn run_dispatch(
        &self,
        gpu: &Gpu,
        weights: &Weights,
        (index, input): (usize, Option<&[f32]>),
        output: Output,
    ) -> Result<Vec<f32>, EngineError> {
        let run = |client: &Client| {
            if let Some(input) = input {
                self.write_input(gpu, input);
            }
            launch(
                client,
                weights,
                &self.maps,
                &self.schedule.dispatches[index],
            );
            Ok(())
        };
        let maps = self.read(gpu, run, &[output]).await?;
        Ok(maps.into_iter().next().unwrap_or_default())
    }

    /// Makes calls, and reads maps after them, without their padding.
    async fn read(
        &self,
        gpu: &Gpu,
        calls: impl FnOnce(&Client) -> Result<(), ServerError>,
        outputs: &[Output],
    ) -> Result<Vec<Vec<f32>>, EngineError> {
        let handles = outputs
            .iter()
            .map(|it| part(&self.maps[it.slot], [0, it.bytes()]));
        let bytes = gpu
            .checked(|client| calls(client).map(|()| client.read_async(handles.collect())))
            .await?
            .await;
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return Err(gpu.cause(error, EngineError::Unreadable).await),
        };
        let unpadded = |(output, bytes): (&Output, &[u8])| {
            let mut map = Vec::with_capacity(output.pixels * output.channels);
            for pixel in bytes.chunks(quads(output.channels) * QUAD * size_of::<f32>()) {
                let numbers = pixel.as_chunks::<4>().0.iter().take(output.channels);
                map.extend(numbers.map(|&number| f32::from_le_bytes(number)));
            }
            map
        };
        let bytes = bytes.iter().map(|bytes| &**bytes);
        Ok(outputs.iter().zip(bytes).map(unpadded).collect())
    }

    fn write_input(&self, gpu: &Gpu, input: &[f32]) {
        let channels = input.len() / self.schedule.input_pixels;
        let padding = self.schedule.input_pixel_length - channels;
        let mut bytes = Vec::with_capacity(self.schedule.bytes_uploaded());
        for pixel in input.chunks(channels) {
            bytes.extend_from_slice(bytemuck::cast_slice(pixel));
            bytes.resize(bytes.len() + padding * size_of::<f32>(), 0);
        }
        let map = part(&self.maps[self.schedule.input], [0, bytes.len()]);
        gpu.client.write(&map, Bytes::from_bytes_vec(bytes));
    }
}

/// Launches a dispatch, or records it while the client captures a graph.
fn launch(client: &Client, weights: &Weights, maps: &[Handle], dispatch: &Dispatch) {
    let [input, gate, added] = dispatch.reads;
    // What a kernel may read and this dispatch does not is bound to some weights.
    let map = |slot: Option<usize>| match slot {
        Some(slot) => maps[slot].clone(),
        None => weights.of(dispatch.step),
    };
    let bound = dispatch.kernel.reads().into_iter().zip([
        map(input),
        weights.of(dispatch.step),
        map(gate),
        map(added),
    ]);
    let read = bound.filter_map(|(is_read, handle)| is_read.then_some(handle));
    let mut arguments = KernelArguments::new();
    for handle in read {
        arguments = arguments.with_buffer_io(handle.binding(), BufferIOAttr::ReadOnly);
    }
    let output = maps[dispatch.output].clone().binding();
    let numbers = bytemuck::cast_slice::<u32, [u32; 2]>(&dispatch.parameters);
    let numbers = numbers
        .iter()
        .map(|&[low, high]| u64::from(high) << 32 | u64::from(low));
    let arguments = arguments
        .with_buffer_io(output, BufferIOAttr::WriteOnly)
        .with_info(MetadataBindingInfo::custom(numbers.collect()));
    let [x, y, z] = dispatch.workgroups;
    let kernel = SourceKernel::new(dispatch.kernel, CubeDim::new_single());
    client.launch(Box::new(kernel), CubeCount::Static(x, y, z), arguments);
}

impl KernelSource for Kernel {
    fn source(&self) -> SourceTemplate {
        SourceTemplate::new((*self).source())
    }

    fn id(&self) -> KernelId {
        // Unchecked: the kernels check their bounds themselves.
        KernelId::new::<Self>()
            .info(*self)
            .mode(ExecutionMode::Unchecked)
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// Returns the part of a buffer at an offset and of a length in bytes.
fn part(handle: &Handle, [offset, length]: [usize; 2]) -> Handle {
    let after = handle.size() - (offset + length) as u64;
    handle.clone().offset_start(offset as u64).offset_end(after)
}
