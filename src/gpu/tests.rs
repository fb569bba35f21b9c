//! Tests of every kernel against [`reference`], on whatever adapter there is.

use std::future::Future;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use burn_wgpu::wgpu;

use super::kernel::AdapterKind;
use super::schedule::{Output, Schedule};
use super::*;
use crate::engine::EngineError;
use crate::engine::plan::{
    Activation, Border, ChannelGate, Convolution, Depthwise, MapId, Operation, Plan, SpatialGate,
    Window,
};
use crate::engine::reference::{self, ACTIVATIONS};

/// A row of EfficientNet-B0's table; the engine does not know the model.
struct Stage {
    expansion: usize,
    channels: usize,
    repeats: usize,
    stride: usize,
    kernel: usize,
}

const STAGES: [Stage; 7] = [
    row([1, 16, 1, 1, 3]),
    row([6, 24, 2, 2, 3]),
    row([6, 40, 2, 2, 5]),
    row([6, 80, 3, 2, 3]),
    row([6, 112, 3, 1, 5]),
    row([6, 192, 4, 2, 5]),
    row([6, 320, 1, 1, 3]),
];

const fn row([expansion, channels, repeats, stride, kernel]: [usize; 5]) -> Stage {
    Stage {
        expansion,
        channels,
        repeats,
        stride,
        kernel,
    }
}

/// Pseudo-random numbers around 0, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    fn take(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count).map(|_| self.next() * scale).collect()
    }

    fn convolution(&mut self, window: Window, from: usize, to: usize) -> Convolution {
        let inputs = window.kernel * window.kernel * from;
        Convolution {
            window,
            weights: self.take(inputs * to, 2.0 / (inputs as f32).sqrt()),
            bias: self.take(to, 0.5),
            activation: Activation::Identity,
            gate: None,
            add: None,
        }
    }

    fn depthwise(&mut self, window: Window, channels: usize) -> Depthwise {
        let area = window.kernel * window.kernel;
        Depthwise {
            window,
            weights: self.take(area * channels, 2.0 / window.kernel as f32),
            bias: self.take(channels, 0.5),
            activation: Activation::Relu6,
        }
    }

    fn channel_gate(&mut self, channels: usize, squeezed: usize) -> Operation {
        Operation::ChannelGate(ChannelGate {
            reduce: self.take(channels * squeezed, 2.0 / (channels as f32).sqrt()),
            reduce_bias: self.take(squeezed, 0.5),
            activation: Activation::Relu6,
            expand: self.take(channels * squeezed, 2.0 / (squeezed as f32).sqrt()),
            expand_bias: self.take(channels, 0.5),
        })
    }
}

/// Polls a future that needs no executor until it is ready.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return result;
        }
    }
}

fn open() -> Gpu {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::VULKAN;
    wait(Gpu::on(wgpu::Instance::new(descriptor)))
        .expect("no Vulkan driver: make test-gpu looks for Chromium's")
}

/// Compares a plan's outputs with the reference, with the tiles of either adapter.
fn check(plan: &Plan, sizes: &[[usize; 3]]) {
    static SHARED: LazyLock<Gpu> = LazyLock::new(open);
    for adapter in [AdapterKind::Hardware, AdapterKind::Software] {
        let mut program = wait(GpuProgram::with_tiles(adapter, &SHARED, plan)).unwrap();
        let mut numbers = Numbers(7);
        for &size in sizes {
            check_one(&mut program, plan, &mut numbers, size, adapter);
        }
    }
}

fn check_one(
    program: &mut GpuProgram,
    plan: &Plan,
    numbers: &mut Numbers,
    [batch, height, width]: [usize; 3],
    adapter: AdapterKind,
) {
    let length = height * width * plan.channels()[Plan::INPUT];
    let input = numbers.take(batch * length, 1.0);
    let found = wait(program.run(&input, batch, height, width)).unwrap();
    let images = input.chunks(length);
    let expected: Vec<_> = images
        .map(|image| reference::run(plan, image, height, width))
        .collect();
    assert_eq!(found.len(), plan.outputs().len());
    for (output, found) in found.iter().enumerate() {
        let expected: Vec<f32> = expected
            .iter()
            .flat_map(|outputs| outputs[output].clone())
            .collect();
        assert_eq!(found.len(), expected.len());
        for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert!(
                (found - expected).abs() < 1e-4,
                "{adapter:?}, {batch} x {height} x {width}, output {output}, number {index}: \
                 {found}, not {expected}"
            );
        }
    }
}

