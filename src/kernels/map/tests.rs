use std::cell::Cell;

use burn::module::{Module, Param};
use burn::nn::conv::Conv2dConfig;
use burn::nn::{BatchNormConfig, Initializer};
use burn::tensor::{Distribution, TensorData};

use super::*;

thread_local! {
    static IS_REFERENCE_HERE: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether this test's thread computes with burn's own operations.
pub(super) fn is_reference_here() -> bool {
    IS_REFERENCE_HERE.get()
}

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), device)
}

/// A convolution and its normalization, with random numbers everywhere.
#[derive(Module, Debug)]
struct Layer {
    conv: Conv2d,
    norm: BatchNorm,
}

fn conv(
    [channels_in, channels_out]: [usize; 2],
    kernel: usize,
    stride: usize,
    is_same: bool,
    device: &Device,
) -> Conv2d {
    let half = kernel / 2;
    let groups = if channels_out == 0 { channels_in } else { 1 };
    let channels_out = if channels_out == 0 {
        channels_in
    } else {
        channels_out
    };
    Conv2dConfig::new([channels_in, channels_out], [kernel; 2])
        .with_stride([stride; 2])
        .with_groups(groups)
        .with_bias(false)
        .with_padding(match is_same {
            true => PaddingConfig2d::Same,
            false => PaddingConfig2d::Explicit(half, half, half, half),
        })
        .with_initializer(Initializer::Uniform {
            min: -0.5,
            max: 0.5,
        })
        .init(device)
}

fn layer(
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    is_same: bool,
    device: &Device,
) -> Layer {
    let conv = conv(channels, kernel, stride, is_same, device);
    let [width, ..] = conv.weight.dims();
    let mut norm = BatchNormConfig::new(width).with_epsilon(1e-3).init(device);
    norm.gamma = Param::from_tensor(random([width], device).add_scalar(1.5));
    norm.beta = Param::from_tensor(random([width], device).add_scalar(0.5));
    Layer { conv, norm }
}

fn numbers(data: &TensorData) -> Vec<f32> {
    data.clone().convert::<f32>().try_to_vec().unwrap()
}

/// Returns the largest difference, relative to the largest number, or to `least` if that is larger.
fn error_beside(found: &TensorData, expected: &TensorData, least: f32) -> f64 {
    let (found, expected) = (numbers(found), numbers(expected));
    assert_eq!(found.len(), expected.len());
    let most = expected
        .iter()
        .fold(least, |most, number| most.max(number.abs()));
    let rows = found.iter().zip(&expected);
    f64::from(
        rows.fold(0.0f32, |most, (a, b)| {
            if a.is_nan() {
                f32::INFINITY
            } else {
                most.max((a - b).abs())
            }
        }) / most,
    )
}

/// Returns the largest difference, as a part of the largest number.
fn error(found: &TensorData, expected: &TensorData) -> f64 {
    error_beside(found, expected, 1e-6)
}

/// Compares the output of `network` and the gradients of `inputs` and parameters, as the kernels
/// compute them, with those of burn's operations.
fn compare(
    name: &str,
    shape: [usize; 4],
    layers: &[Layer],
    network: impl Fn(FeatureMap, &[Layer]) -> Tensor<4>,
) {
    let device = Device::flex().autodiff();
    let x = random(shape, &device).mul_scalar(2.0).require_grad();
    let run = |is_reference: bool| {
        IS_REFERENCE_HERE.set(is_reference);
        let mut layers: Vec<Layer> = layers.to_vec();
        for layer in &mut layers {
            let [width] = layer.norm.gamma.dims();
            layer.norm.running_mean = RunningState::new(Tensor::zeros([width], &device));
            layer.norm.running_var = RunningState::new(Tensor::ones([width], &device));
        }
        let y = network(x.clone().into(), &layers);
        IS_REFERENCE_HERE.set(false);
        let [batch, channels, height, width] = y.dims();
        let weights: Vec<f32> = (0..batch * channels * height * width)
            .map(|at| ((at * 37 + at / 7) % 101) as f32 / 50.0 - 1.0)
            .collect();
        let weights = Tensor::<4>::from_data(TensorData::new(weights, y.dims()), &device);
        let output = y.clone().into_data();
        let gradients = (y * weights).sum().backward();
        let mut found = vec![("output".to_string(), output)];
        found.push(("input".into(), x.grad(&gradients).unwrap().into_data()));
        for (index, layer) in layers.iter().enumerate() {
            let mut push = |what: &str, data: Option<TensorData>| {
                if let Some(data) = data {
                    found.push((format!("{index}.{what}"), data));
                }
            };
            push(
                "weight",
                layer
                    .conv
                    .weight
                    .val()
                    .grad(&gradients)
                    .map(Tensor::into_data),
            );
            push(
                "gamma",
                layer
                    .norm
                    .gamma
                    .val()
                    .grad(&gradients)
                    .map(Tensor::into_data),
            );
            push(
                "beta",
                layer
                    .norm
                    .beta
                    .val()
                    .grad(&gradients)
                    .map(Tensor::into_data),
            );
            push(
                "mean",
                Some(layer.norm.running_mean.value_sync().into_data()),
            );
            push(
                "variance",
                Some(layer.norm.running_var.value_sync().into_data()),
            );
        }
        found
    };
    let (expected, found) = (run(true), run(false));
    assert_eq!(expected.len(), found.len(), "{name}");
    // The gradient of a shift before another normalization is nothing but rounding.
    let most = expected
        .iter()
        .flat_map(|(_, data)| numbers(data))
        .fold(0.0f32, |most, number| most.max(number.abs()));
    let mut worst = 0.0f64;
    for ((what, expected), (_, found)) in expected.iter().zip(&found) {
        let error = error_beside(found, expected, most * 1e-2);
        assert!(error < 1e-4, "{name}, {what}: {error:e}");
        worst = worst.max(error);
    }
    println!("gradients: {name} {worst:.1e}");
}

