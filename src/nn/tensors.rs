//! Reads and sets the named tensors of a network.
//!
//! A tensor's name is its path in the module, for example `backbone.blocks.3.project.conv.weight`.

use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use crate::spec::weights::{Array, NamedTensors, WeightsError};

/// Reads all parameters and running statistics from the network's device, blocking.
///
/// # Errors
/// [`WeightsError::WrongType`] if a tensor is not of 32-bit floats.
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

/// Sets the network's tensors to those of the same names.
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

#[cfg(test)]
mod tests {
    use crate::nn::EmotionNet;
    use burn::tensor::Device;

    use super::*;
    use crate::spec::EmotionNetConfig;
    use crate::spec::weights::{decode, encode};

    #[test]
    fn a_network_survives_the_round_trip() {
        let device = Device::flex();
        let network = EmotionNet::new(&EmotionNetConfig::moue(), &device);
        let tensors = collect(&network).unwrap();
        let decoded = decode(&encode(&tensors).unwrap()).unwrap();
        assert_eq!(decoded, tensors);
        let again = apply(EmotionNet::new(&EmotionNetConfig::moue(), &device), decoded).unwrap();
        assert_eq!(collect(&again).unwrap(), tensors);
    }

    #[test]
    fn mismatches_are_named() {
        let device = Device::flex();
        let network = EmotionNet::new(&EmotionNetConfig::moue(), &device);
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
}
