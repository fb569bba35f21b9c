//! Named tensors in and out of a network, and the safetensors file they travel in.
//!
//! A tensor's name is its path in the module, for example `backbone.blocks.3.project.conv.weight`.
//! A quantized tensor is stored as `I8` with a companion `<name>.scale` of `F32`, one scale for
//! each output channel; everything else is `F32`. Reading dequantizes, so the rest of the program
//! knows floats only.

use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
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
        /// What the parser met.
        reason: String,
    },
    /// A tensor of an unexpected type.
    #[error(
        "tensor `{name}` has type {found}, expected F32, or I8 with a `{name}.scale`; save it as 32-bit floats, or export it again with this version of moue"
    )]
    WrongType {
        /// The tensor.
        name: String,
        /// Its type.
        found: String,
    },
    /// A tensor of an unexpected shape.
    #[error(
        "tensor `{name}` has shape {found:?}, the network expects {expected:?}; the weights belong to another architecture"
    )]
    WrongShape {
        /// The tensor.
        name: String,
        /// The network's shape.
        expected: Vec<usize>,
        /// The file's.
        found: Vec<usize>,
    },
    /// The network has a tensor that the file lacks.
    #[error("tensor `{name}` is missing; the weights belong to another architecture")]
    Missing {
        /// The tensor.
        name: String,
    },
    /// The file has a tensor that the network lacks.
    #[error(
        "tensor `{name}` has no place in the network; the weights belong to another architecture"
    )]
    Unused {
        /// The tensor.
        name: String,
    },
    /// A network that the engines compute no plan of.
    #[error(
        "only an EfficientNet whose normalization is folded, with mean pooling, runs outside training; export it with `moue quantize`"
    )]
    NoPlan,
    /// NaN or infinity.
    #[error(
        "tensor `{name}` holds a number that is not finite; the training run that made it diverged"
    )]
    NotFinite {
        /// The tensor.
        name: String,
    },
}

/// A float tensor without a device: shape and values, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The extent of each axis.
    pub shape: Vec<usize>,
    /// As many as the product of `shape`.
    pub values: Vec<f32>,
}

/// Tensors by name, in the order of their names.
pub type NamedTensors = BTreeMap<String, Array>;

/// The suffix of a quantized tensor's scales.
pub const SCALE_SUFFIX: &str = ".scale";

/// The axis of a weight that numbers its output channels: the first of a convolution
/// `[out, in, k, k]`, the last of a linear layer `[in, out]`.
pub fn output_axis(rank: usize) -> usize {
    if rank == 2 { 1 } else { 0 }
}

/// For each value of a weight of `shape`, the output channel it belongs to.
pub fn output_channels(shape: &[usize]) -> impl Fn(usize) -> usize + use<> {
    let axis = output_axis(shape.len());
    let inner: usize = shape.iter().skip(axis + 1).product();
    let channels = shape.get(axis).copied().unwrap_or(1).max(1);
    move |index| (index / inner.max(1)) % channels
}

/// Reads all parameters and running statistics from the network's device, blocking.
///
/// # Errors
/// [`WeightsError::WrongType`] where a tensor is not of 32-bit floats.
pub fn collect(network: &impl Module) -> Result<NamedTensors, WeightsError> {
    let mut collector = Collector {
        path: vec![],
        found: Ok(BTreeMap::new()),
    };
    network.visit(&mut collector);
    collector.found
}

struct Collector {
    path: Vec<String>,
    found: Result<NamedTensors, WeightsError>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Ok(found) = &mut self.found else { return };
        let name = self.path.join(".");
        let data = param.transform_for_save().val().into_data();
        let shape = data.shape().to_vec();
        match data.try_to_vec::<f32>() {
            Ok(values) => {
                found.insert(name, Array { shape, values });
            }
            Err(_) => {
                let found = format!("{:?}", data.dtype());
                self.found = Err(WeightsError::WrongType { name, found });
            }
        }
    }
}

/// Puts `tensors` in the places of their names.
///
/// # Errors
/// [`WeightsError::Missing`], [`WeightsError::WrongShape`] and [`WeightsError::Unused`], the first
/// in the network's order.
pub fn apply<M: Module>(network: M, tensors: NamedTensors) -> Result<M, WeightsError> {
    let mut mapper = Mapper {
        path: vec![],
        tensors: tensors.into_iter().collect(),
        error: None,
    };
    let network = network.map(&mut mapper);
    if let Some(error) = mapper.error {
        return Err(error);
    }
    match mapper.tensors.into_keys().min() {
        Some(name) => Err(WeightsError::Unused { name }),
        None => Ok(network),
    }
}