const ACTIVATIONS: [Option<style::ActivationConfig>; 4] = [
    None,
    Some(style::ActivationConfig::Relu),
    Some(style::ActivationConfig::Relu6),
    Some(style::ActivationConfig::Silu),
];

#[test]
fn kernels_agree_with_burn() {
    let device = Device::flex().autodiff();
    device.seed(1);
    for activation in ACTIVATIONS {
        // The second layer reads what the first leaves pending.
        for (shape, channels, kernel) in [
            ([3, 13, 7, 9], [13, 21], 1),
            ([4, 16, 3, 3], [16, 40], 1),
            ([1, 5, 4, 6], [5, 3], 1),
            ([2, 8, 5, 4], [8, 21], 1),
            ([3, 11, 7, 9], [11, 0], 3),
            ([2, 24, 8, 6], [24, 0], 5),
            ([1, 9, 5, 4], [9, 0], 3),
            ([2, 3, 9, 7], [3, 10], 3),
            ([2, 8, 6, 6], [8, 24], 5),
        ] {
            for stride in [1, 2] {
                for is_same in [true, false] {
                    if kernel == 1 && (stride == 2 || is_same) {
                        continue;
                    }
                    let first = layer([channels[0]; 2], 1, 1, false, &device);
                    let second = layer(channels, kernel, stride, is_same, &device);
                    let name = format!(
                        "{kernel}x{kernel} {channels:?} of {shape:?} stride {stride} same {is_same} {activation:?}"
                    );
                    compare(&name, shape, &[first, second], |x, layers| {
                        let [first, second] = layers else { panic!() };
                        let x = x.convolve(&first.conv, Some(&first.norm), activation);
                        x.convolve(&second.conv, Some(&second.norm), activation)
                            .into_tensor()
                    });
                }
            }
        }
    }
}

#[test]
fn convolutions_without_normalization_agree_with_burn() {
    let device = Device::flex().autodiff();
    for (shape, channels, kernel) in [
        ([3, 13, 7, 9], [13, 0], 3),
        ([2, 3, 5, 4], [3, 8], 3),
        ([2, 9, 5, 4], [9, 17], 1),
    ] {
        let layers = [layer(channels, kernel, 1, false, &device)];
        compare(
            &format!("plain {channels:?}"),
            shape,
            &layers,
            |x, layers| x.convolve(&layers[0].conv, None, None).into_tensor(),
        );
    }
}

#[test]
fn a_whole_block_agrees_with_burn() {
    let device = Device::flex().autodiff();
    device.seed(2);
    for activation in [
        style::ActivationConfig::Relu6,
        style::ActivationConfig::Silu,
    ] {
        for scales in [None, Some([0.0f32, 1.5, 0.5])] {
            let layers = [
                layer([12, 30], 1, 1, false, &device),
                layer([30, 0], 3, 1, true, &device),
                layer([30, 12], 1, 1, false, &device),
            ];
            let gates = [[30, 5], [5, 30]]
                .map(|channels| Conv2dConfig::new(channels, [1, 1]).init(&device));
            let name = format!("block {activation:?} dropped {}", scales.is_some());
            compare(&name, [3, 12, 7, 5], &layers, |x, layers| {
                let [expand, depthwise, project] = layers else {
                    panic!()
                };
                let inner = x
                    .clone()
                    .convolve(&expand.conv, Some(&expand.norm), Some(activation));
                let inner =
                    inner.convolve(&depthwise.conv, Some(&depthwise.norm), Some(activation));
                let inner = inner.gated(&gates[0], &gates[1], activation);
                let out = inner.convolve(&project.conv, Some(&project.norm), None);
                x.add(
                    out,
                    scales.map(|scales| Tensor::from_floats(scales, &device)),
                )
                .into_tensor()
            });
        }
    }
}