const SIZES: [[usize; 3]; 3] = [[1, 12, 9], [3, 5, 7], [1, 1, 1]];

fn window(kernel: usize, stride: usize, border: Border) -> Window {
    Window {
        kernel,
        stride,
        border,
    }
}

/// Returns a plan of one operation.
fn single(channels: usize, operation: Operation) -> Plan {
    let mut plan = Plan::new(channels);
    let map = plan.push(Plan::INPUT, operation);
    plan.mark_output(map);
    plan
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn dense_convolutions_of_every_window() {
    for border in [Border::Symmetric, Border::Same] {
        for (kernel, stride, channels) in [
            (1, 1, [(3, 5), (8, 16)]),
            (1, 2, [(6, 7), (1, 9)]),
            (3, 1, [(3, 5), (8, 16)]),
            (3, 2, [(1, 32), (3, 21)]),
            (5, 1, [(1, 8), (6, 7)]),
            (5, 2, [(2, 3), (8, 4)]),
            (7, 3, [(3, 5), (1, 1)]),
        ] {
            for (from, to) in channels {
                let mut numbers = Numbers(1);
                let layer = numbers.convolution(window(kernel, stride, border), from, to);
                check(&single(from, Operation::Convolve(layer)), &SIZES);
            }
        }
    }
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn every_activation() {
    for activation in ACTIVATIONS {
        let mut numbers = Numbers(2);
        let mut layer = numbers.convolution(Window::PIXEL, 9, 6);
        layer.activation = activation;
        layer.weights.iter_mut().for_each(|weight| *weight *= 8.0);
        let mut plan = Plan::new(9);
        let map = plan.push(Plan::INPUT, Operation::Convolve(layer.clone()));
        plan.mark_output(map);
        layer.window = window(3, 1, Border::Symmetric);
        layer.weights = layer.weights.repeat(9);
        let map = plan.push(Plan::INPUT, Operation::Convolve(layer));
        plan.mark_output(map);
        check(&plan, &[[1, 3, 3]]);
    }
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn depthwise_convolutions_of_every_window() {
    for border in [Border::Symmetric, Border::Same] {
        for (kernel, stride) in [(1, 1), (3, 1), (3, 2), (5, 1), (5, 2), (7, 1), (7, 3)] {
            for channels in [4, 33] {
                let layer = Numbers(3).depthwise(window(kernel, stride, border), channels);
                check(&single(channels, Operation::Depthwise(layer)), &SIZES);
            }
        }
    }
}

/// A linear layer, few pixels and many, which use different tiles.
#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn gated_and_added_matrix_products() {
    for (from, to) in [(9, 30), (70, 17)] {
        for kernel in [1, 3] {
            let mut numbers = Numbers(4);
            let mut plan = Plan::new(from);
            let gate = plan.push(Plan::INPUT, numbers.channel_gate(from, 3));
            let other = numbers.convolution(Window::PIXEL, from, to);
            let other = plan.push(Plan::INPUT, Operation::Convolve(other));
            let layer = numbers.convolution(window(kernel, 1, Border::Symmetric), from, to);
            let both = Convolution {
                gate: Some(gate),
                add: Some(other),
                activation: Activation::Relu6,
                ..layer.clone()
            };
            let both = plan.push(Plan::INPUT, Operation::Convolve(both));
            let added = Convolution {
                add: Some(both),
                ..layer
            };
            let added = plan.push(Plan::INPUT, Operation::Convolve(added));
            for map in [added, both, gate, added] {
                plan.mark_output(map);
            }
            check(
                &plan,
                &[
                    [1, 1, 1],
                    [3, 1, 1],
                    [1, 3, 3],
                    [3, 5, 7],
                    [1, 8, 8],
                    [3, 9, 9],
                ],
            );
        }
    }
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn channel_gates_of_few_and_many_channels() {
    for (channels, squeezed) in [(1, 1), (6, 3), (32, 8), (97, 5), (1152, 48), (1500, 300)] {
        let gate = Numbers(5).channel_gate(channels, squeezed);
        check(
            &single(channels, gate),
            &[[1, 1, 1], [3, 3, 5], [1, 17, 19]],
        );
    }
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn spatial_gates_and_pools() {
    for (channels, kernels) in [(1, [3, 7]), (5, [1, 7]), (300, [3, 5])] {
        for kernel in kernels {
            let mut numbers = Numbers(6);
            let mut plan = Plan::new(channels);
            let gate = plan.push(
                Plan::INPUT,
                Operation::SpatialGate(SpatialGate {
                    kernel,
                    weights: numbers.take(kernel * kernel * 2, 1.0),
                    bias: numbers.next(),
                }),
            );
            let layer = numbers.convolution(Window::PIXEL, channels, channels);
            let dense = plan.push(Plan::INPUT, Operation::Convolve(layer));
            plan.mark_output(gate);
            for gate in [None, Some(gate), Some(dense)] {
                let pool = plan.push(Plan::INPUT, Operation::Pool { gate });
                plan.mark_output(pool);
            }
            check(&plan, &SIZES);
        }
    }
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn enlarged_maps_are_added() {
    for channels in [1, 6, 8] {
        let mut numbers = Numbers(8);
        let mut plan = Plan::new(channels);
        let half = numbers.depthwise(window(3, 2, Border::Symmetric), channels);
        let small = plan.push(Plan::INPUT, Operation::Depthwise(half));
        let sum = plan.push(Plan::INPUT, Operation::UpsampleAdd { small });
        plan.mark_output(sum);
        check(&plan, &SIZES);
    }
}

/// Returns EfficientNet-B0 with both gates, as the shipped network, with random weights.
fn network(numbers: &mut Numbers) -> Plan {
    let mut plan = Plan::new(1);
    let activated = |mut layer: Convolution| {
        layer.activation = Activation::Relu6;
        Operation::Convolve(layer)
    };
    let stem = numbers.convolution(window(3, 2, Border::Symmetric), 1, 32);
    let mut map = plan.push(Plan::INPUT, activated(stem));
    for stage in STAGES {
        for repeat in 0..stage.repeats {
            let stride = if repeat == 0 { stage.stride } else { 1 };
            let window = window(stage.kernel, stride, Border::Symmetric);
            map = block(numbers, &mut plan, map, &stage, window);
        }
    }
    let head = numbers.convolution(Window::PIXEL, 320, 1280);
    let features = plan.push(map, activated(head));
    let gate = plan.push(
        features,
        Operation::SpatialGate(SpatialGate {
            kernel: 7,
            weights: numbers.take(98, 0.3),
            bias: 0.1,
        }),
    );
    let pooled = plan.push(features, Operation::Pool { gate: Some(gate) });
    let linear = numbers.convolution(Window::PIXEL, 1280, 7);
    let logits = plan.push(pooled, Operation::Convolve(linear));
    plan.mark_output(logits);
    plan.mark_output(gate);
    plan
}

fn block(
    numbers: &mut Numbers,
    plan: &mut Plan,
    input: MapId,
    stage: &Stage,
    window: Window,
) -> MapId {
    let &Stage {
        expansion,
        channels,
        ..
    } = stage;
    let from = plan.channels()[input];
    let mut map = input;
    if expansion > 1 {
        let mut layer = numbers.convolution(Window::PIXEL, from, from * expansion);
        layer.activation = Activation::Relu6;
        map = plan.push(map, Operation::Convolve(layer));
    }
    let layer = numbers.depthwise(window, from * expansion);
    map = plan.push(map, Operation::Depthwise(layer));
    let gate = numbers.channel_gate(from * expansion, from / 4);
    let gate = plan.push(map, gate);
    let mut layer = numbers.convolution(Window::PIXEL, from * expansion, channels);
    layer.gate = Some(gate);
    layer.add = (window.stride == 1 && from == channels).then_some(input);
    plan.push(map, Operation::Convolve(layer))
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn whole_network() {
    check(
        &network(&mut Numbers(9)),
        &[[1, 96, 96], [3, 40, 33], [1, 96, 96]],
    );
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn a_kernel_that_computes_wrongly_is_named() {
    let gpu = open();
    let (plan, input) = (network(&mut Numbers(9)), Numbers(7).take(40 * 33, 1.0));
    let mut program = wait(GpuProgram::new(&gpu, &plan)).unwrap();
    let right = wait(program.check_kernels(&input, 40, 33));
    assert_eq!(right, Ok((69, None)));
    // As defined by a plan that differs in one number, the same program is wrong in one kernel.
    let mut other = Plan::new(1);
    for step in plan.steps() {
        let mut operation = step.operation.clone();
        if let Operation::SpatialGate(gate) = &mut operation {
            gate.bias += 1.0;
        }
        other.push(step.input, operation);
    }
    let (_, wrong) = wait(program.check_against(&other, &input, 40, 33)).unwrap();
    let told = wrong.expect("the gate's bias is another").to_string();
    let expected = "kernel spatial_gate computes wrongly in dispatch 66: ";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn the_network_costs_few_dispatches() {
    let schedule =
        Schedule::new(&network(&mut Numbers(9)), AdapterKind::Hardware, 1, 96, 96).unwrap();
    assert_eq!(schedule.dispatches.len(), 69);
    let mut kernels: Vec<_> = schedule.dispatches.iter().map(|it| it.kernel).collect();
    kernels.sort_by_key(|kernel| format!("{kernel:?}"));
    kernels.dedup();
    assert_eq!(kernels.len(), 17, "{kernels:?}");
    // One channel in, not padded; seven logits and nine gates out, each padded to a quad.
    assert_eq!(schedule.bytes_uploaded(), 96 * 96 * 4);
    let read: usize = schedule.outputs.iter().map(Output::bytes).sum();
    assert_eq!(read, (8 + 9 * 4) * 4);
    let bytes: usize = schedule.slots.iter().sum();
    assert!(bytes < 2 << 20, "{bytes} bytes of maps");
}

#[test]
fn what_no_device_must_do_is_refused() {
    let plan = single(4096, Numbers(1).channel_gate(4096, 8));
    let refused = Schedule::new(&plan, AdapterKind::Hardware, 1, 1, 1).unwrap_err();
    assert!(
        matches!(refused, EngineError::TooLarge { found: 4096, .. }),
        "{refused}"
    );
    let layer = Numbers(1).convolution(Window::PIXEL, 1, 4);
    let plan = single(1, Operation::Convolve(layer));
    let refused = Schedule::new(&plan, AdapterKind::Hardware, 1, 4096, 4096).unwrap_err();
    assert!(matches!(refused, EngineError::TooLarge { .. }), "{refused}");
    assert!(Schedule::new(&plan, AdapterKind::Hardware, 1, 1024, 1024).is_ok());
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn a_lost_device_is_a_named_error() {
    let gpu = open();
    let layer = Numbers(1).convolution(Window::PIXEL, 4, 4);
    let plan = single(4, Operation::Convolve(layer));
    let mut program = wait(GpuProgram::new(&gpu, &plan)).unwrap();
    let refused = wait(program.run(&[0.0; 3], 1, 1, 1)).unwrap_err();
    assert_eq!(
        refused,
        EngineError::InputLength {
            expected: 4,
            found: 3
        }
    );
    wait(program.run(&[0.0; 4], 1, 1, 1)).unwrap();
    gpu.device.destroy();
    for _ in 0..2 {
        let lost = wait(program.run(&[0.0; 4], 1, 1, 1)).unwrap_err();
        assert!(matches!(lost, EngineError::Lost(_)), "{lost}");
        let lost = wait(program.prepare(1, 2, 2)).unwrap_err();
        assert!(matches!(lost, EngineError::Lost(_)), "{lost}");
    }
    let late = async {
        let mut program = GpuProgram::new(&gpu, &plan).await?;
        program.run(&[0.0; 4], 1, 1, 1).await
    };
    wait(late).unwrap_err();
}

#[test]
#[ignore = "needs a Vulkan driver: make test-gpu"]
fn a_program_goes_on_after_many_sizes() {
    let gpu = open();
    let layer = Numbers(1).depthwise(window(3, 1, Border::Same), 4);
    let plan = single(4, Operation::Depthwise(layer));
    let mut program = wait(GpuProgram::new(&gpu, &plan)).unwrap();
    for size in (1..12).chain([1, 11]) {
        let input = Numbers(2).take(size * size * 4, 1.0);
        let found = wait(program.run(&input, 1, size, size)).unwrap();
        let expected = reference::run(&plan, &input, size, size);
        for (found, expected) in found[0].iter().zip(&expected[0]) {
            assert!((found - expected).abs() < 1e-4);
        }
    }
}
