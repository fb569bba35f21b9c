//! Initial weights from EfficientNet-B0 on ImageNet, in torchvision's or timm's naming.
//!
//! The layers are the same as ours. These differences are compensated, so that the network computes
//! at first what the file's network computes:
//! - the input: theirs is `(pixel / 255 − mean) / deviation` of red, green and blue, ours is one
//!   affine map of gray. The slopes are multiplied into the stem's weights, which are summed if the
//!   network has one channel, and the offsets are subtracted from the stem's running mean;
//! - the epsilon of batch normalization: if ours differs, the scale `γ` compensates for it.
//!
//! These are not: the padding around the image (one pixel) is the mean colour of ImageNet in theirs
//! and a gray of 127 in ours; TensorFlow's padding shifts each strided map by half a pixel against
//! PyTorch's; and with ReLU6 instead of SiLU the features are only similar to the file's. With SiLU
//! and symmetric padding the result is exact except for the padding's colour.

use super::{all_taken, take};
use crate::nn::efficientnet::EfficientNet;
use crate::nn::tensors::{apply, collect};
use crate::spec::InputSpec;
use crate::spec::efficientnet::STAGES;
use crate::spec::weights::{Array, NamedTensors, WeightsError};

/// ImageNet's mean of red, green and blue, for pixels from 0 to 1.
const MEAN: [f64; 3] = [0.485, 0.456, 0.406];

/// ImageNet's standard deviation of red, green and blue, for pixels from 0 to 1.
const DEVIATION: [f64; 3] = [0.229, 0.224, 0.225];

/// PyTorch's default epsilon of batch normalization, which torchvision and timm use for B0.
const NORM_EPSILON: f64 = 1e-5;

/// Naming of the tensors in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Torchvision's names, such as `features.0.0.weight`.
    Torchvision,
    /// Timm's names, such as `conv_stem.weight`.
    Timm,
}

/// Copies `tensors` into `backbone`.
///
/// # Errors
/// [`WeightsError::Missing`], [`WeightsError::WrongShape`], [`WeightsError::Unused`].
pub fn copy(
    backbone: EfficientNet,
    mut tensors: NamedTensors,
    naming: Naming,
) -> Result<EfficientNet, WeightsError> {
    let mut ours = collect(&backbone)?;
    for (name, array) in &mut ours {
        let theirs = naming.of(name).unwrap_or_else(|| name.clone());
        let mut found = take(&mut tensors, theirs.clone())?;
        let mut expected = array.shape.clone();
        if name == STEM_WEIGHT {
            expected[1] = MEAN.len();
        }
        if found.shape != expected {
            return Err(WeightsError::WrongShape {
                name: theirs,
                expected,
                found: found.shape,
            });
        }
        if name == STEM_WEIGHT {
            found.shape[1] = array.shape[1];
        }
        *array = found;
    }
    all_taken(tensors)?;
    bridge_input(&mut ours);
    if let Some(norm) = &backbone.stem.norm {
        bridge_epsilon(&mut ours, norm.epsilon);
    }
    apply(backbone, ours)
}

const STEM_WEIGHT: &str = "stem.conv.weight";
const STEM_MEAN: &str = "stem.norm.running_mean";

impl Naming {
    /// Returns the file's name of our tensor `name`; `None` if it has no such tensor.
    fn of(self, name: &str) -> Option<String> {
        let parts: Vec<&str> = name.split('.').collect();
        Some(match parts.as_slice() {
            [end @ ("stem" | "head"), part, kind] => {
                let kind = norm_kind(kind);
                match (self, *end, *part) {
                    (Self::Torchvision, "stem", "conv") => format!("features.0.0.{kind}"),
                    (Self::Torchvision, "stem", _) => format!("features.0.1.{kind}"),
                    (Self::Torchvision, _, "conv") => format!("features.8.0.{kind}"),
                    (Self::Torchvision, _, _) => format!("features.8.1.{kind}"),
                    (Self::Timm, _, "conv") => format!("conv_{end}.{kind}"),
                    (Self::Timm, "stem", _) => format!("bn1.{kind}"),
                    (Self::Timm, _, _) => format!("bn2.{kind}"),
                }
            }
            ["blocks", index, layer, part, kind] => {
                let (stage, repeat) = place(index.parse().ok()?)?;
                let expands = STAGES[stage].expansion != 1;
                let kind = norm_kind(kind);
                match self {
                    Self::Torchvision => {
                        let at = match *layer {
                            "expand" => 0,
                            "depthwise" => 1,
                            "squeeze_excite" => 2,
                            _ => 3,
                        } - usize::from(!expands);
                        let part = match *part {
                            "conv" => "0",
                            "norm" => "1",
                            "reduce" => "fc1",
                            _ => "fc2",
                        };
                        format!("features.{}.{repeat}.block.{at}.{part}.{kind}", stage + 1)
                    }
                    Self::Timm => {
                        let part = match (*layer, *part) {
                            ("squeeze_excite", part) => format!("se.conv_{part}"),
                            ("expand", "conv") => "conv_pw".into(),
                            ("depthwise", "conv") => "conv_dw".into(),
                            (_, "conv") => if expands { "conv_pwl" } else { "conv_pw" }.into(),
                            (layer, _) => {
                                let at = match layer {
                                    "expand" => 1,
                                    "depthwise" => 2,
                                    _ => 3,
                                };
                                format!("bn{}", at - usize::from(!expands))
                            }
                        };
                        format!("blocks.{stage}.{repeat}.{part}.{kind}")
                    }
                }
            }
            _ => return None,
        })
    }
}

