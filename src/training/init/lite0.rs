//! Initial weights from EfficientNet-Lite0 on ImageNet.
//!
//! All 49 convolutions have the same shapes. These differences are compensated, so that the network
//! computes at first what Lite0 computes:
//! - one input channel: the weights of the stem's three are summed, as gray has equal channels;
//! - squeeze-excite, which Lite0 lacks: if our network has it, its gates start at a constant, and
//!   the projection after each is multiplied by the inverse;
//! - batch normalization, which the file has folded into the biases: each layer's scale and shift
//!   are set so that it returns the folded layer's output on a few hundred training images.
//!
//! The file's input is `(pixel − 127) / 128` and its padding is TensorFlow's, as in the `moue`
//! recipe; with another recipe the result is less exact.

use burn::module::{Param, RunningState};
use burn::nn::BatchNorm;
use burn::tensor::{Tensor, TensorData};

use super::{all_taken, take};
use crate::nn::efficientnet::EfficientNet;
use crate::nn::layers::conv_norm::ConvNorm;
use crate::nn::layers::mbconv::MbConv;
use crate::spec::efficientnet::STAGES;
use crate::spec::weights::{Array, NamedTensors, WeightsError};

/// Bias of a gate's last layer: sigmoid(2) = 0.88 passes most of the signal, and the slope of 0.1
/// is still large enough to learn.
const GATE_BIAS: f32 = 2.0;

/// Copies `tensors` into `backbone` and calibrates its normalization.
///
/// # Shapes
/// - `images`: `[batch, input_channels, size, size]`, normalized training images, a few hundred
///
/// # Errors
/// [`WeightsError::Missing`], [`WeightsError::WrongShape`], [`WeightsError::Unused`].
pub fn copy(
    mut backbone: EfficientNet,
    mut tensors: NamedTensors,
    images: Tensor<4>,
) -> Result<EfficientNet, WeightsError> {
    let mut x = load(&mut backbone.stem, &mut tensors, "conv_stem", 1.0, images)?;
    let names = STAGES.iter().enumerate().flat_map(|(stage, row)| {
        (0..row.repeats).map(move |repeat| format!("blocks.{stage}.{repeat}"))
    });
    for (block, name) in backbone.blocks.iter_mut().zip(names) {
        x = load_block(block, &mut tensors, &name, x)?;
    }
    load(&mut backbone.head, &mut tensors, "conv_head", 1.0, x)?;
    all_taken(tensors)?;
    Ok(backbone)
}

/// Fills one block and returns its output for `x`. Timm names the projection `conv_pw` in a block
/// without expansion, and `conv_pwl` in others.
fn load_block(
    block: &mut MbConv,
    tensors: &mut NamedTensors,
    name: &str,
    x: Tensor<4>,
) -> Result<Tensor<4>, WeightsError> {
    let (inner, projection) = match &mut block.expand {
        Some(expand) => (
            load(expand, tensors, &format!("{name}.conv_pw"), 1.0, x.clone())?,
            "conv_pwl",
        ),
        None => (x.clone(), "conv_pw"),
    };
    let inner = load(
        &mut block.depthwise,
        tensors,
        &format!("{name}.conv_dw"),
        1.0,
        inner,
    )?;
    let (inner, opened) = match &mut block.squeeze_excite {
        Some(gate) => {
            let last = &mut gate.expand;
            last.weight = Param::from_tensor(last.weight.val().zeros_like());
            last.bias = last
                .bias
                .take()
                .map(|bias| Param::from_tensor(bias.val().full_like(GATE_BIAS)));
            (
                gate.forward(inner).into_tensor(),
                1.0 / (1.0 + (-GATE_BIAS).exp()),
            )
        }
        None => (inner, 1.0),
    };
    let out = load(
        &mut block.project,
        tensors,
        &format!("{name}.{projection}"),
        1.0 / opened,
        inner,
    )?;
    Ok(if block.is_residual() { x + out } else { out })
}

/// Fills one layer with the weights times `gain`, and returns the layer's output for `x`.
fn load(
    layer: &mut ConvNorm,
    tensors: &mut NamedTensors,
    name: &str,
    gain: f32,
    x: Tensor<4>,
) -> Result<Tensor<4>, WeightsError> {
    let [channels_out, channels_in, height, width] = layer.conv.weight.dims();
    let weight = take(tensors, format!("{name}.weight"))?;
    let mut weight = fit(
        weight,
        channels_in,
        [channels_out, channels_in, height, width],
        name,
    )?;
    weight.values.iter_mut().for_each(|value| *value *= gain);
    let bias = take(tensors, format!("{name}.bias"))?;
    if bias.shape != [channels_out] {
        return Err(WeightsError::WrongShape {
            name: format!("{name}.bias"),
            expected: vec![channels_out],
            found: bias.shape,
        });
    }
    let device = x.device();
    layer.conv.weight = Param::from_tensor(Tensor::from_data(
        TensorData::new(weight.values, weight.shape),
        &device,
    ));
    let bias = Tensor::<1>::from_data(TensorData::new(bias.values, bias.shape), &device);
    if let Some(norm) = &mut layer.norm {
        calibrate(norm, layer.conv.forward(x.clone()), bias);
    }
    Ok(layer.forward(x).into_tensor())
}

