//! Named tensors, and the safetensors file that stores them.
//!
//! A tensor's name is its path in the module, for example `backbone.blocks.3.project.conv.weight`.
//! A quantized tensor is stored as `I8` with a companion `<name>.scale` of `F32`, one scale for
//! each output channel; everything else is `F32`. Reading dequantizes, so the rest of the program
//! knows floats only.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use thiserror::Error;

/// Why weights do not fit a network or a file does not hold weights.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WeightsError {
    /// Not a safetensors file, or a damaged one.
    #[error(
        "the weights are not a readable safetensors file ({reason}); download or export them again"
    )]
    Unreadable {
        /// Message of the parser.
        reason: String,
    },
    /// A tensor has an unexpected type.
    #[error(
        "tensor `{name}` has type {found}, expected F32, or I8 with a `{name}.scale`; save it as 32-bit floats, or export it again with this version of moue"
    )]
    WrongType {
        /// Name of the tensor.
        name: String,
        /// Type of the tensor.
        found: String,
    },
    /// A tensor has an unexpected shape.
    #[error(
        "tensor `{name}` has shape {found:?}, the network expects {expected:?}; the weights belong to another architecture"
    )]
    WrongShape {
        /// Name of the tensor.
        name: String,
        /// Shape in the network.
        expected: Vec<usize>,
        /// Shape in the file.
        found: Vec<usize>,
    },
    /// The network has a tensor that the file lacks.
    #[error("tensor `{name}` is missing; the weights belong to another architecture")]
    Missing {
        /// Name of the tensor.
        name: String,
    },
    /// The file has a tensor that the network lacks.
    #[error(
        "tensor `{name}` has no place in the network; the weights belong to another architecture"
    )]
    Unused {
        /// Name of the tensor.
        name: String,
    },
    /// The network's normalization is not folded, which its plan needs.
    #[error("the network's batch normalization is not folded; export it with `moue quantize`")]
    NotFolded,
    /// The engines have no plan for this network.
    #[error(
        "only an EfficientNet with mean pooling can be exported, for the page and as ONNX; train one, such as the preset `moue`, or measure this network as a run with `moue evaluate`"
    )]
    NoPlan,
    /// A tensor holds NaN or infinity.
    #[error(
        "tensor `{name}` holds a number that is not finite; the training run that made it diverged"
    )]
    NotFinite {
        /// Name of the tensor.
        name: String,
    },
}

/// A float tensor without a device: shape and values, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// As many numbers as the product of `shape`.
    pub values: Vec<f32>,
}

/// Tensors by name, in the order of their names.
pub type NamedTensors = BTreeMap<String, Array>;

/// The suffix of a quantized tensor's scales.
pub const SCALE_SUFFIX: &str = ".scale";

/// Returns the axis of a weight that numbers its output channels: the first of a convolution
/// `[out, in, k, k]`, the last of a linear layer `[in, out]`.
pub fn output_axis(rank: usize) -> usize {
    if rank == 2 { 1 } else { 0 }
}

/// Returns the function from the index of a value to its output channel, for a weight of `shape`.
pub fn output_channels(shape: &[usize]) -> impl Fn(usize) -> usize + use<> {
    let axis = output_axis(shape.len());
    let inner: usize = shape.iter().skip(axis + 1).product();
    let channels = shape.get(axis).copied().unwrap_or(1).max(1);
    move |index| (index / inner.max(1)) % channels
}

/// Parses a safetensors file and dequantizes what is quantized. Never panics, whatever the bytes.
///
/// # Errors
/// [`WeightsError::Unreadable`], [`WeightsError::WrongType`], [`WeightsError::WrongShape`] (of
/// scales), [`WeightsError::NotFinite`].
pub fn decode(bytes: &[u8]) -> Result<NamedTensors, WeightsError> {
    decode_except(bytes, |_| false)
}

