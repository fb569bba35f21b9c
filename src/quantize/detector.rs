//! Folds and quantizes the detector into the file that is built into the program.

use thiserror::Error;

use super::export::store_int8;
use crate::nn::FaceDetectorNet;
use crate::nn::tensors::collect;
use crate::spec::detector::DetectorConfig;
use crate::spec::detector::file::{DetectorFileError, header};
use crate::spec::weights::{WeightsError, serialize_with};

/// Error of encoding the detector.
#[derive(Debug, Error)]
pub enum QuantizeDetectorError {
    /// The weights are invalid.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The header could not be written.
    #[error(transparent)]
    File(#[from] DetectorFileError),
}

/// Returns the detector's file: batch normalization is folded, and weights are stored in 8 bits,
/// with one scale for each output channel.
///
/// # Errors
/// A [`QuantizeDetectorError`] if the weights or the header are invalid.
pub fn encode_detector(
    network: FaceDetectorNet,
    config: &DetectorConfig,
) -> Result<Vec<u8>, QuantizeDetectorError> {
    let tensors = collect(&network.folded())?;
    let bytes = serialize_with(&store_int8(&tensors), Some(header(&config.folded())?))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Distribution, Tensor};

    use super::*;
    use crate::nn::tensors::apply;
    use crate::pipeline::finder::FaceFinder;
    use crate::spec::detector::file::read;
    use crate::spec::weights::decode;

    #[test]
    fn the_file_is_small_and_computes_nearly_the_same() {
        let device = Device::flex();
        let config = DetectorConfig::shipped();
        let network = FaceDetectorNet::new(&config, &device);
        let bytes = encode_detector(network.clone(), &config).unwrap();
        assert!(bytes.len() <= 260_000, "{} bytes", bytes.len());
        let (read_config, tensors) = read(&bytes).unwrap();
        assert_eq!(read_config, config.folded());
        let quantized = apply(FaceDetectorNet::new(&read_config, &device), tensors).unwrap();
        let images = Tensor::random([1, 1, 64, 96], Distribution::Uniform(-1.0, 1.0), &device);
        let [before, after] = [network, quantized].map(|network| network.forward(images.clone()));
        let largest: f32 = (before.clone() - after).abs().max().into_scalar();
        let scale: f32 = before.abs().max().into_scalar();
        assert!(largest < 0.05 * scale, "{largest} of {scale}");
    }

    #[test]
    fn no_bytes_panic_and_a_foreign_file_is_named() {
        let device = Device::flex();
        let config = DetectorConfig {
            channels: [1, 2, 4, 4, 5],
            blocks: [1; 4],
            folded: false,
        };
        let bytes = encode_detector(FaceDetectorNet::new(&config, &device), &config).unwrap();
        for length in (0..bytes.len()).step_by(97) {
            FaceFinder::load(&bytes[..length]).map(drop).unwrap_err();
        }
        let mut state = 1u32;
        for _ in 0..300 {
            let mut damaged = bytes.clone();
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = state as usize % damaged.len().min(4000);
            damaged[at] ^= 1 << (state >> 29);
            let _ = FaceFinder::load(&damaged);
        }
        let plain = crate::spec::weights::encode(&decode(&bytes).unwrap()).unwrap();
        let error = read(&plain).unwrap_err().to_string();
        assert!(error.contains("quantize-detector"), "{error}");
    }
}