/// Converts burn's name of a parameter to PyTorch's.
fn norm_kind(kind: &str) -> &str {
    match kind {
        "gamma" => "weight",
        "beta" => "bias",
        other => other,
    }
}

/// Returns the stage of a block and its index in the stage; `None` past the last block.
fn place(block: usize) -> Option<(usize, usize)> {
    let mut rest = block;
    for (stage, row) in STAGES.iter().enumerate() {
        if rest < row.repeats {
            return Some((stage, rest));
        }
        rest -= row.repeats;
    }
    None
}

/// Adapts the stem to our input. The values of its weight are the file's, `[32, 3, 3, 3]`; the
/// shape is already ours.
fn bridge_input(ours: &mut NamedTensors) {
    let InputSpec { mean, std, .. } = InputSpec::new(1, 1);
    let (mean, std) = (f64::from(mean), f64::from(std));
    let slopes = DEVIATION.map(|deviation| std / 255.0 / deviation);
    let offsets: [f64; 3] =
        std::array::from_fn(|colour| (mean / 255.0 - MEAN[colour]) / DEVIATION[colour]);
    let Some(Array { shape, values }) = ours.get_mut(STEM_WEIGHT) else {
        return;
    };
    let area: usize = shape.iter().skip(2).product();
    let is_gray = shape.get(1) == Some(&1);
    let mut weights = Vec::with_capacity(values.len());
    let mut shifts = vec![];
    for filter in values.chunks_exact(MEAN.len() * area) {
        let planes: Vec<&[f32]> = filter.chunks_exact(area).collect();
        let sums = planes.iter().zip(offsets).map(|(plane, offset)| {
            offset * plane.iter().map(|value| f64::from(*value)).sum::<f64>()
        });
        shifts.push(sums.sum::<f64>());
        let scaled = |colour: usize, at: usize| slopes[colour] * f64::from(planes[colour][at]);
        if is_gray {
            let sum = |at| {
                (0..planes.len())
                    .map(|colour| scaled(colour, at))
                    .sum::<f64>()
            };
            weights.extend((0..area).map(|at| sum(at) as f32));
        } else {
            let each = |colour| (0..area).map(move |at| (colour, at));
            let all = (0..planes.len()).flat_map(each);
            weights.extend(all.map(|(colour, at)| scaled(colour, at) as f32));
        }
    }
    *values = weights;
    if let Some(running_mean) = ours.get_mut(STEM_MEAN) {
        for (value, shift) in running_mean.values.iter_mut().zip(shifts) {
            *value = (f64::from(*value) - shift) as f32;
        }
    }
}

