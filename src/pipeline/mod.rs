//! The façade: frame → faces with probabilities. Every front calls this and only this.

mod attention;
pub mod baseline;
pub mod finder;
pub mod known_answer;
mod live;
mod reading;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::engine::cpu::CpuProgram;
use crate::engine::{EngineError, Plan, Program};
use crate::platform::now_millis;
use crate::spec::detector::file::DetectorFileError;
use crate::spec::heads::HeadLogits;
use crate::spec::lower::emotion_plan;
use crate::spec::manifest::{Manifest, ManifestError};
use crate::spec::weights::{NamedTensors, WeightsError};
use crate::spec::{Calibration, InputSpec, weights};
use crate::vision::detect::{Detection, SAME_FACE};
use crate::vision::quality::Darkness;
use crate::vision::{FaceCrop, FaceSquare, Frame, GrayImage, Rect, crop_face, quality};

use attention::Gate;
use finder::{FaceFinder, MAYBE_THRESHOLD, SCORE_THRESHOLD, Search};

pub use attention::Attention;
pub use live::Live;
pub use reading::{Analysis, FaceReading};

/// The most faces of a frame that are read; of more, only the largest.
pub const MAX_FACES: usize = 64;
/// How many faces go through the network together: one would leave a GPU idle, and many would fill a
/// phone's memory.
pub const FACES_AT_ONCE: usize = 8;

/// Probability of "not a face" by the reading head above which a box that was found is not shown as a
/// face.
const MOST_NOT_A_FACE: f32 = 0.8;

/// Where a frame comes from, which decides how it is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FrameSource {
    /// Searched thoroughly, for faces from a twentieth of the longest side.
    Photo,
    /// Searched quickly: whoever sits in front of a camera fills a tenth of the longest side. Faces that
    /// the detector is not sure of are read too, and [`Live`] knows where they go on.
    Camera,
}

impl FrameSource {
    /// Returns how its frames are searched.
    pub fn search(self) -> Search {
        match self {
            Self::Photo => Search::Thorough,
            Self::Camera => Search::Quick,
        }
    }
}

/// Options for reading a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadOptions {
    /// Where the frame comes from.
    pub source: FrameSource,
    /// Whether every face comes with its [`Attention`], if the network has one.
    pub attention: bool,
    /// The most faces to read, the largest first; at most [`MAX_FACES`].
    pub max_faces: usize,
    /// Boxes of faces that the detector missed and a person drew, in pixels of the frame. They are
    /// read besides `max_faces`, up to [`MAX_FACES`] in all.
    #[serde(default)]
    pub added: Vec<Rect>,
}

/// Reads without attention, and up to [`MAX_FACES`] faces.
impl From<FrameSource> for ReadOptions {
    fn from(source: FrameSource) -> Self {
        Self {
            source,
            attention: false,
            max_faces: MAX_FACES,
            added: vec![],
        }
    }
}

/// Why a model cannot be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The manifest is wrong, or the file's length or checksum.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The weights do not fit.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The detector's own file is damaged.
    #[error(transparent)]
    Detector(#[from] DetectorFileError),
}

/// Why a frame could not be read.
#[derive(Debug, Error)]
pub enum PipelineError {
    /// The engine failed while computing.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine returned another number of values than asked for.
    #[error(
        "the engine returned {found} values for {faces} faces; reload the page, or choose the CPU engine"
    )]
    WrongOutput {
        /// Number of faces that it was given.
        faces: usize,
        /// Number of values that it returned.
        found: usize,
    },
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

/// Checks a model and lowers it to a plan.
///
/// # Errors
/// As [`read_model`].
pub fn load_plan(manifest_json: &[u8], weights_file: &[u8]) -> Result<(Plan, Manifest), LoadError> {
    let (tensors, manifest) = read_model(manifest_json, weights_file)?;
    Ok((emotion_plan(&manifest.architecture, tensors)?, manifest))
}

