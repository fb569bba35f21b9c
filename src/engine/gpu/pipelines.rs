//! A cache of compiled kernels.

use std::collections::HashMap;

use super::kernel::Kernel;

/// The pipelines of a program, and the layout that all their bindings share.
pub struct Pipelines {
    bindings: wgpu::BindGroupLayout,
    layout: wgpu::PipelineLayout,
    compiled: HashMap<Kernel, wgpu::ComputePipeline>,
}

impl Pipelines {
    /// Creates the layouts; no kernel is compiled yet.
    pub fn new(device: &wgpu::Device) -> Self {
        use wgpu::BufferBindingType::{Storage, Uniform};
        let types = [
            Uniform,
            Storage { read_only: true },
            Storage { read_only: true },
            Storage { read_only: true },
            Storage { read_only: true },
            Storage { read_only: false },
        ];
        let mut binding = 0..;
        let entries = types.map(|ty| wgpu::BindGroupLayoutEntry {
            binding: binding.next().unwrap_or_default(),
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        });
        let bindings = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: None,
            entries: &entries,
        });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 0,
        });
        Self {
            bindings,
            layout,
            compiled: HashMap::new(),
        }
    }

    /// Compiles the kernels that are not compiled yet.
    pub fn compile(&mut self, device: &wgpu::Device, kernels: impl Iterator<Item = Kernel>) {
        for kernel in kernels {
            self.compiled.entry(kernel).or_insert_with(|| {
                let label = format!("{kernel:?}");
                let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
                    label: Some(&label),
                    source: wgpu::ShaderSource::Wgsl(kernel.source().into()),
                });
                device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                    label: Some(&label),
                    layout: Some(&self.layout),
                    module: &module,
                    entry_point: Some("main"),
                    // The kernels write workgroup memory before they read it; the code that would
                    // write zeros first takes a second to compile.
                    compilation_options: wgpu::PipelineCompilationOptions {
                        zero_initialize_workgroup_memory: false,
                        ..Default::default()
                    },
                    cache: None,
                })
            });
        }
    }

    /// Returns the pipeline of a kernel, `None` if it was not compiled.
    pub fn get(&self, kernel: Kernel) -> Option<&wgpu::ComputePipeline> {
        self.compiled.get(&kernel)
    }

    /// Binds buffers in the layout's order: parameters, input, weights, gate, added, output.
    pub fn bind(
        &self,
        device: &wgpu::Device,
        resources: [wgpu::BindingResource<'_>; 6],
    ) -> wgpu::BindGroup {
        let mut binding = 0..;
        let entries = resources.map(|resource| wgpu::BindGroupEntry {
            binding: binding.next().unwrap_or_default(),
            resource,
        });
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.bindings,
            entries: &entries,
        })
    }
}