/// Scales every `γ` so that the result with our `epsilon` is that of the file's network.
fn bridge_epsilon(ours: &mut NamedTensors, epsilon: f64) {
    if epsilon == NORM_EPSILON {
        return;
    }
    let variances: Vec<(String, Vec<f32>)> = ours
        .iter()
        .filter_map(|(name, array)| {
            let layer = name.strip_suffix(".running_var")?;
            Some((format!("{layer}.gamma"), array.values.clone()))
        })
        .collect();
    for (name, variances) in variances {
        let Some(gamma) = ours.get_mut(&name) else {
            continue;
        };
        for (value, variance) in gamma.values.iter_mut().zip(variances) {
            let variance = f64::from(variance);
            let ratio = (variance + epsilon) / (variance + NORM_EPSILON);
            *value = (f64::from(*value) * ratio.sqrt()) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::spec::EmotionNetConfig;
    use crate::spec::efficientnet::EfficientNetConfig;
    use crate::spec::style::ConvStyle;

    fn fresh(style: &ConvStyle) -> EfficientNet {
        let config = EfficientNetConfig::new(1, true);
        EfficientNet::new(&config, 0.0, style, &Device::flex())
    }

    /// Returns the tensors of a file: ours under the file's names, with values above 0.
    fn file(naming: Naming) -> NamedTensors {
        let ours = collect(&fresh(&EmotionNetConfig::moue().style)).unwrap();
        ours.into_iter()
            .map(|(name, mut array)| {
                if name == STEM_WEIGHT {
                    array.shape[1] = 3;
                }
                let count = array.shape.iter().product::<usize>();
                array.values = (0..count).map(|at| 0.5 + (at % 7) as f32 / 8.0).collect();
                (naming.of(&name).unwrap(), array)
            })
            .collect()
    }

    #[test]
    fn tensors_are_called_what_timm_and_torchvision_call_them() {
        for (naming, names) in [
            (
                Naming::Torchvision,
                [
                    ("features.0.1.running_var", vec![32]),
                    ("features.1.0.block.0.0.weight", vec![32, 1, 3, 3]),
                    ("features.1.0.block.1.fc1.weight", vec![8, 32, 1, 1]),
                    ("features.1.0.block.2.1.bias", vec![16]),
                    ("features.5.2.block.0.0.weight", vec![672, 112, 1, 1]),
                    ("features.7.0.block.2.fc2.bias", vec![1152]),
                    ("features.7.0.block.3.0.weight", vec![320, 1152, 1, 1]),
                    ("features.8.0.weight", vec![1280, 320, 1, 1]),
                ],
            ),
            (
                Naming::Timm,
                [
                    ("bn1.running_var", vec![32]),
                    ("blocks.0.0.conv_dw.weight", vec![32, 1, 3, 3]),
                    ("blocks.0.0.se.conv_reduce.weight", vec![8, 32, 1, 1]),
                    ("blocks.0.0.bn2.bias", vec![16]),
                    ("blocks.4.2.conv_pw.weight", vec![672, 112, 1, 1]),
                    ("blocks.6.0.se.conv_expand.bias", vec![1152]),
                    ("blocks.6.0.conv_pwl.weight", vec![320, 1152, 1, 1]),
                    ("conv_head.weight", vec![1280, 320, 1, 1]),
                ],
            ),
        ] {
            let tensors = file(naming);
            // 49 convolutions, 49 normalizations of four tensors, 16 gates of four tensors.
            assert_eq!(tensors.len(), 49 + 49 * 4 + 16 * 4);
            for (name, shape) in names {
                let found = tensors.get(name).map(|array| &array.shape);
                assert_eq!(found, Some(&shape), "{name}");
            }
        }
    }

    #[test]
    fn both_namings_give_the_same_network() {
        let style = EmotionNetConfig::moue().style;
        let of = |naming| {
            let mut tensors = file(naming);
            tensors.insert(
                "classifier.weight".into(),
                tensors["conv_head.weight"].clone(),
            );
            collect(&copy(fresh(&style), tensors, naming).unwrap()).unwrap()
        };
        let torchvision = {
            let tensors = file(Naming::Torchvision);
            collect(&copy(fresh(&style), tensors, Naming::Torchvision).unwrap()).unwrap()
        };
        assert_eq!(of(Naming::Timm), torchvision);
    }

    #[test]
    fn what_is_missing_misshapen_or_foreign_is_named() {
        let style = EmotionNetConfig::moue().style;
        let error = |change: fn(&mut NamedTensors)| {
            let mut tensors = file(Naming::Timm);
            change(&mut tensors);
            copy(fresh(&style), tensors, Naming::Timm).unwrap_err()
        };
        let name = "blocks.3.1.bn2.running_var";
        assert_eq!(
            error(|tensors| drop(tensors.remove("blocks.3.1.bn2.running_var"))),
            WeightsError::Missing { name: name.into() }
        );
        let misshapen = error(|tensors| {
            let stem = tensors.get_mut("conv_stem.weight").unwrap();
            stem.shape[1] = 1;
        });
        assert!(
            matches!(&misshapen, WeightsError::WrongShape { name, .. } if name == "conv_stem.weight"),
            "{misshapen}"
        );
        let foreign = error(|tensors| {
            let array = tensors["bn1.weight"].clone();
            tensors.insert("blocks.7.0.bn1.weight".into(), array);
        });
        assert_eq!(
            foreign,
            WeightsError::Unused {
                name: "blocks.7.0.bn1.weight".into()
            }
        );
    }
}
