//! Whether a picture shows enough of a face to say what it looks like.
//!
//! A label is withheld where the shipped network names about half of the faces as most of FER+'s
//! raters did, or fewer; and of heads turned or tilted so far that too few were found to tell. It
//! names 79 in 100 of the untouched faces so. Where a limit lies was found by spoiling every second
//! face of PublicTest that has a majority (1,593), and by sorting the faces by what the detector says
//! of them, accuracy in percent (`tests/limits.rs`):
//!
//! | spoiled | measured by | accuracy beside the limit |
//! |---|---|---|
//! | darkened, with the noise of a sensor | mean of the middle | 15 to 20: 51; 20 to 25: 61 |
//! | overexposed | mean of the middle | 230 to 235: 56; 235 to 240: 47 |
//! | flattened towards gray | standard deviation | 6 to 8: 46; 8 to 10: 68 |
//! | blurred | sharpness | under 0.01: 50; 0.01 to 0.02: 64 (the detector loses such faces first) |
//! | shrunk | sharpness | under 0.01: 41; 0.01 to 0.02: 52 |
//! | shrunk | pixels of the square | 12: 49; 16: 68 |
//! | nothing: heads turned aside by nature | yaw | 0.25 to 0.30: 60 (15 faces); 0.30 and more: 50 (6) |
//! | turned by up to 45° | roll of the eyes | 30° to 35°: 76; 35° to 40°: 94 (17 faces); more: none found |
//!
//! Two signs that were tried with the former network say nothing: the nose's height between eyes and
//! mouth, which the detector hardly moves (0.55 to 0.62 in 98 of 100 faces), and the detector's score
//! (68 at 0.65 to 0.70, 64 at 0.85 to 0.90). So a head that looks up or down, and a covered mouth, go
//! unnoticed.

use serde::{Deserialize, Serialize};

use super::align::FaceSquare;
use super::crop::FaceCrop;
use super::detect::Detection;
use super::gray::GrayImage;
use super::landmarks::Landmarks;

/// The least pixels of the frame along a side of the square that is read.
pub const LEAST_SIDE: f32 = 16.0;
/// The lowest mean of the middle of the crop, 0 to 255.
pub const DARKEST_MIDDLE: f32 = 20.0;
/// The highest mean of the middle of the crop, 0 to 255.
pub const BRIGHTEST_MIDDLE: f32 = 235.0;
/// The lowest standard deviation of the crop, of 255.
pub const LEAST_CONTRAST: f32 = 8.0;
/// The lowest [`Light::sharpness`].
pub const LEAST_SHARPNESS: f32 = 0.01;
/// The largest [`yaw`], either way.
pub const LARGEST_YAW: f32 = 0.3;
/// The largest angle of the line through the eyes to the horizontal, in degrees, either way.
pub const LARGEST_ROLL_DEGREES: f32 = 40.0;

/// 48ths of the crop that are left out on every side of its middle.
const RIM: usize = 10;

/// The highest gray value of a black frame, 0 to 255: a covered camera sends its sensor's noise, and
/// black is 16 in much of video.
const BLACK: u8 = 40;
/// The highest mean of a dark frame, 0 to 255.
const DARK_MEAN: f64 = 30.0;

/// Why no face can be found in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Darkness {
    /// Nothing but black, as from a covered camera.
    Black,
    /// There is too little light.
    Dark,
}

impl Darkness {
    /// Judges a frame; `None` if it is light enough.
    pub fn of(gray: &GrayImage) -> Option<Self> {
        let pixels = gray.pixels();
        let sum: u64 = pixels.iter().map(|&pixel| u64::from(pixel)).sum();
        if pixels.iter().all(|&pixel| pixel < BLACK) {
            Some(Self::Black)
        } else if (sum as f64) < DARK_MEAN * pixels.len() as f64 {
            Some(Self::Dark)
        } else {
            None
        }
    }
}

/// Why a face is not given a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The face has too few pixels.
    TooSmall,
    /// There is too little light on the face.
    TooDark,
    /// The face is washed out.
    TooBright,
    /// Light and dark areas hardly differ.
    LowContrast,
    /// The face is out of focus, or moved.
    Blurred,
    /// The head is turned to the side.
    TurnedAway,
    /// The head is tilted towards a shoulder.
    Tilted,
}

impl Problem {
    /// All problems; where several count the same, the first of them is shown.
    pub const ALL: [Self; 7] = [
        Self::TooSmall,
        Self::TooDark,
        Self::TooBright,
        Self::LowContrast,
        Self::Blurred,
        Self::TurnedAway,
        Self::Tilted,
    ];