/// Lowers a model to a plan whose weights are known to be those of its manifest.
///
/// # Errors
/// [`LoadError::Weights`].
pub fn plan_of(manifest: &Manifest, verified_weights: &[u8]) -> Result<Plan, LoadError> {
    let tensors = weights::decode(verified_weights)?;
    Ok(emotion_plan(&manifest.architecture, tensors)?)
}

/// The detector and the network, ready to compute.
pub struct Analyzer<P: Program + ?Sized = dyn Program> {
    finder: FaceFinder,
    network: Box<P>,
    input: InputSpec,
    gate: Option<Gate>,
    calibration: Calibration,
}

/// What was found in a frame.
struct Found {
    /// The faces to read, and whether a person drew the box.
    faces: Vec<(Detection, bool)>,
    /// See [`Analysis::maybe`].
    maybe: Vec<Rect>,
    /// See [`Analysis::left_out`].
    left_out: usize,
}

/// Output of the network for some faces, in their order.
struct NetworkOutput {
    heads: Vec<HeadLogits>,
    /// The gate, `[faces, height, width, 1]`; empty where there is none.
    gate: Vec<f32>,
}

impl Analyzer {
    /// Loads the two files that `quantize` wrote, and checks them; the CPU computes.
    ///
    /// # Errors
    /// Any of [`LoadError`].
    pub fn load(manifest_json: &[u8], weights_file: &[u8]) -> Result<(Self, Manifest), LoadError> {
        let (plan, manifest) = load_plan(manifest_json, weights_file)?;
        let network = Box::new(CpuProgram::new(&plan));
        Ok((Self::new(&plan, &manifest, network)?, manifest))
    }
}

impl<P: Program + ?Sized> Analyzer<P> {
    /// Prepares a checked model, whose plan `network` has compiled.
    ///
    /// # Errors
    /// [`LoadError::Detector`].
    pub fn new(plan: &Plan, manifest: &Manifest, network: Box<P>) -> Result<Self, LoadError> {
        Ok(Self {
            finder: FaceFinder::built_in()?.with_threshold(MAYBE_THRESHOLD),
            network,
            input: manifest.input,
            gate: Gate::of(plan, manifest.input.size),
            calibration: manifest.calibration.clone().unwrap_or_default(),
        })
    }

    /// Finds faces with `finder` instead of the built-in detector.
    #[must_use]
    pub fn with_finder(self, finder: FaceFinder) -> Self {
        let finder = finder.with_threshold(MAYBE_THRESHOLD);
        Self { finder, ..self }
    }

    /// Returns whether the network tells where it looked.
    pub fn gives_attention(&self) -> bool {
        self.gate.is_some()
    }

    /// Returns what computes the network.
    pub fn network(&mut self) -> &mut P {
        &mut self.network
    }

