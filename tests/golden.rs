//! The backbone against an independent implementation; see fixtures/golden/make_efficientnet_b0.py.

use burn::tensor::{Device, Tensor, TensorData};
use moue::model::EmotionNetConfig;
use moue::model::activation::Activation;
use moue::model::conv_norm::{ConvStyle, Padding};
use moue::model::weights::{apply, collect, decode};

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
            activation: Activation::Silu,
            padding: Padding::Symmetric,
            norm_epsilon: 1e-5,
            norm_momentum: 0.1,
            folded: false,
        },
        ..EmotionNetConfig::paper().with_input_size(64)
    };
    let network = config.init(&device);
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