#[test]
fn a_channel_gates_layers_agree_with_burn() {
    let device = Device::flex().autodiff();
    let gates =
        [[20, 5], [5, 20]].map(|channels| Conv2dConfig::new(channels, [1, 1]).init(&device));
    let x = random([3, 20, 4, 6], &device).require_grad();
    let run = |is_reference: bool| {
        IS_REFERENCE_HERE.set(is_reference);
        let y = FeatureMap::from(x.clone())
            .gated(&gates[0], &gates[1], style::ActivationConfig::Silu)
            .into_tensor();
        IS_REFERENCE_HERE.set(false);
        let gradients = (y.clone() * y).sum().backward();
        let of = |param: &Param<Tensor<4>>| param.val().grad(&gradients).unwrap().into_data();
        let bias = |conv: &Conv2d| {
            conv.bias
                .as_ref()
                .unwrap()
                .val()
                .grad(&gradients)
                .unwrap()
                .into_data()
        };
        [
            of(&gates[0].weight),
            of(&gates[1].weight),
            bias(&gates[0]),
            bias(&gates[1]),
            x.grad(&gradients).unwrap().into_data(),
        ]
    };
    for (found, expected) in run(false).iter().zip(&run(true)) {
        assert!(error(found, expected) < 1e-4);
    }
}

#[test]
fn a_gated_map_keeps_its_gate_when_it_is_added_or_gated_again() {
    let device = Device::flex();
    let gates = [[8, 2], [2, 8]].map(|channels| Conv2dConfig::new(channels, [1, 1]).init(&device));
    let x = random([2, 8, 3, 4], &device);
    let gate = |map: FeatureMap| map.gated(&gates[0], &gates[1], style::ActivationConfig::Relu6);
    let once = gate(x.clone().into()).into_tensor();
    let sum = gate(x.clone().into()).add(x.clone().into(), None);
    let expected = (once.clone() + x.clone()).into_data();
    assert!(error(&sum.into_tensor().into_data(), &expected) < 1e-6);
    let twice = gate(gate(x.into())).into_tensor().into_data();
    assert!(error(&twice, &gate(once.into()).into_tensor().into_data()) < 1e-6);
}

#[test]
fn given_statistics_agree_with_burn() {
    let device = Device::flex();
    let layer = layer([13, 21], 3, 2, true, &device);
    let x = random([2, 13, 9, 8], &device);
    let run = |is_reference: bool| {
        IS_REFERENCE_HERE.set(is_reference);
        let y = FeatureMap::from(x.clone())
            .convolve(
                &layer.conv,
                Some(&layer.norm),
                Some(style::ActivationConfig::Silu),
            )
            .into_tensor();
        IS_REFERENCE_HERE.set(false);
        y.into_data()
    };
    assert!(error(&run(false), &run(true)) < 1e-5);
}

/// Sums are added in a fixed order, whichever thread computes them.
#[test]
fn numbers_are_the_same_to_the_bit_for_any_number_of_threads() {
    let device = Device::flex().autodiff();
    let layers = [
        layer([9, 48], 1, 1, false, &device),
        layer([48, 0], 5, 2, true, &device),
        layer([48, 20], 3, 1, false, &device),
    ];
    let gates =
        [[48, 3], [3, 48]].map(|channels| Conv2dConfig::new(channels, [1, 1]).init(&device));
    let x = random([19, 9, 11, 10], &device).require_grad();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let [expand, depthwise, dense] = &layers;
            let activation = Some(style::ActivationConfig::Silu);
            let y =
                FeatureMap::from(x.clone()).convolve(&expand.conv, Some(&expand.norm), activation);
            let y = y.convolve(&depthwise.conv, Some(&depthwise.norm), activation);
            let y = y.gated(&gates[0], &gates[1], style::ActivationConfig::Silu);
            let y = y
                .convolve(&dense.conv, Some(&dense.norm), activation)
                .into_tensor();
            let gradients = (y.clone() * y.clone()).sum().backward();
            let mut found = vec![y.into_data(), x.grad(&gradients).unwrap().into_data()];
            for layer in &layers {
                found.push(
                    layer
                        .conv
                        .weight
                        .val()
                        .grad(&gradients)
                        .unwrap()
                        .into_data(),
                );
                found.push(layer.norm.gamma.val().grad(&gradients).unwrap().into_data());
            }
            found
        })
    };
    let expected = run(1);
    for threads in [2, 3, 7] {
        for (found, expected) in run(threads).iter().zip(&expected) {
            found.assert_eq(expected, true);
        }
    }
}
