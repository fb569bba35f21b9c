//! Augmentation of photographs for the detector: random size, tilt and light, blur, noise, covered
//! faces, quarter turns, mosaics of four photographs (<https://arxiv.org/abs/2004.10934>,
//! section 3.3) and crowds of nine to thirty-six.
//!
//! A draw depends on its random stream only. Every picture is converted to gray with different
//! weights of its colours each time, so that no colour always has the same shade.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{LabelledFace, LabelledPhoto};
use crate::vision::letterbox::FILL;
use crate::vision::warp::{bilinear, resize};
use crate::vision::{Affine, GrayError, GrayImage, Rect};

/// Options of the augmentation of photographs. Probabilities and shares are 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceAugmentConfig {
    /// Probability that a picture is a mosaic of four photographs.
    pub mosaic_probability: f32,
    /// Probability that a picture is a crowd: a grid of three to six photographs a side.
    pub crowd_probability: f32,
    /// Size of the smallest face drawn, as a share of the picture's side.
    pub smallest_face: f32,
    /// Size of the largest face drawn, as a share of the picture's side; sizes are drawn uniformly
    /// in their logarithm.
    pub largest_face: f32,
    /// Largest factor by which a photograph is enlarged; beyond it, details are only blur.
    pub largest_zoom: f32,
    /// Probability of a tilt by up to `tilt_degrees`; otherwise it is up to a quarter of it.
    pub tilt_probability: f32,
    /// Largest tilt in degrees, in either direction.
    pub tilt_degrees: f32,
    /// Probability that a photograph is turned by one, two or three quarters as well. A face that
    /// lies on its side or stands on its head is background: it is found by turning the picture.
    pub quarter_turn_probability: f32,
    /// Probability that brightness and contrast change.
    pub light_probability: f32,
    /// Probability that a picture is blurred.
    pub blur_probability: f32,
    /// Probability that noise is added.
    pub noise_probability: f32,
    /// Probability that a face is partly covered.
    pub cover_probability: f32,
    /// Probability that a photograph with faces is shown at a random place and size, like one
    /// without faces, instead of around one of its faces.
    pub background_probability: f32,
}

impl Default for FaceAugmentConfig {
    fn default() -> Self {
        Self {
            mosaic_probability: 0.4,
            crowd_probability: 0.0,
            smallest_face: 0.06,
            largest_face: 0.95,
            largest_zoom: 2.5,
            tilt_probability: 0.4,
            tilt_degrees: 40.0,
            quarter_turn_probability: 0.0,
            light_probability: 0.7,
            blur_probability: 0.25,
            noise_probability: 0.25,
            cover_probability: 0.25,
            background_probability: 0.0,
        }
    }
}

/// A training picture with its labelled faces.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Side of the picture in pixels.
    pub side: usize,
    /// Gray values from 0 to 255, `side × side`, in row-major order.
    pub values: Vec<f32>,
    /// Faces in the picture, in its pixels.
    pub faces: Vec<LabelledFace>,
}

/// Smallest longer side of a face that is learned, in pixels of the scene; smaller faces are
/// ignored.
pub(super) const SMALLEST_LEARNED: f32 = 7.0;
/// Smallest side of a turned face that is learned as background, in pixels of the scene; smaller ones
/// are ignored.
const SMALLEST_TURNED: f32 = 14.0;
/// Smallest visible share of a face that is learned; faces with less are ignored.
const LEAST_VISIBLE: f32 = 0.5;