/// As [`decode`], without the tensors that are `ignored`, whatever their type.
///
/// # Errors
/// As [`decode`].
pub fn decode_except(
    bytes: &[u8],
    ignored: impl Fn(&str) -> bool,
) -> Result<NamedTensors, WeightsError> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| WeightsError::Unreadable {
        reason: error.to_string(),
    })?;
    let mut tensors = BTreeMap::new();
    let views: BTreeMap<&str, TensorView<'_>> = file.iter().collect();
    for (&name, view) in &views {
        if ignored(name) {
            continue;
        }
        let array = match view.dtype() {
            Dtype::F32 if is_scale(name, &views) => continue,
            Dtype::F32 => Array {
                shape: view.shape().to_vec(),
                values: floats(view.data()),
            },
            Dtype::I8 => dequantize(
                name,
                view,
                views.get(format!("{name}{SCALE_SUFFIX}").as_str()),
            )?,
            other => {
                return Err(WeightsError::WrongType {
                    name: name.into(),
                    found: format!("{other:?}"),
                });
            }
        };
        if !array.values.iter().all(|value| value.is_finite()) {
            return Err(WeightsError::NotFinite { name: name.into() });
        }
        tensors.insert(name.into(), array);
    }
    Ok(tensors)
}

fn is_scale(name: &str, views: &BTreeMap<&str, TensorView<'_>>) -> bool {
    name.strip_suffix(SCALE_SUFFIX)
        .and_then(|weight| views.get(weight))
        .is_some_and(|weight| weight.dtype() == Dtype::I8)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .chunks_exact(4)
        .map(|quad| f32::from_le_bytes([quad[0], quad[1], quad[2], quad[3]]))
        .collect()
}

fn dequantize(
    name: &str,
    weight: &TensorView<'_>,
    scale: Option<&TensorView<'_>>,
) -> Result<Array, WeightsError> {
    let Some(scale) = scale.filter(|scale| scale.dtype() == Dtype::F32) else {
        return Err(WeightsError::Missing {
            name: format!("{name}{SCALE_SUFFIX}"),
        });
    };
    let shape = weight.shape().to_vec();
    let expected = vec![shape.get(output_axis(shape.len())).copied().unwrap_or(1)];
    if scale.shape() != expected {
        return Err(WeightsError::WrongShape {
            name: format!("{name}{SCALE_SUFFIX}"),
            expected,
            found: scale.shape().to_vec(),
        });
    }
    let scales = floats(scale.data());
    let channel_of = output_channels(&shape);
    let values = weight
        .data()
        .iter()
        .enumerate()
        .map(|(index, &byte)| f32::from(byte as i8) * scales[channel_of(index)])
        .collect();
    Ok(Array { shape, values })
}

/// Writes tensors as one safetensors file of 32-bit floats.
///
/// # Errors
/// [`WeightsError::Unreadable`] if a shape and its values disagree.
pub fn encode(tensors: &NamedTensors) -> Result<Vec<u8>, WeightsError> {
    let stored = tensors.iter().map(|(name, array)| StoredTensor {
        name: name.clone(),
        dtype: Dtype::F32,
        shape: array.shape.clone(),
        bytes: float_bytes(&array.values),
    });
    serialize(&stored.collect::<Vec<_>>())
}

/// A tensor as it is stored in the file.
#[derive(Clone, Debug)]
pub struct StoredTensor {
    /// Name of the tensor, with [`SCALE_SUFFIX`] where it holds scales.
    pub name: String,
    /// Type of a value.
    pub dtype: Dtype,
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Values of the tensor, little-endian, row-major.
    pub bytes: Vec<u8>,
}