/// Sums the input channels if the network has one and the file three.
fn fit(
    weight: Array,
    channels_in: usize,
    expected: [usize; 4],
    name: &str,
) -> Result<Array, WeightsError> {
    let [channels_out, _, height, width] = expected;
    let area = height * width;
    if channels_in == 1 && weight.shape == [channels_out, 3, height, width] {
        let values = weight
            .values
            .chunks_exact(3 * area)
            .flat_map(|planes| {
                (0..area).map(|at| planes[at] + planes[area + at] + planes[2 * area + at])
            })
            .collect();
        return Ok(Array {
            shape: expected.to_vec(),
            values,
        });
    }
    if weight.shape != expected {
        return Err(WeightsError::WrongShape {
            name: format!("{name}.weight"),
            expected: expected.to_vec(),
            found: weight.shape,
        });
    }
    Ok(weight)
}

/// Sets `norm` so that on these outputs, `[batch, channels, height, width]`, it only adds `bias`.
fn calibrate(norm: &mut BatchNorm, outputs: Tensor<4>, bias: Tensor<1>) {
    let mean: Tensor<1> = outputs.clone().mean_dims(&[0, 2, 3]).flatten::<1>(0, 3);
    let centred = outputs - mean.clone().reshape([1, -1, 1, 1]);
    let variance: Tensor<1> = centred.square().mean_dims(&[0, 2, 3]).flatten::<1>(0, 3);
    norm.gamma = Param::from_tensor((variance.clone() + norm.epsilon).sqrt());
    norm.beta = Param::from_tensor(mean.clone() + bias);
    // A new state, because an update takes effect only after the next one.
    norm.running_mean = RunningState::new(mean);
    norm.running_var = RunningState::new(variance);
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Distribution, Tolerance};

    use super::*;
    use crate::nn::EmotionNet;
    use crate::nn::backbone::Backbone;
    use crate::nn::tensors::{apply, collect};
    use crate::spec::EmotionNetConfig;

    /// Returns tensors of Lite0 with test values, and the folded network that they describe, whose
    /// gates are wide open.
    fn lite0(device: &Device) -> (NamedTensors, EmotionNet) {
        let config = EmotionNetConfig::moue().with_input_size(64).folded();
        let mut ours = collect(&EmotionNet::new(&config, device)).unwrap();
        let mut theirs = NamedTensors::new();
        let blocks: Vec<String> = STAGES
            .iter()
            .enumerate()
            .flat_map(|(stage, row)| (0..row.repeats).map(move |at| format!("blocks.{stage}.{at}")))
            .collect();
        for (name, array) in &mut ours {
            if name.contains("squeeze_excite.expand") {
                let open = if name.ends_with("bias") { 40.0 } else { 0.0 };
                array.values.fill(open);
            }
            let parts: Vec<&str> = name.split('.').collect();
            let renamed = match parts.as_slice() {
                ["backbone", "stem", "conv", kind] => format!("conv_stem.{kind}"),
                ["backbone", "head", "conv", kind] => format!("conv_head.{kind}"),
                ["backbone", "blocks", index, layer, "conv", kind] => {
                    let index: usize = index.parse().unwrap();
                    let layer = match (*layer, index) {
                        ("expand", _) | ("project", 0) => "conv_pw",
                        ("depthwise", _) => "conv_dw",
                        _ => "conv_pwl",
                    };
                    format!("{}.{layer}.{kind}", blocks[index])
                }
                _ => continue,
            };
            let mut array = array.clone();
            if renamed == "conv_stem.weight" {
                // Three channels whose sum is ours.
                array.shape[1] = 3;
                array.values = array
                    .values
                    .chunks_exact(9)
                    .flat_map(|plane| {
                        [0.5, 0.25, 0.25].map(|part| plane.iter().map(move |v| v * part))
                    })
                    .flatten()
                    .collect();
            }
            theirs.insert(renamed, array);
        }
        let network = apply(EmotionNet::new(&config, device), ours).unwrap();
        (theirs, network)
    }

    fn fresh(config: &EmotionNetConfig) -> EfficientNet {
        match EmotionNet::new(config, &Device::flex()).backbone {
            Backbone::EfficientNetB0(network) => network,
            Backbone::Cnn(_) => panic!("another backbone"),
        }
    }

    #[test]
    fn the_start_computes_what_lite0_computes() {
        let device = Device::flex();
        device.seed(3);
        let (theirs, folded) = lite0(&device);
        assert_eq!(theirs.len(), 98);
        let images = Tensor::<4>::random([8, 1, 64, 64], Distribution::Uniform(-1.0, 1.0), &device);
        let expected = folded.backbone.forward(images.clone()).into_data();
        for squeeze_excite in [true, false] {
            let config = EmotionNetConfig {
                squeeze_excite,
                ..EmotionNetConfig::moue().with_input_size(64)
            };
            let network = copy(fresh(&config), theirs.clone(), images.clone()).unwrap();
            let found = network.forward(images.clone()).into_data();
            expected.assert_approx_eq::<f32>(&found, Tolerance::rel_abs(1e-2, 1e-3));
        }
    }

    #[test]
    fn what_is_missing_or_foreign_is_named() {
        let device = Device::flex();
        let (theirs, _) = lite0(&device);
        let images = Tensor::<4>::ones([2, 1, 64, 64], &device);
        let network = fresh(&EmotionNetConfig::moue());
        let mut short = theirs.clone();
        short.remove("blocks.3.1.conv_dw.bias");
        assert_eq!(
            copy(network.clone(), short, images.clone()).unwrap_err(),
            WeightsError::Missing {
                name: "blocks.3.1.conv_dw.bias".into()
            }
        );
        let mut long = theirs;
        long.insert(
            "bn1.weight".into(),
            Array {
                shape: vec![1],
                values: vec![1.0],
            },
        );
        assert_eq!(
            copy(network, long, images).unwrap_err(),
            WeightsError::Unused {
                name: "bn1.weight".into()
            }
        );
    }
}
