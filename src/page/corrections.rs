//! What a person changed about the faces that were found: boxes that are no face, and faces that were
//! missed.

use crate::pipeline::{Analysis, FaceReading};
use crate::vision::Rect;
use crate::vision::detect::SAME_FACE;

/// One change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Correction {
    /// A box that is no face, in pixels of the picture.
    Dismissed(Rect),
    /// The box around a face that was missed, in pixels of the picture.
    Added(Rect),
}

/// The changes of one picture or stream, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corrections(Vec<Correction>);

impl Corrections {
    /// Makes a change. A box that was added and is called no face is not added any more.
    pub fn make(&mut self, correction: Correction) {
        self.0.push(correction);
    }

    /// Takes the last change back, and returns it.
    pub fn undo(&mut self) -> Option<Correction> {
        self.0.pop()
    }

    /// Returns the last change.
    pub fn last(&self) -> Option<Correction> {
        self.0.last().copied()
    }

    /// Returns the boxes to read besides those of the detector.
    pub fn added(&self) -> Vec<Rect> {
        self.standing(|correction| matches!(correction, Correction::Added(_)))
    }

    /// Returns the boxes that are no face, unless one was added there later.
    pub fn dismissed(&self) -> Vec<Rect> {
        self.standing(|correction| matches!(correction, Correction::Dismissed(_)))
    }

    /// Returns the boxes of one kind of change, without those that the other kind took back.
    fn standing(&self, is_of_kind: impl Fn(&Correction) -> bool) -> Vec<Rect> {
        let mut boxes: Vec<Rect> = vec![];
        for correction in &self.0 {
            let (Correction::Added(rect) | Correction::Dismissed(rect)) = correction;
            match is_of_kind(correction) {
                true => boxes.push(*rect),
                false => boxes.retain(|it| it.iou(rect) <= SAME_FACE),
            }
        }
        boxes
    }

    /// Takes the faces that were dismissed out of a photo's reading, and returns them.
    pub fn take_dismissed(&self, analysis: &mut Analysis) -> Vec<FaceReading> {
        let dismissed = self.dismissed();
        let is_dismissed = |face: &mut FaceReading| {
            let mut places = dismissed.iter();
            places.any(|place| place.iou(&face.rect_in_frame) > SAME_FACE)
        };
        analysis.faces.extract_if(.., is_dismissed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Rect = Rect {
        x: 0.0,
        y: 0.0,
        width: 10.0,
        height: 10.0,
    };
    const RIGHT: Rect = Rect { x: 50.0, ..LEFT };

    #[test]
    fn the_later_of_two_changes_in_one_place_counts() {
        let mut corrections = Corrections::default();
        corrections.make(Correction::Dismissed(LEFT));
        corrections.make(Correction::Added(RIGHT));
        assert_eq!(corrections.dismissed(), [LEFT]);
        assert_eq!(corrections.added(), [RIGHT]);
        corrections.make(Correction::Added(LEFT));
        corrections.make(Correction::Dismissed(RIGHT));
        assert_eq!(corrections.dismissed(), [RIGHT]);
        assert_eq!(corrections.added(), [LEFT]);
        assert_eq!(corrections.undo(), Some(Correction::Dismissed(RIGHT)));
        assert_eq!(corrections.dismissed(), []);
        assert_eq!(corrections.added(), [RIGHT, LEFT]);
        assert_eq!(corrections.last(), Some(Correction::Added(LEFT)));
    }
}
