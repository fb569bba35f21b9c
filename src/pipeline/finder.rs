//! Frame → faces: runs the detector's network on a picture and reads faces from its output.

use std::ops::RangeInclusive;

use crate::engine::cpu::CpuProgram;
use crate::spec::detector::file::DetectorFileError;
use crate::spec::detector::output::{STRIDES, decode};
use crate::spec::detector::{DetectorConfig, file, normalize};
use crate::spec::lower::detector_plan;
use crate::spec::weights::{NamedTensors, WeightsError};
use crate::vision::detect::{Detection, SAME_FACE, weighted_nms};
use crate::vision::letterbox::Letterbox;
use crate::vision::warp::resample;
use crate::vision::{Affine, GrayImage, Landmarks, Rect};

/// The detector that ships: trained, quantized to 8 bits per weight.
const BUILT_IN: &[u8] = include_bytes!("../spec/detector/faces-int8.safetensors");

/// The longest side at which a camera's frame is searched, in pixels. A face must have about a
/// tenth of it.
pub const CAMERA_SIDE: usize = 160;
/// The longest side at which a photograph is searched, in pixels: that of the photograph, within
/// these limits.
pub const PHOTO_SIDES: RangeInclusive<usize> = 512..=640;
/// The smallest face that is taken from the overview, as a share of the longest side.
const LEAST_OF_OVERVIEW: f32 = 0.1;
/// The largest face that is taken from a search at [`PHOTO_SIDES`], as a share of the longest side:
/// larger ones fill more of the network's view than it has learned, and the overview shows them well.
const MOST_OF_FINE: f32 = 0.3;
/// The lowest score of a face, 0 to 1: of the boxes from it on, 98 in 100 are faces.
pub const SCORE_THRESHOLD: f32 = 0.77;
/// The lowest score of a box that may hold a face, 0 to 1.
pub const MAYBE_THRESHOLD: f32 = 0.4;
/// Sum of the scores above which faces are surely upright.
const SURE: f32 = 0.75;
/// The lowest score of a face that counts where it is asked which side is up.
const LEAST_OF_A_SIDE: f32 = 0.3;
/// How much larger the sum of the scores must be for another side to be up.
const TURN_COST: f32 = 0.1;
/// The lowest score of a candidate, 0 to 1.
const LEAST_CANDIDATE_SCORE: f32 = 0.02;
/// Side of the part of a picture that is looked at for a face that a person drew a box around, in
/// longer sides of the box.
const ROOM_AROUND: f32 = 1.8;
/// Number of candidates that a face is judged by, over all searches of a picture, see [`weighted_nms`].
const VOTES: usize = 4;

/// How a picture is searched. The sizes and the votes were chosen on photographs of sources that the
/// detector was trained on, not on those that it is measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// At [`CAMERA_SIDE`]: for faces from a tenth of the longest side.
    Quick,
    /// Then its mirror image as well, and the picture at its own size, within [`PHOTO_SIDES`]: for small
    /// faces too, from a fortieth of the longest side.
    Thorough,
}

