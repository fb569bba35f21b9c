//! Tests of the engine against the definitions, for single operations and for random plans.

use crate::engine::plan::{
    Border, ChannelGate, Convolution, Depthwise, MapId, Operation, Plan, SpatialGate, Window,
};
use crate::engine::reference;
use crate::engine::reference::ACTIVATIONS;
use crate::platform::simd::Level;

use super::CpuProgram;

/// Pseudo-random numbers, the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Returns numbers from −`scale` to `scale`.
    fn numbers(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count)
            .map(|_| (self.next() as f32 / (1_u64 << 30) as f32 - 1.0) * scale)
            .collect()
    }
}

const BORDERS: [Border; 2] = [Border::Symmetric, Border::Same];

fn convolution(noise: &mut Noise, window: Window, from: usize, to: usize) -> Convolution {
    let depth = window.kernel * window.kernel * from;
    Convolution {
        window,
        weights: noise.numbers(depth * to, 1.7 / (depth as f32).sqrt()),
        bias: noise.numbers(to, 0.5),
        activation: noise.pick(&ACTIVATIONS),
        gate: None,
        add: None,
    }
}

fn depthwise(noise: &mut Noise, window: Window, channels: usize) -> Operation {
    let area = window.kernel * window.kernel;
    Operation::Depthwise(Depthwise {
        window,
        weights: noise.numbers(area * channels, 1.7 / window.kernel as f32),
        bias: noise.numbers(channels, 0.5),
        activation: noise.pick(&ACTIVATIONS),
    })
}

fn channel_gate(noise: &mut Noise, channels: usize, squeezed: usize) -> Operation {
    Operation::ChannelGate(ChannelGate {
        reduce: noise.numbers(channels * squeezed, 1.0),
        reduce_bias: noise.numbers(squeezed, 0.5),
        activation: noise.pick(&ACTIVATIONS),
        expand: noise.numbers(channels * squeezed, 1.0),
        expand_bias: noise.numbers(channels, 0.5),
    })
}

fn spatial_gate(noise: &mut Noise, kernel: usize) -> Operation {
    Operation::SpatialGate(SpatialGate {
        kernel,
        weights: noise.numbers(kernel * kernel * 2, 0.3),
        bias: 0.1,
    })
}

/// Computes `plan` at some sizes, one after the other in the same program, with the best and the
/// lowest instruction set, and compares with the reference.
fn check(plan: &Plan, noise: &mut Noise, sizes: &[[usize; 3]]) {
    for level in [Level::detect(), Level::lowest()] {
        let mut program = CpuProgram::with_level(plan, level);
        for &[batch, height, width] in sizes {
            let area = height * width * plan.channels()[Plan::INPUT];
            let input = noise.numbers(batch * area, 1.5);
            let found = program.run(&input, batch, height, width);
            assert_eq!(found.len(), plan.outputs().len());
            for (image, input) in input.chunks_exact(area).enumerate() {
                let expected = reference::run(plan, input, height, width);
                for (output, (found, expected)) in found.iter().zip(expected).enumerate() {
                    assert_eq!(found.len(), batch * expected.len(), "{plan:?}");
                    let found = &found[image * expected.len()..][..expected.len()];
                    for (index, (a, b)) in found.iter().zip(&expected).enumerate() {
                        assert!(
                            (a - b).abs() <= 1e-4,
                            "{level:?}, {batch}×{height}×{width}, image {image}, output {output}, \
                             number {index}: {a}, expected {b}, of {:?}",
                            plan.channels()
                        );
                    }
                }
            }
        }
    }
}

const SIZES: [[usize; 3]; 5] = [[1, 9, 12], [3, 5, 3], [1, 1, 1], [1, 14, 13], [3, 2, 8]];

/// Channels that are multiples of the lanes and that are not, with panels of every width.
const CHANNELS: [usize; 10] = [1, 3, 4, 7, 8, 15, 16, 24, 33, 40];

