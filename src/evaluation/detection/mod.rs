//! Evaluates face detectors, ours and others, by comparing their boxes with labels.
//!
//! | question | file |
//! |---|---|
//! | matching of boxes with faces | [`matching`] |
//! | size groups | [`sizes`] |
//! | errors of the five landmarks | [`points`] |
//! | recall against false boxes, over all thresholds | [`figures`] |
//! | results of a detector, run here or read from a file | [`results`] |
//! | rotated photographs, for tilted heads | [`turn`] |
//! | a picture of the largest mistakes | [`contact_sheet`] |
//! | comparison of detectors: JSON, table, document, plot | [`report`], [`text`] |
//!
//! **Protocol.** A box finds a face if their intersection over union is at least 0.5; of several,
//! the box with the highest score counts and the others are false. A box on an ignored region is
//! neither right nor false, and such a region is never missed. Detectors are compared at the
//! thresholds where each makes one false box in ten photographs. Coordinates are in pixels of the
//! photograph.

pub mod calibration;
pub mod contact_sheet;
pub mod figures;
pub mod matching;
pub mod points;
pub mod report;
pub mod results;
pub mod sizes;
pub mod text;
pub mod turn;

use crate::data::faces::{LabelledFace, LabelledPhoto, PhotoLabel};
use crate::vision::{Landmarks, Rect};

pub use self::figures::{DetectionMetrics, OperatingPoint, measure};
pub use self::matching::Protocol;

/// A face found by a detector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundFace {
    /// Bounding box in pixels of the photograph.
    pub rect: Rect,
    /// The detector's score; larger is more confident.
    pub score: f32,
    /// The five landmarks; `None` if the detector does not give them.
    pub landmarks: Option<Landmarks>,
}

/// The labels of a photograph, without its pixels.
#[derive(Clone, Copy, Debug)]
pub struct PhotoTruth<'a> {
    /// Labelled faces and ignored regions.
    pub faces: &'a [LabelledFace],
    /// Longer side of the photograph in pixels.
    pub longest_side: f32,
    /// Name of the collection that the photograph comes from.
    pub source: &'a str,
}

impl<'a> From<&'a LabelledPhoto> for PhotoTruth<'a> {
    fn from(photo: &'a LabelledPhoto) -> Self {
        Self {
            faces: &photo.faces,
            longest_side: photo.width.max(photo.height) as f32,
            source: &photo.source,
        }
    }
}

impl<'a> From<&'a PhotoLabel> for PhotoTruth<'a> {
    fn from(label: &'a PhotoLabel) -> Self {
        Self {
            faces: &label.faces,
            longest_side: label.width.max(label.height) as f32,
            source: &label.source,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns the landmarks of an upright face that fills `rect`.
    pub fn points_of(rect: Rect) -> Landmarks {
        let shares = [[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]];
        Landmarks {
            points: shares.map(|[x, y]| [rect.x + x * rect.width, rect.y + y * rect.height]),
        }
    }

    pub fn face(x: f32, side: f32) -> LabelledFace {
        let rect = Rect::new(x, 0.0, side, side);
        LabelledFace {
            rect,
            landmarks: Some(points_of(rect)),
            ignore: false,
        }
    }

    pub fn ignored(x: f32, side: f32) -> LabelledFace {
        LabelledFace {
            ignore: true,
            ..face(x, side)
        }
    }

    pub fn found(x: f32, side: f32, score: f32) -> FoundFace {
        FoundFace {
            rect: Rect::new(x, 0.0, side, side),
            score,
            landmarks: None,
        }
    }
}