/// Returns values as a file stores them, little-endian.
pub fn float_bytes(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Writes stored tensors as one safetensors file that [`decode`] reads.
///
/// # Errors
/// [`WeightsError::Unreadable`] if a shape and its bytes disagree.
pub fn serialize(tensors: &[StoredTensor]) -> Result<Vec<u8>, WeightsError> {
    serialize_with(tensors, None)
}

/// As [`serialize`], with metadata beside the tensors, by name; [`metadata`] reads it back.
///
/// # Errors
/// As [`serialize`].
pub fn serialize_with(
    tensors: &[StoredTensor],
    metadata: Option<HashMap<String, String>>,
) -> Result<Vec<u8>, WeightsError> {
    let unreadable = |error: safetensors::SafeTensorError| WeightsError::Unreadable {
        reason: error.to_string(),
    };
    let views = tensors
        .iter()
        .map(|tensor| {
            let view = TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes);
            Ok((tensor.name.as_str(), view.map_err(unreadable)?))
        })
        .collect::<Result<Vec<_>, WeightsError>>()?;
    safetensors::serialize(views, metadata).map_err(unreadable)
}

/// Returns the metadata beside a file's tensors, by name.
///
/// # Errors
/// [`WeightsError::Unreadable`] if the file is not a safetensors file.
pub fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>, WeightsError> {
    let (_, header) =
        SafeTensors::read_metadata(bytes).map_err(|error| WeightsError::Unreadable {
            reason: error.to_string(),
        })?;
    Ok(header.metadata().clone().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny(bytes: &[u8], dtype: Dtype, scale: Option<&[f32]>) -> Vec<u8> {
        let scale_bytes: Vec<u8> = scale
            .unwrap_or_default()
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let mut views = vec![("w", TensorView::new(dtype, vec![2, 2], bytes).unwrap())];
        if let Some(scale) = scale {
            let view = TensorView::new(Dtype::F32, vec![scale.len()], &scale_bytes).unwrap();
            views.push(("w.scale", view));
        }
        safetensors::serialize(views, None).unwrap()
    }

    #[test]
    fn tensors_survive_the_round_trip() {
        let array = |shape: &[usize], values: &[f32]| Array {
            shape: shape.to_vec(),
            values: values.to_vec(),
        };
        let tensors = NamedTensors::from([
            ("a".to_owned(), array(&[2, 1], &[1.5, -0.0])),
            ("b.weight".to_owned(), array(&[], &[f32::MIN_POSITIVE])),
        ]);
        assert_eq!(decode(&encode(&tensors).unwrap()).unwrap(), tensors);
    }

    #[test]
    fn int8_is_dequantized_by_output_channel() {
        let bytes = tiny(&[1, 255, 2, 128], Dtype::I8, Some(&[0.5, 2.0]));
        // A matrix is a linear layer: its output channels are its columns.
        assert_eq!(
            decode(&bytes).unwrap()["w"].values,
            [0.5, -2.0, 1.0, -256.0]
        );
    }

    #[test]
    fn mismatches_are_named() {
        let scale_missing = tiny(&[0; 4], Dtype::I8, None);
        assert_eq!(
            decode(&scale_missing),
            Err(WeightsError::Missing {
                name: "w.scale".into()
            })
        );
        let scale_short = tiny(&[0; 4], Dtype::I8, Some(&[1.0]));
        assert!(matches!(
            decode(&scale_short),
            Err(WeightsError::WrongShape { .. })
        ));
        let wrong_type = tiny(&[0; 4], Dtype::U8, None);
        assert!(matches!(
            decode(&wrong_type),
            Err(WeightsError::WrongType { .. })
        ));
        let not_finite = tiny(&[0; 4], Dtype::I8, Some(&[f32::NAN, 1.0]));
        assert_eq!(
            decode(&not_finite),
            Err(WeightsError::NotFinite { name: "w".into() })
        );
    }

    #[test]
    fn no_bytes_panic_the_parser() {
        let good = tiny(&[1, 255, 2, 128], Dtype::I8, Some(&[0.5, 2.0]));
        let mut state = 0x2545_f491_4f6c_dd1du64;
        for _ in 0..20_000 {
            let mut bytes = good.clone();
            for _ in 0..3 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let at = (state >> 8) as usize % bytes.len();
                bytes[at] = state as u8;
            }
            bytes.truncate((state >> 32) as usize % (good.len() * 2));
            decode(&bytes).ok();
        }
    }
}
