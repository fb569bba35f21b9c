//! Compiled kernels, each once.

use std::collections::HashMap;

use super::kernel::Kernel;

/// The pipelines of a program, and the one layout of all their bindings.
pub struct Pipelines {
    bindings: wgpu::BindGroupLayout,
    layout: wgpu::PipelineLayout,
    compiled: HashMap<Kernel, wgpu::ComputePipeline>,
}

impl Pipelines {
    /// None compiled yet.
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

    /// Compiles what is not compiled yet.
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
                    // The kernels write before they read; where zeros are written first, they
                    // are written one by one by code that takes a second to compile.
                    compilation_options: wgpu::PipelineCompilationOptions {
                        zero_initialize_workgroup_memory: false,
                        ..Default::default()
                    },
                    cache: None,
                })
            });
        }
    }

    /// A compiled kernel.
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
