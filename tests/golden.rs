//! The backbone against an independent implementation; see fixtures/golden/make_efficientnet_b0.py.

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use moue::nn::EmotionNet;
use moue::nn::tensors::{apply, collect};
use moue::spec::EmotionNetConfig;
use moue::spec::style::{ActivationConfig, ConvStyle, Padding};
use moue::spec::weights::decode;
use moue::training::init::init;

/// `count` numbers in [-1, 1), the same that the Python script computes.
pub fn noise(name: &str, count: usize) -> Vec<f64> {
    let seed = name.bytes().fold(2_166_136_261u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    (0..count as u32)
        .map(|index| {
            let mut h = index.wrapping_add(seed);
            for (shift, factor) in [(16, 0x85eb_ca6b), (13, 0xc2b2_ae35)] {
                h ^= h >> shift;
                h = h.wrapping_mul(factor);
            }
            h ^= h >> 16;
            f64::from(h) / 2f64.powi(31) - 1.0
        })
        .collect()
}

#[test]
fn the_backbone_equals_torchvision() {
    let device = Device::flex();
    let config = EmotionNetConfig {
        style: ConvStyle {
            activation: ActivationConfig::Silu,
            padding: Padding::Symmetric,
            norm_epsilon: 1e-5,
            norm_momentum: 0.1,
            folded: false,
        },
        ..EmotionNetConfig::paper().with_input_size(64)
    };
    let network = EmotionNet::new(&config, &device);
    let mut tensors = collect(&network).expect("a fresh network has floats");
    for (name, array) in &mut tensors {
        let scale = (6.0 / array.shape.iter().skip(1).product::<usize>() as f64).sqrt();
        let numbers = noise(name, array.values.len());
        array.values = numbers
            .into_iter()
            .map(|number| match name.rsplit('.').next() {
                Some("weight") => number * scale,
                Some("gamma" | "running_var") => 1.0 + 0.25 * number,
                _ => 0.1 * number,
            })
            .map(|number| number as f32)
            .collect();
    }
    let network = apply(network, tensors).expect("the names are the network's own");
    let images: Vec<f32> = noise("images", 2 * 3 * 64 * 64)
        .iter()
        .map(|n| *n as f32)
        .collect();
    let images = Tensor::<4>::from_data(TensorData::new(images, [2, 3, 64, 64]), &device);
    let found = network.backbone.forward(images);
    assert_eq!(found.dims(), [2, 1280, 2, 2]);
    let found = found.into_data().try_to_vec::<f32>().expect("floats");

    let golden = decode(include_bytes!(
        "fixtures/golden/efficientnet_b0.safetensors"
    ))
    .expect("the fixture is whole");
    let expected = &golden["features"].values;
    assert!(
        expected.iter().any(|value| value.abs() > 0.3),
        "a fixture of zeros proves nothing"
    );
    let difference = expected
        .iter()
        .zip(&found)
        .map(|(expected, found)| (expected - found).abs())
        .fold(0.0f32, f32::max);
    assert!(difference < 1e-4, "largest difference {difference}");
}

#[test]
fn a_start_from_torchvisions_file_computes_what_torchvision_computes() {
    let device = Device::flex();
    let golden = decode(include_bytes!(
        "fixtures/golden/torchvision_efficientnet_b0.safetensors"
    ))
    .expect("the fixture is whole");
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/golden/torchvision_efficientnet_b0.pth");
    let gray: Vec<f32> = noise("gray", 64 * 64).iter().map(|n| *n as f32).collect();
    for input_channels in [1, 3] {
        // An epsilon other than torchvision's, which the start has to make up for.
        let config = EmotionNetConfig {
            input_channels,
            style: ConvStyle {
                padding: Padding::Symmetric,
                norm_epsilon: 1e-3,
                ..EmotionNetConfig::paper().style
            },
            ..EmotionNetConfig::paper().with_input_size(64)
        };
        let images = Tensor::<4>::from_data(TensorData::new(gray.clone(), [1, 1, 64, 64]), &device)
            .repeat_dim(1, input_channels);
        let network =
            init(EmotionNet::new(&config, &device), &path, images.clone()).expect("it fits");
        let found = network.backbone.forward(images);
        let found = found.into_data().try_to_vec::<f32>().expect("floats");
        let difference = |expected: &[f32]| {
            let pairs = expected.iter().zip(&found);
            pairs
                .map(|(expected, found)| (expected - found).abs())
                .fold(0.0f32, f32::max)
        };
        let framed = difference(&golden["framed"].values);
        assert!(framed < 1e-4, "largest difference {framed}");
        // Only the frame around the image is another, and it matters little.
        let features = difference(&golden["features"].values);
        assert!(
            (1e-3..2e-2).contains(&features),
            "largest difference {features}"
        );
    }
}