impl FaceAugmentConfig {
    /// Draws a scene of `photo`; for a mosaic or a crowd, `draw_other` returns the other photographs.
    pub fn draw<'a>(
        &self,
        photo: &'a LabelledPhoto,
        draw_other: &mut dyn FnMut(&mut ChaCha8Rng) -> &'a LabelledPhoto,
        side: usize,
        rng: &mut ChaCha8Rng,
    ) -> Scene {
        let mut scene = Scene {
            side,
            values: vec![FILL; side * side],
            faces: vec![],
        };
        let kind = rng.random::<f32>();
        let parts = if kind < self.crowd_probability {
            let count = rng.random_range(3..=6);
            let edge = |at: usize| at * side / count;
            let part = |at: usize| {
                let (left, top) = (edge(at % count), edge(at / count));
                let (right, bottom) = (edge(at % count + 1), edge(at / count + 1));
                (left, top, right - left, bottom - top)
            };
            (0..count * count).map(part).collect()
        } else if kind < self.crowd_probability + self.mosaic_probability {
            let split = |rng: &mut ChaCha8Rng| (rng.random_range(0.3..0.7) * side as f32) as usize;
            let (x, y) = (split(rng), split(rng));
            vec![
                (0, 0, x, y),
                (x, 0, side - x, y),
                (0, y, x, side - y),
                (x, y, side - x, side - y),
            ]
        } else {
            vec![(0, 0, side, side)]
        };
        let own = rng.random_range(0..parts.len());
        for (index, part) in parts.into_iter().enumerate() {
            let part_photo = if index == own { photo } else { draw_other(rng) };
            self.paint(&mut scene, part_photo, part, rng);
        }
        self.cover(&mut scene, rng);
        self.light(&mut scene.values, side, rng);
        self.blur(&mut scene, rng);
        self.noise(&mut scene.values, rng);
        for value in &mut scene.values {
            *value = value.clamp(0.0, 255.0);
        }
        scene
    }

    /// Paints a part of `photo` into a part of the scene, `(left, top, width, height)`.
    fn paint(
        &self,
        scene: &mut Scene,
        photo: &LabelledPhoto,
        (left, top, width, height): (usize, usize, usize, usize),
        rng: &mut ChaCha8Rng,
    ) {
        let Ok(gray) = mix_colours(photo, rng) else {
            return;
        };
        let part = Rect::new(left as f32, top as f32, width as f32, height as f32);
        let shorter = part.width.min(part.height);
        let (photo_width, photo_height) = (photo.width as f32, photo.height as f32);
        let candidates: Vec<&LabelledFace> =
            photo.faces.iter().filter(|face| !face.ignore).collect();
        let anywhere = candidates.is_empty() || rng.random::<f32>() < self.background_probability;
        let (focus, zoom, extent) = if anywhere {
            let focus = (
                rng.random_range(0.0..=1.0) * photo_width,
                rng.random_range(0.0..=1.0) * photo_height,
            );
            let zoom = shorter / photo_width.max(photo_height) * log_uniform(0.6, 2.5, rng);
            (focus, zoom, 0.0)
        } else {
            let face = candidates[rng.random_range(0..candidates.len())];
            let face_side = face.rect.width.max(face.rect.height).max(1.0);
            let largest = (self.largest_face * shorter).min(self.largest_zoom * face_side);
            let smallest = (self.smallest_face * scene.side as f32).min(largest);
            let wanted = log_uniform(smallest, largest, rng);
            (face.rect.centre(), wanted / face_side, wanted)
        };
        let zoom = zoom.clamp(0.01, self.largest_zoom.max(0.01));
        let place = |from: f32, length: f32, rng: &mut ChaCha8Rng| {
            let margin = (0.4 * extent).min(length / 2.0);
            from + rng.random_range(margin..=length - margin)
        };
        let place = (
            place(part.x, part.width, rng),
            place(part.y, part.height, rng),
        );
        let turns = match rng.random::<f32>() < self.quarter_turn_probability {
            true => rng.random_range(1..4u8),
            false => 0,
        };
        let tilt = if turns == 0 && rng.random::<f32>() < self.tilt_probability {
            self.tilt_degrees
        } else {
            self.tilt_degrees / 4.0
        };
        let degrees = rng.random_range(-1.0f32..=1.0) * tilt + 90.0 * f32::from(turns);
        let radians = degrees.to_radians();
        let mirrored = rng.random::<bool>();

        // A photograph is reduced by area averaging first, because the warp below does not average.
        let (gray, shrunk_x, shrunk_y) = if zoom < 0.8 {
            let side = |length: f32| (length * zoom).round().max(1.0);
            let (width, height) = (side(photo_width), side(photo_height));
            let small = resize(gray.view(), width as u32, height as u32);
            (small, width / photo_width, height / photo_height)
        } else {
            (gray, 1.0, 1.0)
        };
        let to_scene = {
            let centred = Affine::shift(-focus.0, -focus.1);
            let flipped = if mirrored {
                centred.then(&Affine::flip(0.0))
            } else {
                centred
            };
            flipped
                .then(&Affine::scale(zoom))
                .then(&Affine::rotation(radians))
                .then(&Affine::shift(place.0, place.1))
        };
        let mut to_source = Affine::shift(-place.0, -place.1)
            .then(&Affine::rotation(-radians))
            .then(&Affine::scale(1.0 / zoom));
        if mirrored {
            to_source = to_source.then(&Affine::flip(0.0));
        }
        let to_source = to_source.then(&Affine::shift(focus.0, focus.1));
        // Outside the photograph: half of the pictures have a gray fill, as letterboxes do, half
        // repeat the edge pixels.
        let fill = rng.random::<bool>().then(|| match rng.random::<bool>() {
            true => FILL,
            false => rng.random_range(0.0..=255.0),
        });
        for y in top..top + height {
            for x in left..left + width {
                let (source_x, source_y) = to_source.apply(x as f32 + 0.5, y as f32 + 0.5);
                let inside = (0.0..photo_width).contains(&source_x)
                    && (0.0..photo_height).contains(&source_y);
                scene.values[y * scene.side + x] = match fill {
                    Some(fill) if !inside => fill,
                    _ => bilinear(gray.view(), source_x * shrunk_x, source_y * shrunk_y),
                };
            }
        }
        let placed = photo
            .faces
            .iter()
            .filter_map(|face| place_face(face, &to_scene, zoom, radians, mirrored, part));
        if turns == 0 {
            scene.faces.extend(placed);
            return;
        }
        // A few pixels do not tell which side of a face is up.
        scene.faces.extend(
            placed
                .filter(|face| face.ignore || face.rect.area() < SMALLEST_TURNED.powi(2))
                .map(|face| LabelledFace {
                    ignore: true,
                    ..face
                }),
        );
    }
}

