//! The façade: frame → faces with probabilities. Every front calls this and only this.

mod live;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::emotion::{Emotion, Probabilities};
use crate::inference::{EngineError, Plan, Processor, Program};
use crate::model::InputSpec;
use crate::model::detector::file::DetectorFileError;
use crate::model::detector::{FaceFinder, Search};
use crate::model::lower::emotion_plan;
use crate::model::manifest::{Manifest, ManifestError};
use crate::model::weights::{self, NamedTensors, WeightsError};
use crate::platform::now_millis;
use crate::vision::{FaceCrop, FaceSquare, Frame, GrayImage, Landmarks, Rect, crop_face};

pub use live::Live;

/// Of more faces than these only the largest are read.
pub const MAX_FACES: usize = 64;

/// Where a frame comes from, which says how small its faces may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Searched twice, for faces from a twentieth of the longest side.
    Photo,
    /// Searched once: whoever sits in front of a camera fills a tenth of the longest side.
    Camera,
}

impl Source {
    /// How its pictures are searched.
    pub fn search(self) -> Search {
        match self {
            Self::Photo => Search::Twice,
            Self::Camera => Search::Once,
        }
    }
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
    Detector(#[from] DetectorFileError),
    /// The engine does not take it.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Why a frame could not be read.
#[derive(Debug, Error)]
pub enum PipelineError {
    /// The engine failed while computing.
    #[error(transparent)]
    Engine(#[from] EngineError),
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
    /// The face's number, from 1, the same in every frame while it is followed; `None` in a
    /// photograph.
    #[serde(default)]
    pub track: Option<u32>,
    /// Where the detector found it.
    pub rect_in_frame: Rect,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
    /// Eyes, nose and mouth, in pixels of the frame.
    pub landmarks: Landmarks,
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

impl Analysis {
    /// The faces under the numbers that people see: those they are followed by, in a photograph
    /// from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &FaceReading)> {
        (1..)
            .zip(&self.faces)
            .map(|(place, face)| (face.track.unwrap_or(place), face))
    }

    /// The face with this number.
    pub fn face(&self, number: u32) -> Option<&FaceReading> {
        self.numbered()
            .find(|(of, _)| *of == number)
            .map(|(_, face)| face)
    }
}

/// Checks a model's two files and reads its weights.
///
/// # Errors
/// [`LoadError::Manifest`] and [`LoadError::Weights`].
pub fn read_model(
    manifest_json: &[u8],
    weights_file: &[u8],
) -> Result<(NamedTensors, Manifest), LoadError> {
    let manifest = Manifest::parse(manifest_json)?;
    manifest.verify(weights_file)?;
    Ok((weights::decode(weights_file)?, manifest))
}

/// Checks a model and lowers it.
///
/// # Errors
/// As [`read_model`].
pub fn load_plan(manifest_json: &[u8], weights_file: &[u8]) -> Result<(Plan, Manifest), LoadError> {
    let (tensors, manifest) = read_model(manifest_json, weights_file)?;
    Ok((emotion_plan(&manifest.architecture, tensors)?, manifest))
}

/// Detector and network, ready to compute.
pub struct Analyzer {
    finder: FaceFinder,
    network: Program,
    input: InputSpec,
    faces_at_once: usize,
}

impl Analyzer {
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
        processor: &Processor,
    ) -> Result<(Self, Manifest), LoadError> {
        let (plan, manifest) = load_plan(manifest_json, weights_file)?;
        let analyzer = Self {
            finder: FaceFinder::built_in()?,
            network: Program::new(&plan, processor)?,
            input: manifest.input,
            faces_at_once: 1,
        };
        Ok((analyzer, manifest))
    }

    /// Runs the network once on nothing, so that kernels are compiled and memory is reserved
    /// before the first face.
    ///
    /// # Errors
    /// [`PipelineError`] where the engine does not work at all.
    pub async fn warm_up(&mut self) -> Result<(), PipelineError> {
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
        let mut detections = self.finder.find(&gray, source.search());
        let left_out = detections.len().saturating_sub(MAX_FACES);
        detections.truncate(MAX_FACES);
        let detect_millis = millis_since(started);

        let started = now_millis();
        let mut faces = Vec::with_capacity(detections.len());
        for chunk in detections.chunks(self.faces_at_once) {
            let chunk_started = now_millis();
            let crops: Vec<FaceCrop> = chunk
                .iter()
                // Not turned with the eyes: see `vision::align`.
                .map(|detection| crop_face(&gray, &FaceSquare::upright(detection)))
                .collect();
            let rows = self.read_crops(&crops).await?;
            let millis = millis_since(chunk_started) / chunk.len() as f64;
            faces.extend(
                chunk
                    .iter()
                    .zip(rows)
                    .map(|(detection, logits)| FaceReading {
                        track: None,
                        rect_in_frame: detection.rect_in_frame,
                        score: detection.score,
                        landmarks: detection.landmarks,
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
        &mut self,
        crops: &[FaceCrop],
    ) -> Result<Vec<[f32; Emotion::COUNT]>, PipelineError> {
        let pixels = self.input.pixels(crops); // [faces, size, size, channels]
        let size = self.input.size;
        let outputs = self.network.run(&pixels, crops.len(), size, size).await?;
        let values = outputs.into_iter().next().unwrap_or_default(); // [faces, 7]
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
