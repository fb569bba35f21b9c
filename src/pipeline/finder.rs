//! Frame → faces: runs the detector's network on a picture and reads faces from its output.

use crate::engine::cpu::CpuProgram;
use crate::spec::detector::file::DetectorFileError;
use crate::spec::detector::output::{STRIDES, decode};
use crate::spec::detector::{DetectorConfig, file, normalize};
use crate::spec::lower::detector_plan;
use crate::spec::weights::{NamedTensors, WeightsError};
use crate::vision::GrayImage;
use crate::vision::detect::{Detection, weighted_nms};
use crate::vision::letterbox::Letterbox;

/// The detector that ships: trained, quantized to 8 bits per weight.
const BUILT_IN: &[u8] = include_bytes!("../spec/detector/faces-int8.safetensors");

/// The longest side at which a camera's frame is searched, in pixels. A face must have about a
/// tenth of it.
pub const WORKING_SIDE: usize = 160;
/// The longest side of a photograph's second search, which finds smaller faces.
pub const LARGE_SIDE: usize = 448;
/// The lowest score of a face, 0 to 1.
pub const SCORE_THRESHOLD: f32 = 0.6;
/// The lowest score of a candidate, 0 to 1.
const LEAST_CANDIDATE_SCORE: f32 = 0.02;
/// The largest face that the second search may find, in longest sides of the picture. Parts of
/// larger ones look like faces there, and the first search has seen them whole.
const LARGEST_OF_SECOND: f32 = 0.25;
/// Factor of the second search's scores, as it sees eight times as many places that are no face.
const TRUST_IN_SECOND: f32 = 0.9;

/// How a picture is searched. The sizes, the trust and the votes were chosen on photographs
/// that the detector was trained on, not on those that it is measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Once, at [`WORKING_SIDE`]: for faces from a tenth of the longest side.
    Quick,
    /// At [`WORKING_SIDE`] and mirrored, and both again at [`LARGE_SIDE`] where the picture has
    /// more pixels than [`WORKING_SIDE`]: for faces from a twentieth of the longest side, at some
    /// thirty-five times the cost. Points and boxes are means over more candidates and so more
    /// exact.
    Thorough,
}

impl Search {
    /// Returns how many candidates a face is judged by, see [`weighted_nms`].
    fn votes(self) -> usize {
        match self {
            Self::Quick => 3,
            Self::Thorough => 8,
        }
    }
}

/// Finds faces, best those that are tilted by less than 20 degrees. [`Send`], and without memory:
/// equal pictures give equal answers, whatever came before.
pub struct FaceFinder {
    program: CpuProgram,
    threshold: f32,
}

impl FaceFinder {
    /// Loads the detector that ships with the program.
    ///
    /// # Errors
    /// [`DetectorFileError`] if the build is damaged.
    pub fn built_in() -> Result<Self, DetectorFileError> {
        Self::load(BUILT_IN)
    }

    /// Loads a detector from a file that `moue quantize-detector` wrote.
    ///
    /// # Errors
    /// [`DetectorFileError`] if the file holds no detector.
    pub fn load(bytes: &[u8]) -> Result<Self, DetectorFileError> {
        let (config, tensors) = file::read(bytes)?;
        Ok(Self::new(&config, tensors)?)
    }

    /// Creates a detector from a folded network's tensors. It computes on the CPU, wherever the
    /// classifier does: so small a network is done there before a GPU has answered.
    ///
    /// # Errors
    /// [`WeightsError`] if they do not fit.
    pub fn new(config: &DetectorConfig, tensors: NamedTensors) -> Result<Self, WeightsError> {
        let plan = detector_plan(config, tensors)?;
        Ok(Self {
            program: CpuProgram::new(&plan),
            threshold: SCORE_THRESHOLD,
        })
    }

    /// Sets the lowest score of a face to `threshold`, 0 to 1, instead of [`SCORE_THRESHOLD`].
    #[must_use]
    pub fn with_threshold(self, threshold: f32) -> Self {
        Self { threshold, ..self }
    }

    /// Returns the faces of a picture, largest first, each once.
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

    /// Returns the candidates at one working size, in pixels of the frame, several per face; with
    /// those of the mirror image if `mirrored`.
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

    /// Returns the candidates in a drawn picture, in its pixels.
    fn candidates_in(&mut self, pixels: &[f32], width: usize, height: usize) -> Vec<Detection> {
        let values = self.program.run(pixels, 1, height, width).concat();
        decode(&values, width, height, LEAST_CANDIDATE_SCORE)
    }
}
