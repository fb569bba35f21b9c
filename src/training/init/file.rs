//! Reads named tensors from a safetensors file or a file written by `torch.save`.

use std::collections::BTreeMap;
use std::path::Path;

use pytorch_reader::{DType, PytorchReader};

use super::InitError;
use crate::spec::weights::{Array, NamedTensors, WeightsError, decode_except};

/// Name of the first convolution of each supported network; a prefix of it in a file is the name of
/// a wrapper.
const STEMS: [&str; 2] = ["conv_stem.weight", "features.0.0.weight"];

/// Name of batch normalization's counter of batches, an integer that inference does not need.
const COUNTER: &str = "num_batches_tracked";

/// Reads the tensors of the network in the file. If the network is wrapped
/// (`module.conv_stem.weight`) or part of a checkpoint with other values
/// (`state_dict.conv_stem.weight`, `optimizer.…`), the wrapper's prefix is removed and the other
/// values are left out. Does not panic on any file.
///
/// # Errors
/// [`InitError::Unreadable`], [`InitError::Damaged`], [`InitError::Invalid`].
pub(super) fn read(path: &Path) -> Result<NamedTensors, InitError> {
    let unreadable = |source| InitError::Unreadable {
        path: path.into(),
        source,
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    // A safetensors file starts with the length of its header in 8 bytes, then the header.
    if bytes.get(8) == Some(&b'{') {
        let tensors = decode_except(&bytes, |name| name.ends_with(COUNTER));
        return match tensors {
            Ok(tensors) => Ok(unwrap(tensors)),
            Err(WeightsError::Unreadable { reason }) => Err(damaged(path, reason)),
            Err(reason) => Err(invalid(path, reason)),
        };
    }
    drop(bytes);
    read_pytorch(path)
}

fn damaged(path: &Path, reason: impl std::fmt::Display) -> InitError {
    InitError::Damaged {
        path: path.into(),
        reason: reason.to_string(),
    }
}

fn invalid(path: &Path, reason: WeightsError) -> InitError {
    InitError::Invalid {
        path: path.into(),
        expected: "tensors of 32-bit floats",
        reason,
    }
}

fn unwrap(tensors: NamedTensors) -> NamedTensors {
    match wrapper(tensors.keys().map(String::as_str)) {
        Some(prefix) if !prefix.is_empty() => tensors
            .into_iter()
            .filter_map(|(name, array)| Some((name.strip_prefix(&prefix)?.to_owned(), array)))
            .collect(),
        _ => tensors,
    }
}

/// Returns the prefix of a stem's name, the first one in order; `None` if there is no stem.
fn wrapper<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .filter_map(|name| STEMS.iter().find_map(|stem| name.strip_suffix(stem)))
        .filter(|prefix| prefix.is_empty() || prefix.ends_with('.'))
        .min()
        .map(str::to_owned)
}

fn read_pytorch(path: &Path) -> Result<NamedTensors, InitError> {
    let reader = PytorchReader::new(path).map_err(|error| damaged(path, error))?;
    let prefix = wrapper(reader.tensors().keys().map(String::as_str)).unwrap_or_default();
    let mut tensors = NamedTensors::new();
    // In order, so that the error is always the same if there are several.
    let sorted: BTreeMap<_, _> = reader.tensors().iter().collect();
    for (name, tensor) in sorted {
        let Some(name) = name.strip_prefix(&prefix) else {
            continue;
        };
        if name.ends_with(COUNTER) {
            continue;
        }
        let name = name.to_owned();
        if tensor.dtype() != DType::F32 {
            let found = format!("{:?}", tensor.dtype());
            return Err(invalid(path, WeightsError::WrongType { name, found }));
        }
        let bytes = tensor.read().map_err(|error| damaged(path, error))?;
        let (quads, _) = bytes.as_chunks::<4>();
        let values: Vec<f32> = quads.iter().map(|quad| f32::from_ne_bytes(*quad)).collect();
        if !values.iter().all(|value| value.is_finite()) {
            return Err(invalid(path, WeightsError::NotFinite { name }));
        }
        let shape = tensor.shape().to_vec();
        tensors.insert(name, Array { shape, values });
    }
    Ok(tensors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tensors of a network in a file written by `torch.save`.
    const PTH: &[u8] =
        include_bytes!("../../../tests/fixtures/golden/torchvision_efficientnet_b0.pth");

    #[test]
    fn a_wrapper_is_taken_off_and_what_lies_beside_it_is_left_out() {
        let one = Array {
            shape: vec![1],
            values: vec![1.0],
        };
        let names = |names: &[&str]| {
            let tensors = names.iter().map(|name| ((*name).into(), one.clone()));
            unwrap(tensors.collect())
                .into_keys()
                .collect::<Vec<String>>()
        };
        assert_eq!(
            names(&[
                "optimizer.a",
                "state_dict.bn1.weight",
                "state_dict.conv_stem.weight"
            ]),
            ["bn1.weight", "conv_stem.weight"]
        );
        assert_eq!(
            names(&["module.features.0.0.weight"]),
            ["features.0.0.weight"]
        );
        assert_eq!(names(&["my_conv_stem.weight"]), ["my_conv_stem.weight"]);
    }

    #[test]
    fn no_file_panics_the_readers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        let outcome = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(&path)
        };
        assert!(outcome(PTH).is_ok());
        for bytes in [&[][..], b"PK", b"words, not weights", &PTH[..PTH.len() - 1]] {
            let error = outcome(bytes).unwrap_err();
            assert!(matches!(error, InitError::Damaged { .. }), "{error}");
        }
        let mut state = 0x2545_f491_4f6c_dd1du64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as usize
        };
        // In a short file, more of the random hits are in its directory and its pickle.
        let pickle = 32 * 1024;
        for round in 0..400 {
            let mut bytes = PTH.to_vec();
            for _ in 0..4 {
                let at = if round % 2 == 0 {
                    next() % pickle
                } else {
                    bytes.len() - 1 - next() % 2048
                };
                bytes[at] = next() as u8;
            }
            if round % 4 == 0 {
                bytes.truncate(next() % PTH.len());
            }
            outcome(&bytes).ok();
        }
        let error = read(&folder.path().join("absent")).unwrap_err();
        assert!(matches!(error, InitError::Unreadable { .. }), "{error}");
    }
}
