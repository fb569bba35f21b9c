//! Frame → faces: the detector's network with a picture before it and faces after it.

use crate::engine::cpu::CpuProgram;
use crate::spec::detector::file::DetectorFileError;
use crate::spec::detector::output::{STRIDES, decode};
use crate::spec::detector::{DetectorConfig, file, normalize};
use crate::spec::lower::detector_plan;
use crate::spec::weights::{NamedTensors, WeightsError};
use crate::vision::GrayImage;
use crate::vision::detect::{Detection, weighted_nms};
use crate::vision::letterbox::Letterbox;

/// The detector that ships: trained, quantized, 8 bits a weight.
const BUILT_IN: &[u8] = include_bytes!("../spec/detector/faces-int8.safetensors");

/// The longest side at which a camera's frame is searched, in pixels. A face needs about a tenth of
/// it.
pub const WORKING_SIDE: usize = 160;
/// The longest side of a photograph's second search, in which smaller faces are found.
pub const LARGE_SIDE: usize = 448;
/// What claims less is no face, 0 to 1.
pub const SCORE_THRESHOLD: f32 = 0.6;
/// A place that claims less is not asked.
const LEAST_GUESS: f32 = 0.02;
/// Faces that the second search may find, in longest sides of the picture. Of what is larger there,
/// parts look like faces, and the first search has seen it whole.
const LARGEST_OF_SECOND: f32 = 0.25;
/// What a claim of the second search counts, as it sees eight times as many places that are no
/// face.
const TRUST_IN_SECOND: f32 = 0.9;

/// How a picture is searched. The sizes, the trust and the votes were chosen on photographs
/// that the detector was trained on, not on those that it is measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Once, at [`WORKING_SIDE`]: for faces from a tenth of the longest side.
    Quick,
    /// There and mirrored, and both again at [`LARGE_SIDE`] where the picture has more pixels than
    /// [`WORKING_SIDE`]: for faces from a twentieth of the longest side, at some thirty-five
    /// times the cost. Points and boxes are means over more candidates and so are nearer the truth.
    Thorough,
}

impl Search {
    /// How many candidates a face is judged by, see [`weighted_nms`].
    fn votes(self) -> usize {
        match self {
            Self::Quick => 3,
            Self::Thorough => 8,
        }
    }
}

/// Finds faces, best those that are tilted by less than 20 degrees. [`Send`], and without memory:
/// equal pictures give equal answers whatever came before.
pub struct FaceFinder {
    program: CpuProgram,
    threshold: f32,
}

impl FaceFinder {
    /// The detector that ships with the program.
    ///
    /// # Errors
    /// [`DetectorFileError`] where the build is damaged.
    pub fn built_in() -> Result<Self, DetectorFileError> {
        Self::load(BUILT_IN)
    }

    /// From a file that `moue quantize-detector` wrote.
    ///
    /// # Errors
    /// [`DetectorFileError`].
    pub fn load(bytes: &[u8]) -> Result<Self, DetectorFileError> {
        let (config, tensors) = file::read(bytes)?;
        Ok(Self::new(&config, tensors)?)
    }

    /// From a folded network's tensors. It computes on the CPU, wherever the classifier does: so
    /// small a network is done there before a GPU has answered.
    ///
    /// # Errors
    /// [`WeightsError`] where they do not fit.
    pub fn new(config: &DetectorConfig, tensors: NamedTensors) -> Result<Self, WeightsError> {
        let plan = detector_plan(config, tensors)?;
        Ok(Self {
            program: CpuProgram::new(&plan),
            threshold: SCORE_THRESHOLD,
        })
    }

    /// Shows faces that claim at least `threshold`, 0 to 1, instead of [`SCORE_THRESHOLD`].
    #[must_use]
    pub fn with_threshold(self, threshold: f32) -> Self {
        Self { threshold, ..self }
    }

    /// The faces of a picture, largest first, each once.
    pub fn find(&mut self, gray: &GrayImage, search: Search) -> Vec<Detection> {
        let mirrored = search == Search::Thorough;
        let longest = gray.width().max(gray.height()) as usize;
        let mut found = self.candidates(gray, WORKING_SIDE, mirrored);
        if search == Search::Thorough && longest > WORKING_SIDE {
            let largest = longest as f32 * LARGEST_OF_SECOND;
            let small = self.candidates(gray, LARGE_SIDE, mirrored);
            let small = small
                .into_iter()
                .filter(|face| face.rect_in_frame.width.max(face.rect_in_frame.height) <= largest);
            found.extend(small.map(|face| Detection {
                score: face.score * TRUST_IN_SECOND,
                ..face
            }));
        }
        weighted_nms(found, search.votes(), self.threshold)
    }

    /// The candidates at one working size, in pixels of the frame, the same face several times;
    /// those of the mirror image as well where that is asked for.
    fn candidates(
        &mut self,
        gray: &GrayImage,
        longest_side: usize,
        mirrored: bool,
    ) -> Vec<Detection> {
        let letterbox = Letterbox::new(
            gray.width(),
            gray.height(),
            longest_side,
            STRIDES[STRIDES.len() - 1],
        );
        let (width, height) = (letterbox.width, letterbox.height);
        let values = letterbox.draw(gray.view());
        let mut pixels: Vec<f32> = values.into_iter().map(normalize).collect();
        let mut candidates = self.candidates_in(&pixels, width, height);
        if mirrored {
            for row in pixels.chunks_exact_mut(width) {
                row.reverse();
            }
            let seen = self.candidates_in(&pixels, width, height);
            candidates.extend(
                seen.iter()
                    .map(|candidate| candidate.mirrored(width as f32)),
            );
        }
        let in_frame = candidates
            .iter()
            .map(|candidate| letterbox.to_frame(candidate));
        in_frame.collect()
    }

    /// The candidates about a drawn picture, in its pixels.
    fn candidates_in(&mut self, pixels: &[f32], width: usize, height: usize) -> Vec<Detection> {
        let values = self.program.run(pixels, 1, height, width).concat();
        decode(&values, width, height, LEAST_GUESS)
    }
}
