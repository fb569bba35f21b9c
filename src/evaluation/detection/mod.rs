//! How well a detector finds faces: boxes held against labels, for ours and for any other.
//!
//! | question | file |
//! |---|---|
//! | which box is which face, and which is none | [`matching`] |
//! | the groups of sizes | [`sizes`] |
//! | how far the five points are off | [`points`] |
//! | recall against false boxes, over all thresholds | [`figures`] |
//! | what a detector found, run here or read from a file | [`results`] |
//! | photographs with tilted heads | [`turn`] |
//! | the worst of it, to look at | [`contact_sheet`] |
//! | detectors side by side: JSON, table, document, picture | [`report`], [`text`] |
//!
//! **Protocol.** A box finds a face when they overlap by half (intersection over union 0.5); of
//! several, the surest box counts and the others are false. A box on a region that is marked to be
//! ignored is neither right nor false, and such a region is no miss. Detectors are compared where
//! each makes one false box in ten photographs, whatever its scores mean. Everything is in pixels
//! of the photograph.

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

/// A face that a detector found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundFace {
    /// Its box.
    pub rect: Rect,
    /// The detector's own score; larger is surer.
    pub score: f32,
    /// Its five points, where the detector gives them.
    pub landmarks: Option<Landmarks>,
}

/// What a photograph's label says of it, without the pixels.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'a> {
    /// The faces, and the regions to ignore.
    pub faces: &'a [LabelledFace],
    /// The photograph's longest side.
    pub longest_side: f32,
    /// The collection that it comes from.
    pub source: &'a str,
}

impl<'a> From<&'a LabelledPhoto> for Truth<'a> {
    fn from(photo: &'a LabelledPhoto) -> Self {
        Self {
            faces: &photo.faces,
            longest_side: photo.width.max(photo.height) as f32,
            source: &photo.source,
        }
    }
}

impl<'a> From<&'a PhotoLabel> for Truth<'a> {
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

    /// Points of an upright face that fills `rect`.
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
            landmarks: points_of(rect),
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