    /// Returns the name for programs, as serialized.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooSmall => "too-small",
            Self::TooDark => "too-dark",
            Self::TooBright => "too-bright",
            Self::LowContrast => "low-contrast",
            Self::Blurred => "blurred",
            Self::TurnedAway => "turned-away",
            Self::Tilted => "tilted",
        }
    }

    /// Returns what is wrong and what helps, in English, as the command line says it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::TooSmall => "too small to tell: take a larger picture of the face",
            Self::TooDark => "too dark to tell: light the face from the front",
            Self::TooBright => "too bright to tell: take the light off the face",
            Self::LowContrast => {
                "too little contrast to tell: clear the lens, or light the face from one side"
            }
            Self::Blurred => "too blurred to tell: keep still and focus on the face",
            Self::TurnedAway => "turned away too far to tell: look towards the camera",
            Self::Tilted => "tilted too far to tell: hold the head or the picture upright",
        }
    }
}

/// Light and focus of a crop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Mean of the middle, where the face is, 0 to 255.
    pub middle: f32,
    /// Standard deviation of the whole crop, of 255.
    pub contrast: f32,
    /// The variance of the Laplacian (each pixel's four neighbours less four times itself;
    /// Pech-Pacheco et al. 2000, <https://doi.org/10.1109/ICPR.2000.903548>) over the variance of
    /// the crop, so that dim light alone is not taken for blur. 0 for an even crop.
    pub sharpness: f32,
}

impl Light {
    /// Measures a crop at [`FaceCrop::SIDE`], where the limits were measured: finer detail says
    /// little about an expression.
    pub fn of(crop: &FaceCrop) -> Self {
        const SIDE: usize = FaceCrop::SIDE;
        let crop = crop.resized(SIDE);
        let pixels: Vec<f32> = crop.pixels().iter().copied().map(f32::from).collect();
        let inner = |margin: usize| {
            let places = margin..SIDE - margin;
            let columns = places.clone();
            places.flat_map(move |y| columns.clone().map(move |x| y * SIDE + x))
        };
        let (_, variance) = moments(pixels.iter().copied());
        let (middle, _) = moments(inner(RIM).map(|at| pixels[at]));
        let laplacian = inner(1).map(|at| {
            let around = pixels[at - 1] + pixels[at + 1] + pixels[at - SIDE] + pixels[at + SIDE];
            around - 4.0 * pixels[at]
        });
        let (_, edges) = moments(laplacian);
        Self {
            middle,
            contrast: variance.sqrt(),
            sharpness: if variance > 0.0 {
                edges / variance
            } else {
                0.0
            },
        }
    }

    fn problem(&self) -> Option<Problem> {
        if self.middle < DARKEST_MIDDLE {
            Some(Problem::TooDark)
        } else if self.middle > BRIGHTEST_MIDDLE {
            Some(Problem::TooBright)
        } else if self.contrast < LEAST_CONTRAST {
            Some(Problem::LowContrast)
        } else if self.sharpness < LEAST_SHARPNESS {
            Some(Problem::Blurred)
        } else {
            None
        }
    }
}