struct Mapper {
    path: Vec<String>,
    tensors: HashMap<String, Array>,
    error: Option<WeightsError>,
}

impl ModuleMapper for Mapper {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.error.is_some() {
            return param;
        }
        let name = self.path.join(".");
        let expected = param.lazy_shape().to_vec();
        let Some(Array { shape, values }) = self.tensors.remove(&name) else {
            self.error = Some(WeightsError::Missing { name });
            return param;
        };
        if shape != expected {
            self.error = Some(WeightsError::WrongShape {
                name,
                expected,
                found: shape,
            });
            return param;
        }
        let id = param.id;
        let tensor = Tensor::from_data(TensorData::new(values, shape), &param.lazy_device());
        param.transform_for_load(tensor, id)
    }
}

/// Parses a safetensors file and dequantizes what is quantized. Never panics, whatever the bytes.
///
/// # Errors
/// [`WeightsError::Unreadable`], [`WeightsError::WrongType`], [`WeightsError::WrongShape`] (of
/// scales), [`WeightsError::NotFinite`].
pub fn decode(bytes: &[u8]) -> Result<NamedTensors, WeightsError> {
    decode_except(bytes, |_| false)
}

/// The same without the tensors that are `ignored`, whatever their type.
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
/// [`WeightsError::Unreadable`] where a shape and its values disagree.
pub fn encode(tensors: &NamedTensors) -> Result<Vec<u8>, WeightsError> {
    let stored = tensors.iter().map(|(name, array)| StoredTensor {
        name: name.clone(),
        dtype: Dtype::F32,
        shape: array.shape.clone(),
        bytes: float_bytes(&array.values),
    });
    serialize(&stored.collect::<Vec<_>>())
}

/// A tensor as it lies in the file.
#[derive(Clone, Debug)]
pub struct StoredTensor {
    /// Its name, with [`SCALE_SUFFIX`] where it holds scales.
    pub name: String,
    /// The type of a value.
    pub dtype: Dtype,
    /// The extent of each axis.
    pub shape: Vec<usize>,
    /// Its values, little-endian, row-major.
    pub bytes: Vec<u8>,
}

/// Values as a file stores them, little-endian.
pub fn float_bytes(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Writes stored tensors as one safetensors file, the one that [`decode`] reads.
///
/// # Errors
/// [`WeightsError::Unreadable`] where a shape and its bytes disagree.
pub fn serialize(tensors: &[StoredTensor]) -> Result<Vec<u8>, WeightsError> {
    serialize_with(tensors, None)
}

/// The same with words beside the tensors, by name; [`metadata`] reads them back.
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

/// The words beside a file's tensors, by name.
///
/// # Errors
/// [`WeightsError::Unreadable`].
pub fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>, WeightsError> {
    let (_, header) =
        SafeTensors::read_metadata(bytes).map_err(|error| WeightsError::Unreadable {
            reason: error.to_string(),
        })?;
    Ok(header.metadata().clone().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::super::EmotionNetConfig;
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
    fn a_network_survives_the_round_trip() {
        let device = Device::flex();
        let network = EmotionNetConfig::moue().init(&device);
        let tensors = collect(&network).unwrap();
        let decoded = decode(&encode(&tensors).unwrap()).unwrap();
        assert_eq!(decoded, tensors);
        let again = apply(EmotionNetConfig::moue().init(&device), decoded).unwrap();
        assert_eq!(collect(&again).unwrap(), tensors);
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

        let device = Device::flex();
        let network = EmotionNetConfig::moue().init(&device);
        let mut tensors = collect(&network).unwrap();
        let bias = tensors.remove("head.layers.0.bias").unwrap();
        assert_eq!(
            apply(network.clone(), tensors.clone()).unwrap_err(),
            WeightsError::Missing {
                name: "head.layers.0.bias".into()
            }
        );
        tensors.insert("head.layers.0.bias".into(), bias.clone());
        tensors.insert("head.layers.9.bias".into(), bias);
        assert_eq!(
            apply(network, tensors).unwrap_err(),
            WeightsError::Unused {
                name: "head.layers.9.bias".into()
            }
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