    /// Finds and reads the faces of a frame; `options` is a [`FrameSource`] or [`ReadOptions`].
    ///
    /// # Errors
    /// [`PipelineError`] if the engine fails; a frame without a face gives an empty [`Analysis`].
    pub async fn analyze(
        &mut self,
        frame: Frame<'_>,
        options: impl Into<ReadOptions>,
    ) -> Result<Analysis, PipelineError> {
        let options = options.into();
        let started = now_millis();
        let gray = GrayImage::from_frame(frame);
        let Found {
            faces: detections,
            mut maybe,
            left_out,
        } = self.detect(&gray, &options);
        let detect_millis = millis_since(started);

        let started = now_millis();
        let mut faces = Vec::with_capacity(detections.len());
        for chunk in detections.chunks(FACES_AT_ONCE) {
            let chunk_started = now_millis();
            // Not turned with the eyes: see `vision::align`.
            let squares: Vec<FaceSquare> =
                chunk.iter().map(|(face, _)| FaceSquare::of(face)).collect();
            let cut = |square| crop_face(&gray, square);
            let crops: Vec<FaceCrop> = squares.iter().map(cut).collect();
            let answers = self.run_network(&crops).await?;
            let millis = millis_since(chunk_started) / chunk.len() as f64;
            let maps = match self.gate {
                Some(gate) if options.attention => gate.maps(&answers.gate, &squares),
                _ => vec![],
            };
            let mut maps = maps.into_iter();
            for (((detection, is_added), crop), heads) in
                chunk.iter().zip(&crops).zip(answers.heads)
            {
                let attention = maps.next();
                if !is_added && self.calibration.not_a_face(&heads) > MOST_NOT_A_FACE {
                    if options.source == FrameSource::Photo {
                        maybe.push(detection.rect_in_frame);
                    }
                    continue;
                }
                faces.push(FaceReading {
                    track: None,
                    rect_in_frame: detection.rect_in_frame,
                    score: detection.score,
                    is_added: *is_added,
                    landmarks: detection.landmarks,
                    probabilities: self.calibration.read(&heads),
                    unsure_below: self.calibration.unsure_below,
                    problem: quality::problem(detection, crop),
                    attention,
                    logits: heads.seven(),
                    millis,
                });
            }
        }
        let network_millis = millis_since(started);
        let darkness = match faces.is_empty() {
            true => Darkness::of(&gray),
            false => None,
        };
        maybe.sort_by(|a, b| b.area().total_cmp(&a.area()));
        Ok(Analysis {
            faces,
            maybe,
            darkness,
            left_out,
            detect_millis,
            network_millis,
        })
    }

    /// Finds the faces to read: those of a photo from left to right, and what may be faces.
    fn detect(&mut self, gray: &GrayImage, options: &ReadOptions) -> Found {
        let added = options.added.iter().map(|rect| rect.sanitized());
        let added: Vec<Rect> = added.take(MAX_FACES).collect();
        let is_added = |face: &Detection| {
            let mut added = added.iter();
            added.any(|rect| rect.iou(&face.rect_in_frame) > SAME_FACE)
        };
        let is_photo = options.source == FrameSource::Photo;
        let found = self.finder.find(gray, options.source.search()).into_iter();
        let (mut sure, unsure): (Vec<_>, Vec<_>) = found
            .filter(|face| !is_added(face))
            .partition(|face| !is_photo || face.score >= SCORE_THRESHOLD);
        let most = options.max_faces.min(MAX_FACES - added.len());
        let left_out = sure.len().saturating_sub(most);
        sure.truncate(most);
        let mut faces: Vec<_> = sure.into_iter().map(|face| (face, false)).collect();
        for rect in added {
            faces.push((self.finder.look_at(gray, rect), true));
        }
        if is_photo {
            faces.sort_by(|(a, _), (b, _)| {
                let (a, b) = (a.rect_in_frame.centre(), b.rect_in_frame.centre());
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            });
        }
        Found {
            faces,
            maybe: unsure.iter().map(|face| face.rect_in_frame).collect(),
            left_out,
        }
    }

    /// Returns the logits of each crop.
    ///
    /// # Errors
    /// [`PipelineError`] if the engine fails.
    pub async fn read_crops(
        &mut self,
        crops: &[FaceCrop],
    ) -> Result<Vec<HeadLogits>, PipelineError> {
        Ok(self.run_network(crops).await?.heads)
    }

    async fn run_network(&mut self, crops: &[FaceCrop]) -> Result<NetworkOutput, PipelineError> {
        let pixels = self.input.pixels(crops); // [faces, size, size, channels]
        let size = self.input.size;
        let outputs = self
            .network
            .forward(&pixels, crops.len(), size, size)
            .await?;
        let mut outputs = outputs.into_iter();
        let values = outputs.next().unwrap_or_default(); // [faces, 7 or 16]
        let heads = HeadLogits::split_rows(&values, crops.len());
        let heads = heads.ok_or(PipelineError::WrongOutput {
            faces: crops.len(),
            found: values.len(),
        })?;
        Ok(NetworkOutput {
            heads,
            gate: outputs.next().unwrap_or_default(),
        })
    }
}

fn millis_since(started_millis: f64) -> f64 {
    now_millis() - started_millis
}
