//! Compares the plans of [`crate::spec::lower`] with the forward passes of the networks here.

use burn::tensor::{Device, Tensor, TensorData};

use super::tensors::collect;
use crate::engine::reference;
use crate::nn::EmotionNet;
use crate::nn::FaceDetectorNet;
use crate::spec::EmotionNetConfig;
use crate::spec::architecture::AttentionConfig;
use crate::spec::detector::DetectorConfig;
use crate::spec::lower::{detector_plan, emotion_plan};
use crate::spec::weights::WeightsError;

/// Returns values from -1 to 1 without a pattern that a convolution would see.
fn noise(count: usize) -> Vec<f32> {
    (0..count)
        .map(|index| ((index * 7919 + 13) % 1009) as f32 / 504.0 - 1.0)
        .collect()
}

fn image(values: &[f32], [channels, height, width]: [usize; 3]) -> Tensor<4> {
    let shape = [1, height, width, channels];
    let image = Tensor::<4>::from_data(TensorData::new(values.to_vec(), shape), &Device::flex());
    image.permute([0, 3, 1, 2])
}

fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    let largest = expected
        .iter()
        .fold(1.0f32, |most, value| most.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-4 * largest,
            "{found} is not {expected}"
        );
    }
}

/// Asserts that plan and burn agree on an image.
fn assert_same(config: EmotionNetConfig) {
    let config = config.with_input_size(64).folded();
    let network = EmotionNet::new(&config, &Device::flex());
    let plan = emotion_plan(&config, collect(&network).unwrap()).unwrap();
    let values = noise(64 * 64 * config.input_channels);
    let found = reference::run(&plan, &values, 64, 64);
    let expected = network.forward(image(&values, [config.input_channels, 64, 64]));
    let logits = expected.logits.into_data().try_to_vec::<f32>().unwrap();
    let map = expected.attention.into_data().try_to_vec::<f32>().unwrap();
    assert_near(&found[0], &logits);
    if let Some(gate) = found.get(1) {
        assert_near(gate, &map);
    }
}

#[test]
fn what_ships_computes_what_was_trained() {
    assert_same(EmotionNetConfig::moue());
}

#[test]
fn the_seeds_network_has_a_plan_too() {
    assert_same(EmotionNetConfig::paper());
}

#[test]
fn networks_without_gates_have_a_plan() {
    assert_same(EmotionNetConfig {
        squeeze_excite: false,
        attention: AttentionConfig::None,
        ..EmotionNetConfig::moue()
    });
}

#[test]
fn the_detector_computes_what_was_trained() {
    let config = DetectorConfig::shipped().folded();
    let network = FaceDetectorNet::new(&config, &Device::flex());
    let plan = detector_plan(&config, collect(&network).unwrap()).unwrap();
    let values = noise(96 * 64);
    let found = reference::run(&plan, &values, 64, 96).concat();
    let expected = network.forward(image(&values, [1, 64, 96]));
    assert_near(&found, &expected.into_data().try_to_vec::<f32>().unwrap());
}

#[test]
fn what_does_not_fit_is_named() {
    let config = EmotionNetConfig::moue().folded();
    let tensors = collect(&EmotionNet::new(&config, &Device::flex())).unwrap();
    let name = "backbone.blocks.3.depthwise.conv.bias".to_owned();
    let without = |name: &str| {
        let mut tensors = tensors.clone();
        tensors.remove(name);
        tensors
    };
    assert_eq!(
        emotion_plan(&config, without(&name)),
        Err(WeightsError::Missing { name: name.clone() })
    );
    let mut more = tensors.clone();
    more.insert("zoo".into(), more[&name].clone());
    let zoo = WeightsError::Unused { name: "zoo".into() };
    assert_eq!(emotion_plan(&config, more), Err(zoo));
    let mut reshaped = tensors.clone();
    reshaped.get_mut(&name).unwrap().shape.push(1);
    let error = emotion_plan(&config, reshaped).unwrap_err();
    assert!(matches!(error, WeightsError::WrongShape { name: of, .. } if of == name));
    for (unplanned, error) in [
        (EmotionNetConfig::moue(), WeightsError::NotFolded),
        (EmotionNetConfig::cnn().folded(), WeightsError::NoPlan),
    ] {
        assert_eq!(emotion_plan(&unplanned, tensors.clone()), Err(error));
    }
}