impl Search {
    /// Returns the line from the logit of a raw score to that of the probability that the box holds a
    /// face: what `moue evaluate-detector` fitted for each search, before there was one, on photographs
    /// that were kept from training.
    fn calibration(self) -> Line {
        let (scale, shift) = match self {
            Self::Quick => (2.52, -1.6),
            Self::Thorough => (2.25, -1.76),
        };
        Line { scale, shift }
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

    /// Returns the face in the box that a person drew around it: as it is found in that part of the
    /// picture alone, where it is larger, else with landmarks where an upright face has them. Its
    /// score is 1.
    pub fn look_at(&mut self, gray: &GrayImage, rect: Rect) -> Detection {
        let (x, y) = rect.centre();
        let side = ROOM_AROUND * rect.width.max(rect.height).max(1.0);
        let part = Rect::from_centre(x, y, side, side);
        let around = Letterboxed {
            values: resample(gray.view(), part, CAMERA_SIDE, CAMERA_SIDE),
            width: CAMERA_SIDE,
            height: CAMERA_SIDE,
            frame_from_work: Affine::scale(side / CAMERA_SIDE as f32)
                .then(&Affine::shift(part.x, part.y)),
        };
        let candidates = (0..4)
            .flat_map(|turns| self.search(&around.turned_back(turns)))
            .collect();
        let best = faces(candidates, Search::Quick, self.threshold)
            .into_iter()
            .filter(|face| face.rect_in_frame.iou(&rect) > SAME_FACE)
            .max_by(|a, b| a.score.total_cmp(&b.score));
        Detection {
            score: 1.0,
            ..best.unwrap_or_else(|| Detection {
                rect_in_frame: rect,
                score: 1.0,
                landmarks: Landmarks::of_upright(rect),
            })
        }
    }

    /// Returns the faces of a picture, largest first, each once.
    ///
    /// Where an overview at [`CAMERA_SIDE`] shows no sure face upright, the picture is looked at from
    /// the other three sides too, and searched as it shows the most. So pictures are found that lie on
    /// their side or stand on their head; faces that do in a picture of upright ones are not.
    pub fn find(&mut self, gray: &GrayImage, search: Search) -> Vec<Detection> {
        let overview = Letterboxed::new(gray, CAMERA_SIDE);
        let upright = self.search(&overview);
        let sum = |candidates: &[Detection]| -> f32 {
            let faces = faces(candidates.to_vec(), Search::Quick, LEAST_OF_A_SIDE);
            faces.iter().map(|face| face.score).sum()
        };
        let (mut turns, mut found) = (0, upright);
        let mut most = sum(&found);
        if most < SURE {
            for other in 1..4 {
                let candidates = self.search(&overview.turned_back(other));
                let score = sum(&candidates);
                if score > most + TURN_COST {
                    (turns, found, most) = (other, candidates, score);
                }
            }
        }
        if search == Search::Thorough {
            let longest = gray.width().max(gray.height()) as usize;
            let side = longest.clamp(*PHOTO_SIDES.start(), *PHOTO_SIDES.end());
            let (longest, side_of) = (longest as f32, |face: &Detection| {
                face.rect_in_frame.width.max(face.rect_in_frame.height)
            });
            let upright = |picture: Letterboxed| match turns {
                0 => picture,
                _ => picture.turned_back(turns),
            };
            let mirrored = self.search(&upright(overview).mirrored());
            found.extend(mirrored.into_iter().map(|face| Detection {
                landmarks: face.landmarks.renamed_for_mirror(),
                ..face
            }));
            found.retain(|face| side_of(face) >= LEAST_OF_OVERVIEW * longest);
            let fine = self.search(&upright(Letterboxed::new(gray, side)));
            found.extend(
                fine.into_iter()
                    .filter(|face| side_of(face) < MOST_OF_FINE * longest),
            );
        }
        faces(found, search, self.threshold)
    }

    /// Returns what may be faces in a working picture, in pixels of the frame.
    fn search(&mut self, picture: &Letterboxed) -> Vec<Detection> {
        let Letterboxed {
            values,
            width,
            height,
            frame_from_work,
        } = picture;
        let pixels: Vec<f32> = values.iter().copied().map(normalize).collect();
        let values = self.program.run(&pixels, 1, *height, *width).concat();
        let candidates = decode(&values, *width, *height, LEAST_CANDIDATE_SCORE).into_iter();
        candidates.map(|it| it.map(frame_from_work)).collect()
    }
}

/// Joins candidates of the same face, and returns the faces with a probability of at least `threshold`.
fn faces(candidates: Vec<Detection>, search: Search, threshold: f32) -> Vec<Detection> {
    let calibration = search.calibration();
    let mut faces = weighted_nms(candidates, VOTES, calibration.inverse(threshold));
    for face in &mut faces {
        face.score = calibration.apply(face.score);
    }
    faces
}

/// A line between logits.
struct Line {
    scale: f32,
    shift: f32,
}

impl Line {
    fn apply(&self, score: f32) -> f32 {
        sigmoid(self.scale * logit(score) + self.shift)
    }

    fn inverse(&self, probability: f32) -> f32 {
        sigmoid((logit(probability) - self.shift) / self.scale)
    }
}

fn logit(probability: f32) -> f32 {
    let probability = probability.clamp(1e-6, 1.0 - 1e-6);
    (probability / (1.0 - probability)).ln()
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// A picture at a working size: `width × height` gray values from 0 to 255, row by row.
struct Letterboxed {
    values: Vec<f32>,
    width: usize,
    height: usize,
    frame_from_work: Affine,
}

impl Letterboxed {
    /// Draws a picture so that its longest side has `side` pixels.
    fn new(gray: &GrayImage, side: usize) -> Self {
        let multiple = STRIDES[STRIDES.len() - 1];
        let letterbox = Letterbox::new(gray.width(), gray.height(), side, multiple);
        Self {
            values: letterbox.draw(gray.view()),
            width: letterbox.width,
            height: letterbox.height,
            frame_from_work: Affine::scale(1.0 / letterbox.scale()),
        }
    }

    /// Returns the picture mirrored left to right.
    fn mirrored(&self) -> Self {
        let rows = self.values.chunks_exact(self.width);
        Self {
            values: rows.flat_map(|row| row.iter().rev().copied()).collect(),
            frame_from_work: Affine::flip(self.width as f32).then(&self.frame_from_work),
            ..*self
        }
    }

    /// Returns the picture turned by a number of quarters, against the clock.
    fn turned_back(&self, quarter_turns: u8) -> Self {
        let (wide, high) = (self.width, self.height);
        let (width, height) = match quarter_turns % 2 {
            0 => (wide, high),
            _ => (high, wide),
        };
        let shift = match quarter_turns % 4 {
            0 => (0, 0),
            1 => (wide, 0),
            2 => (wide, high),
            _ => (0, high),
        };
        let from_turned = Affine::quarter_turns(quarter_turns)
            .then(&Affine::shift(shift.0 as f32, shift.1 as f32));
        let value = |at: usize| {
            let (x, y) = ((at % width) as f32 + 0.5, (at / width) as f32 + 0.5);
            let (x, y) = from_turned.apply(x, y);
            self.values[y as usize * wide + x as usize]
        };
        Self {
            values: (0..width * height).map(value).collect(),
            width,
            height,
            frame_from_work: from_turned.then(&self.frame_from_work),
        }
    }
}
