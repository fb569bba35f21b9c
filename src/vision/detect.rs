//! Where the faces are: the SeetaFace frontal detector of the crate `rustface`, behind a type that
//! another detector can take the place of.

use std::cmp::Ordering;

use rustface::{ImageData, Model};
use thiserror::Error;

use super::gray::{GrayImage, GrayView};
use super::rect::Rect;
use super::warp::{resample, to_byte};

/// Why there is no detector.
#[derive(Debug, Error)]
pub enum DetectError {
    /// The embedded model is not one that the detector reads.
    #[error("the built-in face model cannot be read ({0}): this build is damaged, build it again")]
    Model(#[source] std::io::Error),
}

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face from brow to chin, square, in pixels of the picture; it may reach outside.
    pub rect_in_frame: Rect,
    /// The detector's score; larger is surer. No upper bound: it sums over merged windows.
    pub score: f32,
}

/// The detector's window, in pixels; it sees no smaller face.
const WINDOW: u32 = 40;
/// Below this a window is a face by accident more often than not.
const SCORE_THRESHOLD: f64 = 2.0;
/// The picture is continued by this fraction of its shorter side, because windows never leave the
/// picture, and a face close to the camera is cut by its edge.
const PADDING: f32 = 0.125;
/// Small pictures are enlarged at most this much: beyond it there is only blur to search.
const LARGEST_SCALE: f32 = 4.0;
/// Two boxes that overlap by more than this (intersection over union) are one face.
const SAME_FACE: f32 = 0.3;

/// Finds upright faces seen from the front. [`Send`], and without memory: equal pictures give equal
/// answers whatever came before.
pub struct FaceDetector {
    model: Model,
    smallest_face: f32,
}

impl FaceDetector {
    /// The smallest face searched for by default, as a fraction of the picture's longest side.
    pub const SMALLEST_FACE: f32 = 1.0 / 16.0;

    /// The detector for frontal faces, whose model (1.2 MB) is part of the program.
    ///
    /// # Errors
    /// [`DetectError::Model`] when the embedded model cannot be read.
    pub fn frontal() -> Result<Self, DetectError> {
        // Only here: a program that never calls this does not carry the model.
        let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/seeta_fd_frontal_v1.0.bin"));
        let model = rustface::read_model(bytes.as_slice()).map_err(DetectError::Model)?;
        Ok(Self {
            model,
            smallest_face: Self::SMALLEST_FACE,
        })
    }

    /// Searches for faces down to this fraction of the picture's longest side, 0.02 to 1. The
    /// picture is scaled so that such a face just fills the detector's window, so the time grows
    /// with the inverse square of the fraction and does not depend on the picture's resolution.
    pub fn set_smallest_face(&mut self, fraction: f32) {
        let fraction = if fraction.is_nan() {
            Self::SMALLEST_FACE
        } else {
            fraction
        };
        self.smallest_face = fraction.clamp(0.02, 1.0);
    }

    /// The faces of a picture, largest first, each once. Any picture of at least one pixel will
    /// do.
    pub fn detect(&mut self, frame: &GrayImage) -> Vec<Detection> {
        let Some(work) = Work::new(frame.view(), self.smallest_face) else {
            return Vec::new();
        };
        // The library's detector is not `Send`; one made for the occasion costs a copy of the
        // model, which is little beside the search.
        let mut detector = rustface::create_detector_with_model(self.model.clone());
        detector.set_score_thresh(SCORE_THRESHOLD);
        let found = detector.detect(&ImageData::new(&work.pixels, work.width, work.height));
        let detections = found.iter().map(|face| {
            let corner = |value: i32| value as f32;
            let side = |value: u32| value as f32;
            let bbox = face.bbox();
            let rect = Rect::new(
                corner(bbox.x()),
                corner(bbox.y()),
                side(bbox.width()),
                side(bbox.height()),
            );
            Detection {
                rect_in_frame: work.to_frame(rect),
                score: face.score() as f32,
            }
        });
        suppress(detections.collect())
    }
}

/// The picture as the detector searches it: scaled, and continued beyond its edges.
struct Work {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    /// Work pixels for a frame pixel.
    scale: f32,
    /// Frame pixels added on every side.
    padding: f32,
}

impl Work {
    /// `None` when the picture is too narrow to hold any face of the size searched for.
    fn new(frame: GrayView<'_>, smallest_face: f32) -> Option<Self> {
        let (frame_width, frame_height) = (frame.width() as f32, frame.height() as f32);
        let longest = frame_width.max(frame_height);
        let scale = (WINDOW as f32 / smallest_face / longest).min(LARGEST_SCALE);
        let padding = frame_width.min(frame_height) * PADDING;
        let side = |pixels: f32| ((pixels + 2.0 * padding) * scale).round() as u32;
        let (width, height) = (side(frame_width), side(frame_height));
        // The library subtracts the window from the sides without a check.
        if width.min(height) < WINDOW {
            return None;
        }
        // Whole work pixels of exactly `scale`: rounding the sides must not stretch the picture.
        let padded = Rect::new(
            -padding,
            -padding,
            width as f32 / scale,
            height as f32 / scale,
        );
        let values = resample(frame, padded, width as usize, height as usize);
        let pixels = values.into_iter().map(to_byte).collect();
        Some(Self {
            pixels,
            width,
            height,
            scale,
            padding,
        })
    }

