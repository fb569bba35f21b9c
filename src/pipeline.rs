//! The façade: frame → faces with probabilities. Every front calls this and only this.

use burn::tensor::{Device, ExecutionError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::emotion::{Emotion, Probabilities};
use crate::model::manifest::{Manifest, ManifestError};
use crate::model::weights::{self, WeightsError};
use crate::model::{EmotionNet, InputSpec};
use crate::platform::now_millis;
use crate::vision::{DetectError, FaceCrop, FaceDetector, Frame, GrayImage, Rect, crop};

/// Of more faces than these only the largest are read.
pub const MAX_FACES: usize = 64;

/// The smallest face searched for in a camera's frame, as a fraction of its longest side. Whoever
/// sits in front of a camera fills more of it, and the search takes a quarter of a photograph's.
pub const SMALLEST_LIVE_FACE: f32 = 1.0 / 8.0;

/// Where a frame comes from, which says how small its faces may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Searched down to [`FaceDetector::SMALLEST_FACE`].
    Photo,
    /// Searched down to [`SMALLEST_LIVE_FACE`].
    Camera,
}

/// Why a model cannot be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The description, or the file's length or checksum.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The weights.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The detector's own model.
    #[error(transparent)]
    Detector(#[from] DetectError),
}

/// Why a frame could not be read.
#[derive(Debug, Error)]
pub enum PipelineError {
    /// The engine failed while computing.
    #[error(
        "the engine failed while computing ({reason}); reload the page, or choose the CPU engine"
    )]
    Engine {
        /// What it said.
        reason: String,
    },
    /// The engine returned another number of values than asked for.
    #[error(
        "the engine returned {found} values for {expected}; reload the page, or choose the CPU engine"
    )]
    WrongOutput {
        /// Seven a face.
        expected: usize,
        /// What came.
        found: usize,
    },
}

/// One face of a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaceReading {
    /// Where the detector found it.
    pub rect_in_frame: Rect,
    /// The detector's score; larger is surer.
    pub score: f32,
    /// What the face looks like.
    pub probabilities: Probabilities,
    /// What the probabilities were computed from, in label order.
    pub logits: [f32; Emotion::COUNT],
    /// Its share of the time that crop and network took, in milliseconds.
    pub millis: f64,
}

/// All faces of a frame, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// At most [`MAX_FACES`].
    pub faces: Vec<FaceReading>,
    /// How many smaller faces were not read.
    pub left_out: usize,
    /// What finding the faces took, in milliseconds.
    pub detect_millis: f64,
    /// What cropping and the network took, in milliseconds.
    pub network_millis: f64,
}

/// Checks a model and puts it on a device.
///
/// # Errors
/// [`LoadError::Manifest`] and [`LoadError::Weights`].
pub fn load_network(
    manifest_json: &[u8],
    weights_file: &[u8],
    device: &Device,
) -> Result<(EmotionNet, Manifest), LoadError> {
    let manifest = Manifest::parse(manifest_json)?;
    manifest.verify(weights_file)?;
    let network = manifest.architecture.init(device);
    let network = weights::apply(network, weights::decode(weights_file)?)?;
    Ok((network, manifest))
}

/// Detector and network on one device.
pub struct Analyzer {
    detector: FaceDetector,
    network: EmotionNet,
    input: InputSpec,
    device: Device,
    faces_at_once: usize,
}

impl Analyzer {
    /// From parts that fit each other.
    pub fn new(
        detector: FaceDetector,
        network: EmotionNet,
        input: InputSpec,
        device: Device,
    ) -> Self {
        Self {
            detector,
            network,
            input,
            device,
            faces_at_once: 1,
        }
    }

    /// How many faces go through the network together: 1 by default, which is fastest on a CPU;
    /// a GPU wants more.
    #[must_use]
    pub fn with_faces_at_once(self, faces_at_once: usize) -> Self {
        Self {
            faces_at_once: faces_at_once.max(1),
            ..self
        }
    }

    /// From the two files that `quantize` wrote, checked.
    ///
    /// # Errors
    /// All of [`LoadError`].
    pub fn load(
        manifest_json: &[u8],
        weights_file: &[u8],
        device: Device,
    ) -> Result<(Self, Manifest), LoadError> {
        let (network, manifest) = load_network(manifest_json, weights_file, &device)?;
        let detector = FaceDetector::frontal()?;
        Ok((
            Self::new(detector, network, manifest.input, device),
            manifest,
        ))
    }

    /// Runs the network once on nothing, so that kernels are compiled and memory is reserved
    /// before the first face.
    ///
    /// # Errors
    /// [`PipelineError`] where the engine does not work at all.
    pub async fn warm_up(&self) -> Result<(), PipelineError> {
        self.read_crops(&[FaceCrop::new([127; FaceCrop::AREA])])
            .await
            .map(drop)
    }

    /// Finds and reads the faces of a frame.
    ///
    /// # Errors
    /// [`PipelineError`] where the engine fails; a frame without a face is an empty [`Analysis`].
    pub async fn analyze(
        &mut self,
        frame: Frame<'_>,
        source: Source,
    ) -> Result<Analysis, PipelineError> {
        let started = now_millis();
        let gray = GrayImage::from_frame(frame);
        self.detector.set_smallest_face(match source {
            Source::Photo => FaceDetector::SMALLEST_FACE,
            Source::Camera => SMALLEST_LIVE_FACE,
        });
        let mut detections = self.detector.detect(&gray);
        let left_out = detections.len().saturating_sub(MAX_FACES);
        detections.truncate(MAX_FACES);
        let detect_millis = millis_since(started);

        let started = now_millis();
        let mut faces = Vec::with_capacity(detections.len());
        for chunk in detections.chunks(self.faces_at_once) {
            let chunk_started = now_millis();
            let crops: Vec<FaceCrop> = chunk
                .iter()
                .map(|detection| crop::crop_face(&gray, detection.rect_in_frame))
                .collect();
            let rows = self.read_crops(&crops).await?;
            let millis = millis_since(chunk_started) / chunk.len() as f64;
            faces.extend(
                chunk
                    .iter()
                    .zip(rows)
                    .map(|(detection, logits)| FaceReading {
                        rect_in_frame: detection.rect_in_frame,
                        score: detection.score,
                        probabilities: Probabilities::from_logits(logits),
                        logits,
                        millis,
                    }),
            );
        }
        let network_millis = millis_since(started);
        Ok(Analysis {
            faces,
            left_out,
            detect_millis,
            network_millis,
        })
    }

    /// The logits of each crop.
    ///
    /// # Errors
    /// [`PipelineError`] where the engine fails.
    pub async fn read_crops(
        &self,
        crops: &[FaceCrop],
    ) -> Result<Vec<[f32; Emotion::COUNT]>, PipelineError> {
        let engine = |error: ExecutionError| PipelineError::Engine {
            reason: error.to_string(),
        };
        let images = self.input.batch(crops, &self.device); // [faces, channels, size, size]
        let logits = self.network.forward(images).logits; // [faces, 7]
        let data = logits.into_data_async().await.map_err(engine)?;
        let values: Vec<f32> = data.try_to_vec().map_err(|error| PipelineError::Engine {
            reason: format!("{error:?}"),
        })?;
        let (rows, rest) = values.as_chunks::<{ Emotion::COUNT }>();
        if rows.len() != crops.len() || !rest.is_empty() {
            let expected = crops.len() * Emotion::COUNT;
            return Err(PipelineError::WrongOutput {
                expected,
                found: values.len(),
            });
        }
        Ok(rows.to_vec())
    }
}

fn millis_since(started_millis: f64) -> f64 {
    now_millis() - started_millis
}