#[test]
fn dense_convolutions() {
    let noise = &mut Noise(1);
    for kernel in [1, 3, 5, 7] {
        for stride in [1, 2] {
            for border in BORDERS {
                for to in CHANNELS {
                    let window = Window {
                        kernel,
                        stride,
                        border,
                    };
                    let from = noise.pick(&CHANNELS);
                    let mut plan = Plan::new(from);
                    let layer = convolution(noise, window, from, to);
                    let map = plan.push(Plan::INPUT, Operation::Convolve(layer));
                    plan.mark_output(map);
                    check(&plan, noise, &SIZES);
                }
            }
        }
    }
}

#[test]
fn linear_layers_and_long_sums() {
    let noise = &mut Noise(2);
    for (from, to) in [(1280, 7), (320, 64), (2, 1), (513, 96)] {
        let mut plan = Plan::new(from);
        let layer = convolution(noise, Window::PIXEL, from, to);
        let map = plan.push(Plan::INPUT, Operation::Convolve(layer));
        plan.mark_output(map);
        check(&plan, noise, &[[1, 1, 1], [3, 1, 1], [1, 7, 5]]);
    }
}

/// More rows than one chunk holds.
#[test]
fn large_maps() {
    let noise = &mut Noise(3);
    let mut plan = Plan::new(12);
    let layer = convolution(noise, Window::PIXEL, 12, 24);
    let map = plan.push(Plan::INPUT, Operation::Convolve(layer));
    let window = Window {
        kernel: 3,
        ..Window::PIXEL
    };
    let layer = convolution(noise, window, 24, 5);
    let map = plan.push(map, Operation::Convolve(layer));
    plan.mark_output(map);
    check(&plan, noise, &[[1, 61, 47]]);
}

#[test]
fn depthwise_convolutions() {
    let noise = &mut Noise(4);
    for kernel in [1, 3, 5, 7] {
        for stride in [1, 2, 3] {
            for border in BORDERS {
                for channels in CHANNELS {
                    let window = Window {
                        kernel,
                        stride,
                        border,
                    };
                    let mut plan = Plan::new(channels);
                    let layer = depthwise(noise, window, channels);
                    let map = plan.push(Plan::INPUT, layer);
                    plan.mark_output(map);
                    check(&plan, noise, &SIZES);
                }
            }
        }
    }
}

#[test]
fn gates_pools_and_sums() {
    let noise = &mut Noise(5);
    for channels in CHANNELS {
        let mut plan = Plan::new(channels);
        let gate = channel_gate(noise, channels, (channels / 3).max(1));
        let gate = plan.push(Plan::INPUT, gate);
        let layer = Convolution {
            gate: Some(gate),
            add: Some(Plan::INPUT),
            ..convolution(noise, Window::PIXEL, channels, channels)
        };
        let gated = plan.push(Plan::INPUT, Operation::Convolve(layer));
        let window = Window {
            kernel: 3,
            stride: 2,
            border: Border::Same,
        };
        let layer = Convolution {
            gate: Some(gate),
            ..convolution(noise, window, channels, channels)
        };
        let small = plan.push(gated, Operation::Convolve(layer));
        let sum = plan.push(gated, Operation::UpsampleAdd { small });
        let kernel = noise.pick(&[3, 5, 7]);
        let places = plan.push(sum, spatial_gate(noise, kernel));
        for gate in [None, Some(places), Some(Plan::INPUT)] {
            let mean = plan.push(sum, Operation::Pool { gate });
            plan.mark_output(mean);
        }
        for map in [gate, gated, small, sum, places] {
            plan.mark_output(map);
        }
        check(&plan, noise, &SIZES);
    }
}

#[test]
fn a_given_input_and_an_unread_map() {
    let noise = &mut Noise(6);
    let mut plan = Plan::new(3);
    plan.push(Plan::INPUT, Operation::Pool { gate: None });
    plan.mark_output(Plan::INPUT);
    plan.mark_output(Plan::INPUT);
    check(&plan, noise, &SIZES);
}