    fn to_frame(&self, rect_in_work: Rect) -> Rect {
        rect_in_work
            .scale(1.0 / self.scale)
            .shift(-self.padding, -self.padding)
    }
}

/// Keeps the best of boxes that overlap, largest first.
fn suppress(mut detections: Vec<Detection>) -> Vec<Detection> {
    detections.retain(|detection| detection.rect_in_frame.area() > 0.0);
    detections.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Detection> = Vec::with_capacity(detections.len());
    for detection in detections {
        let known =
            |other: &Detection| other.rect_in_frame.iou(&detection.rect_in_frame) > SAME_FACE;
        if !kept.iter().any(known) {
            kept.push(detection);
        }
    }
    kept.sort_by(larger_first);
    kept
}

fn larger_first(a: &Detection, b: &Detection) -> Ordering {
    b.rect_in_frame
        .area()
        .total_cmp(&a.rect_in_frame.area())
        .then(b.score.total_cmp(&a.score))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn detection(x: f32, side: f32, score: f32) -> Detection {
        Detection {
            rect_in_frame: Rect::new(x, 0.0, side, side),
            score,
        }
    }

    #[test]
    fn the_detector_can_move_to_another_thread() {
        fn is_send<T: Send>() {}
        is_send::<FaceDetector>();
    }

    #[test]
    fn the_model_is_the_packages() {
        let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/seeta_fd_frontal_v1.0.bin"));
        assert_eq!(bytes.len(), 1_209_904);
        let digest: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            digest,
            "c4619d066ed35e84d9a8e842860b0dff567aba0cbb139881075538761db3ff5d"
        );
    }

    #[test]
    fn overlapping_boxes_are_one_face_and_the_largest_comes_first() {
        let kept = suppress(vec![
            detection(0.0, 10.0, 3.0),
            detection(1.0, 10.0, 9.0),
            detection(100.0, 30.0, 2.5),
            detection(200.0, 0.0, 99.0),
        ]);
        assert_eq!(
            kept,
            [detection(100.0, 30.0, 2.5), detection(1.0, 10.0, 9.0)]
        );
    }

    #[test]
    fn boxes_return_to_the_frame() {
        let frame = GrayImage::new(vec![0; 400 * 200], 400, 200).unwrap();
        // Faces of 1/16 of 400 pixels fill the window of 40: 1.6 work pixels a frame pixel.
        let work = Work::new(frame.view(), 1.0 / 16.0).unwrap();
        assert_eq!((work.scale, work.padding), (1.6, 25.0));
        assert_eq!((work.width, work.height), (720, 400));
        assert_eq!(
            work.to_frame(Rect::new(40.0, 80.0, 160.0, 16.0)),
            Rect::new(0.0, 25.0, 100.0, 10.0)
        );
    }

    /// The library computes the smallest scale of its pyramid in `f32` and then subtracts the
    /// window from the scaled side without a check.
    #[test]
    fn no_side_is_rounded_below_the_window() {
        for side in WINDOW..=4000 {
            let smallest = WINDOW as f32 / side as f32;
            let mut scale = 1.0f32;
            while scale >= smallest {
                assert!((side as f32 * scale) as u32 >= WINDOW, "{side} at {scale}");
                scale *= 0.8;
            }
        }
    }

    #[test]
    fn no_picture_panics() {
        let mut detector = FaceDetector::frontal().unwrap();
        detector.set_smallest_face(0.2);
        let mut state = 7u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        let odd = [
            (1, 1),
            (1, 2),
            (3, 2000),
            (2000, 3),
            (40, 40),
            (50, 50),
            (39, 41),
            (7, 300),
        ];
        let sizes = odd
            .into_iter()
            .chain((0..60).map(|i| (5 + i * 7 % 240, 5 + i * 11 % 190)));
        for (index, (width, height)) in sizes.enumerate() {
            let cell = 1 + random() % 24;
            let salt = random();
            let pixel = |x: u32, y: u32, noise: u32| match index % 4 {
                0 => noise as u8,
                1 => ((x / cell + y / cell) % 2 * 255) as u8,
                2 => (x.wrapping_mul(salt % 13) + y) as u8,
                _ => ((x / cell).wrapping_mul(2_654_435_761) ^ (y / cell).wrapping_mul(salt)) as u8,
            };
            let pixels = (0..width * height)
                .map(|at| pixel(at % width, at / width, random()))
                .collect();
            let frame = GrayImage::new(pixels, width, height).unwrap();
            for found in detector.detect(&frame) {
                assert!(found.score.is_finite() && found.rect_in_frame.area() > 0.0);
            }
        }
    }

    #[test]
    fn any_smallest_face_is_taken() {
        for (asked, used) in [(f32::NAN, 1.0 / 16.0), (-1.0, 0.02), (9.0, 1.0), (0.1, 0.1)] {
            let mut detector = FaceDetector::frontal().unwrap();
            detector.set_smallest_face(asked);
            assert_eq!(detector.smallest_face, used);
        }
    }
}