/// Maps a face of the photograph into the scene; `None` if at most 2 % of it is visible.
fn place_face(
    face: &LabelledFace,
    to_scene: &Affine,
    zoom: f32,
    radians: f32,
    mirrored: bool,
    part: Rect,
) -> Option<LabelledFace> {
    let (x, y) = face.rect.centre();
    let (centre_x, centre_y) = to_scene.apply(x, y);
    // A face is an ellipse: this is the box of the rotated ellipse, not of the rotated box.
    let (across, down) = (face.rect.width * zoom, face.rect.height * zoom);
    let (sin, cos) = radians.sin_cos();
    let rect = Rect::from_centre(
        centre_x,
        centre_y,
        (across * cos).hypot(down * sin),
        (across * sin).hypot(down * cos),
    );
    let visible = rect.intersect(&part)?;
    let share = visible.area() / rect.area().max(1e-6);
    if share <= 0.02 {
        return None;
    }
    let centre_inside =
        (part.x..part.right()).contains(&centre_x) && (part.y..part.bottom()).contains(&centre_y);
    let landmarks = face.landmarks.map(|points| points.map(to_scene));
    Some(LabelledFace {
        ignore: face.ignore
            || !centre_inside
            || share < LEAST_VISIBLE
            || rect.width.max(rect.height) < SMALLEST_LEARNED,
        rect: if centre_inside { rect } else { visible },
        landmarks: landmarks.map(|points| match mirrored {
            true => points.renamed_for_mirror(),
            false => points,
        }),
    })
}

pub(super) fn log_uniform(from: f32, to: f32, rng: &mut ChaCha8Rng) -> f32 {
    from * (to / from).max(1.0).powf(rng.random::<f32>())
}

/// Converts the photograph to gray, half of the time with the weights of luma, half of the time
/// with random weights.
fn mix_colours(photo: &LabelledPhoto, rng: &mut ChaCha8Rng) -> Result<GrayImage, GrayError> {
    let mut weights = [0.299, 0.587, 0.114f32];
    if rng.random::<bool>() {
        let drawn: [f32; 3] = std::array::from_fn(|_| rng.random::<f32>() + 0.05);
        let sum: f32 = drawn.iter().sum();
        weights = drawn.map(|weight| weight / sum);
    }
    let weights = weights.map(|weight| (weight * 256.0).round() as u32);
    let (pixels, _) = photo.rgb.as_chunks::<3>();
    let gray = pixels
        .iter()
        .map(|[red, green, blue]| {
            let sum = weights[0] * u32::from(*red)
                + weights[1] * u32::from(*green)
                + weights[2] * u32::from(*blue);
            (sum >> 8).min(255) as u8
        })
        .collect();
    GrayImage::new(gray, photo.width, photo.height)
}