#[test]
fn plans_drawn_at_random() {
    for seed in 0..60 {
        let noise = &mut Noise(100 + seed);
        let plan = drawn(noise);
        check(&plan, noise, &[[1, 13, 10], [3, 6, 7], [1, 13, 10]]);
    }
}

/// NaN is not clamped to a number: the answer would be wrong and look sure.
#[test]
fn nan_stays_nan() {
    let noise = &mut Noise(7);
    let window = |kernel| Window {
        kernel,
        ..Window::PIXEL
    };
    for activation in ACTIVATIONS {
        let mut plan = Plan::new(9);
        let mut layers = vec![channel_gate(noise, 9, 3)];
        for kernel in [1, 3] {
            layers.push(Operation::Convolve(convolution(
                noise,
                window(kernel),
                9,
                5,
            )));
            layers.push(depthwise(noise, window(kernel), 9));
        }
        for mut layer in layers {
            match &mut layer {
                Operation::Convolve(layer) => layer.activation = activation,
                Operation::Depthwise(layer) => layer.activation = activation,
                Operation::ChannelGate(layer) => layer.activation = activation,
                _ => {}
            }
            let map = plan.push(Plan::INPUT, layer);
            plan.mark_output(map);
        }
        for level in [Level::detect(), Level::lowest()] {
            let mut program = CpuProgram::with_level(&plan, level);
            for (layer, output) in program.run(&[f32::NAN; 9 * 30], 1, 5, 6).iter().enumerate() {
                let all = output.iter().all(|value| value.is_nan());
                assert!(all, "{level:?}, {activation:?}, layer {layer}: {output:?}");
            }
        }
    }
}

/// Returns a plan whose steps read any earlier map that fits; some of its last maps are outputs.
fn drawn(noise: &mut Noise) -> Plan {
    let mut plan = Plan::new(noise.pick(&CHANNELS));
    for _ in 0..12 {
        let maps = plan.channels().len();
        // One of the newest three maps.
        let input = maps - 1 - noise.below(maps.min(3));
        let sizes = plan.sizes(13, 10);
        let channels = plan.channels().to_vec();
        let like = |wanted: usize, size: [usize; 2]| -> Vec<MapId> {
            let fits = |&map: &MapId| channels[map] == wanted && sizes[map] == size;
            (0..maps).filter(fits).collect()
        };
        let from = channels[input];
        let window = Window {
            kernel: noise.pick(&[1, 1, 3, 5]),
            stride: noise.pick(&[1, 1, 2]),
            border: noise.pick(&BORDERS),
        };
        let operation = match noise.below(8) {
            0..=2 => {
                let to = noise.pick(&CHANNELS);
                let size = sizes[input].map(|length| window.outputs(length));
                let gates = like(from, [1, 1]);
                let adds = like(to, size);
                Operation::Convolve(Convolution {
                    gate: (!gates.is_empty()).then(|| noise.pick(&gates)),
                    // With a stride, maps may be equal at one input size and not at another.
                    add: (!adds.is_empty() && window.stride == 1).then(|| noise.pick(&adds)),
                    ..convolution(noise, window, from, to)
                })
            }
            3 | 4 => depthwise(noise, window, from),
            5 => {
                let squeezed = 1 + noise.below(9);
                channel_gate(noise, from, squeezed)
            }
            6 => spatial_gate(noise, 3),
            _ => {
                let small = sizes[input].map(|length| length.div_ceil(2));
                match like(from, small).last() {
                    Some(&small) => Operation::UpsampleAdd { small },
                    None => Operation::Pool { gate: None },
                }
            }
        };
        plan.push(input, operation);
    }
    let maps = plan.channels().len();
    for map in (0..maps).rev().step_by(3).take(3) {
        plan.mark_output(map);
    }
    plan
}
