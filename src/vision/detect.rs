//! Where the faces are: the SeetaFace frontal detector of the crate `rustface`, behind a type that
//! another detector can take the place of.

use std::cmp::Ordering;

use rustface::{ImageData, Model};
use thiserror::Error;

use super::gray::GrayImage;
use super::rect::Rect;
use super::warp::resize;

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

/// Finds upright faces seen from the front. [`Send`], and without memory: equal pictures give equal
/// answers whatever came before.
pub struct FaceDetector {
    model: Model,
    smallest_face: f32,
}

/// The detector's window, in pixels; it sees no smaller face.
const WINDOW: f32 = 40.0;

impl FaceDetector {
    /// The smallest face searched for by default, as a fraction of the picture's longest side.
    pub const SMALLEST_FACE: f32 = 1.0 / 16.0;

    /// The detector for frontal faces, whose model (1.2 MB) is part of the program.
    ///
    /// # Errors
    /// [`DetectError::Model`] when the embedded model cannot be read.
    pub fn frontal() -> Result<Self, DetectError> {
        static MODEL: &[u8] =
            include_bytes!(concat!(env!("OUT_DIR"), "/seeta_fd_frontal_v1.0.bin"));
        let model = rustface::read_model(MODEL).map_err(DetectError::Model)?;
        Ok(Self {
            model,
            smallest_face: Self::SMALLEST_FACE,
        })
    }

    /// Searches for faces down to this fraction of the picture's longest side, 0.02 to 1. The time
    /// grows with the inverse square.
    #[must_use]
    pub fn with_smallest_face(mut self, fraction: f32) -> Self {
        let fraction = if fraction.is_nan() {
            Self::SMALLEST_FACE
        } else {
            fraction
        };
        self.smallest_face = fraction.clamp(0.02, 1.0);
        self
    }

    /// The faces of a picture, largest first. Any picture of at least one pixel will do.
    pub fn detect(&mut self, frame: &GrayImage) -> Vec<Detection> {
        let longest = frame.width().max(frame.height()) as f32;
        let scale = (WINDOW / self.smallest_face / longest).min(1.0);
        let side = |pixels: u32| ((pixels as f32 * scale).round() as u32).max(1);
        let (width, height) = (side(frame.width()), side(frame.height()));
        if (width.min(height) as f32) < WINDOW {
            return Vec::new();
        }
        let small = resize(frame.view(), width, height);
        let mut detector = rustface::create_detector_with_model(self.model.clone());
        detector.set_score_thresh(2.0);
        let faces = detector.detect(&ImageData::new(small.pixels(), width, height));
        let mut detections: Vec<Detection> = faces
            .iter()
            .map(|face| {
                let (bbox, score) = (face.bbox(), face.score() as f32);
                let rect = Rect::new(
                    bbox.x() as f32,
                    bbox.y() as f32,
                    bbox.width() as f32,
                    bbox.height() as f32,
                );
                Detection {
                    rect_in_frame: rect.scale(1.0 / scale),
                    score,
                }
            })
            .collect();
        detections.sort_by(larger_first);
        detections
    }
}

fn larger_first(a: &Detection, b: &Detection) -> Ordering {
    b.rect_in_frame
        .area()
        .total_cmp(&a.rect_in_frame.area())
        .then(b.score.total_cmp(&a.score))
}