/// Returns mean and variance; 0 and 0 without values.
fn moments(values: impl Iterator<Item = f32>) -> (f32, f32) {
    let (mut count, mut sum, mut squares) = (0.0f64, 0.0f64, 0.0f64);
    for value in values {
        let value = f64::from(value);
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    let mean = sum / f64::max(count, 1.0);
    let variance = squares / f64::max(count, 1.0) - mean * mean;
    (mean as f32, variance.max(0.0) as f32)
}

/// Returns how far a head is turned aside: the distance of the nose from the line that joins the
/// middle of the eyes with the middle of the mouth, along the line through the eyes, in distances
/// between the eyes. Positive to the right of the picture; 0 where the points coincide. It does not
/// change when the picture is turned or enlarged.
pub fn yaw(landmarks: &Landmarks) -> f32 {
    let (sin, cos) = landmarks.roll().sin_cos();
    let [from_x, from_y] = landmarks.between_eyes();
    let upright = |[x, y]: [f32; 2]| {
        let (x, y) = (x - from_x, y - from_y);
        (cos * x + sin * y, cos * y - sin * x)
    };
    let (nose_x, nose_y) = upright(landmarks.points[2]);
    let (mouth_x, mouth_y) = upright(landmarks.mouth());
    let (eye_x, _) = upright(landmarks.right_eye());
    let yaw = (nose_x - mouth_x * nose_y / mouth_y) / (2.0 * eye_x);
    if yaw.is_finite() { yaw } else { 0.0 }
}

/// Returns what keeps a face from being given a label, the plainest reason first; `None` if nothing
/// does. `crop` is what the network reads of it.
pub fn problem(face: &Detection, crop: &FaceCrop) -> Option<Problem> {
    let side = FaceSquare::of(face).side;
    if side < LEAST_SIDE {
        return Some(Problem::TooSmall);
    }
    match Light::of(crop).problem() {
        // An enlarged face looks blurred, and holding still does not help.
        Some(Problem::Blurred) if side < FaceCrop::SIDE as f32 => return Some(Problem::TooSmall),
        Some(problem) => return Some(problem),
        None => (),
    }
    if face.tilt_degrees().abs() > LARGEST_ROLL_DEGREES {
        return Some(Problem::Tilted);
    }
    (yaw(&face.landmarks).abs() > LARGEST_YAW).then_some(Problem::TurnedAway)
}

#[cfg(test)]
mod tests {
    use super::super::affine::Affine;
    use super::super::rect::Rect;
    use super::*;

    fn crop(pixel: impl Fn(usize, usize) -> f32) -> FaceCrop {
        let mut pixels = [0; FaceCrop::AREA];
        for (at, value) in pixels.iter_mut().enumerate() {
            *value = pixel(at % FaceCrop::SIDE, at / FaceCrop::SIDE) as u8;
        }
        FaceCrop::new(pixels)
    }

    /// Bright and dark bars, sharp.
    fn bars(middle: f32, swing: f32) -> FaceCrop {
        crop(|x, _| middle + if x % 4 < 2 { swing } else { -swing })
    }

    fn face(side: f32, nose: f32, degrees: f32) -> Detection {
        let at = |x: f32, y: f32| [100.0 + x * side, 100.0 + y * side];
        let turn = Affine::rotation(degrees.to_radians()).about(100.0, 100.0);
        Detection {
            rect_in_frame: Rect::from_centre(100.0, 100.0, side, side),
            score: 0.9,
            landmarks: Landmarks {
                points: [
                    at(-0.2, -0.2),
                    at(0.2, -0.2),
                    at(0.4 * nose, 0.0),
                    at(-0.15, 0.2),
                    at(0.15, 0.2),
                ],
            }
            .map(&turn),
        }
    }

    #[test]
    fn a_plain_face_has_no_problem_and_each_spoiled_one_its_own() {
        let (plain, sharp) = (face(60.0, 0.0, 0.0), bars(120.0, 50.0));
        assert_eq!(problem(&plain, &sharp), None);
        assert_eq!(problem(&face(60.0, 0.1, 20.0), &sharp), None);
        let waves = crop(|x, _| 120.0 + 50.0 * (x as f32 / 6.0).sin());
        for (face, crop, expected) in [
            (face(10.0, 0.0, 0.0), &sharp, Problem::TooSmall),
            (face(38.0, 0.0, 0.0), &waves, Problem::TooSmall),
            (plain, &bars(12.0, 8.0), Problem::TooDark),
            (plain, &bars(240.0, 12.0), Problem::TooBright),
            (plain, &bars(120.0, 5.0), Problem::LowContrast),
            (plain, &waves, Problem::Blurred),
            (face(60.0, -0.4, 0.0), &sharp, Problem::TurnedAway),
            (face(60.0, 0.0, -50.0), &sharp, Problem::Tilted),
        ] {
            assert_eq!(problem(&face, crop), Some(expected));
        }
    }

    #[test]
    fn light_is_measured_as_with_a_pencil() {
        let light = Light::of(&bars(100.0, 20.0));
        assert!((light.middle - 100.0).abs() < 1e-3, "{light:?}");
        assert!((light.contrast - 20.0).abs() < 1e-3, "{light:?}");
        // Every pixel has one neighbour across an edge: ±40 around a mean of 0, over 20 squared.
        assert!((light.sharpness - 4.0).abs() < 0.05, "{light:?}");
        assert_eq!(Light::of(&crop(|_, _| 7.0)).sharpness, 0.0);
    }

    #[test]
    fn yaw_counts_in_eye_distances_and_does_not_turn_with_the_picture() {
        for degrees in [0.0, 25.0, -70.0, 180.0] {
            let landmarks = face(80.0, 0.25, degrees).landmarks;
            assert!((yaw(&landmarks) - 0.25).abs() < 1e-4, "{degrees}");
        }
        let point = Landmarks {
            points: [[3.0; 2]; Landmarks::COUNT],
        };
        assert_eq!(yaw(&point), 0.0);
    }

    #[test]
    fn names_are_what_is_serialized() {
        for problem in Problem::ALL {
            let written = serde_json::to_string(&problem).unwrap();
            assert_eq!(written, format!("\"{}\"", problem.name()));
            assert!(problem.hint().contains("to tell: "), "the remedy");
        }
    }

    #[test]
    fn a_black_frame_is_told_from_a_dark_one() {
        let frame = |shade: u8, spot: u8| {
            let mut pixels = vec![shade; 64 * 64];
            pixels[..64].fill(spot);
            Darkness::of(&GrayImage::new(pixels, 64, 64).unwrap())
        };
        assert_eq!(frame(0, 0), Some(Darkness::Black));
        assert_eq!(frame(16, 22), Some(Darkness::Black), "the black of video");
        assert_eq!(frame(16, 200), Some(Darkness::Dark));
        assert_eq!(frame(60, 60), None);
    }
}
