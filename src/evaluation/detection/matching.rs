//! Matches found boxes with labelled faces.

use serde::{Deserialize, Serialize};

use super::FoundFace;
use crate::data::faces::LabelledFace;
use crate::vision::Rect;

/// Rules for matching boxes and for comparing detectors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Smallest intersection over union of a box with a face that it finds. 0.5 by default.
    pub same_face_iou: f32,
    /// Smallest intersection over union of a box with an ignored region at which the box is
    /// ignored. 0.3 by default.
    pub ignored_iou: f32,
    /// Smallest share of a box inside an ignored region at which it is ignored. 0.5 by default.
    pub ignored_share: f32,
    /// Mean number of false boxes per photograph at which detectors are compared. 0.1 by default.
    pub false_per_image: f64,
}

impl Default for Protocol {
    fn default() -> Self {
        Self {
            same_face_iou: 0.5,
            ignored_iou: 0.3,
            ignored_share: 0.5,
            false_per_image: 0.1,
        }
    }
}

/// Result of matching a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxMatch {
    /// The box finds the face with this index.
    Found(usize),
    /// There is no face, or a box with a higher score has found it.
    False,
    /// The box lies on an ignored region.
    Ignored,
}

/// Matches the boxes of a photograph; returns the results in the order of `found`.
///
/// Boxes are matched by decreasing score, each with the free face that it overlaps most. The result
/// of a box therefore does not depend on boxes of lower scores, and one matching is valid for every
/// threshold.
pub fn match_photo(
    faces: &[LabelledFace],
    found: &[FoundFace],
    protocol: &Protocol,
) -> Vec<BoxMatch> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].score.total_cmp(&found[a].score));
    let mut is_taken = vec![false; faces.len()];
    let mut matches = vec![BoxMatch::False; found.len()];
    for index in order {
        let rect = &found[index].rect;
        let free = faces.iter().enumerate().filter_map(|(face, label)| {
            let iou = label.rect.iou(rect);
            let fits = !label.ignore && !is_taken[face] && iou >= protocol.same_face_iou;
            fits.then_some((face, iou))
        });
        if let Some((face, _)) = free.max_by(|a, b| a.1.total_cmp(&b.1)) {
            is_taken[face] = true;
            matches[index] = BoxMatch::Found(face);
        } else if faces.iter().any(|face| is_ignored(face, rect, protocol)) {
            matches[index] = BoxMatch::Ignored;
        }
    }
    matches
}

fn is_ignored(face: &LabelledFace, rect: &Rect, protocol: &Protocol) -> bool {
    let shared = face
        .rect
        .intersect(rect)
        .map_or(0.0, |shared| shared.area());
    let lies_in = shared > 0.0 && shared >= protocol.ignored_share * rect.area();
    face.ignore && (lies_in || face.rect.iou(rect) >= protocol.ignored_iou)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{face, found, ignored};
    use super::BoxMatch::{False, Found, Ignored};
    use super::*;

    fn matches(faces: &[LabelledFace], boxes: &[FoundFace]) -> Vec<BoxMatch> {
        match_photo(faces, boxes, &Protocol::default())
    }

    #[test]
    fn half_an_overlap_is_a_face_and_less_is_not() {
        // Squares of side 30 that are 10 apart: intersection 600, union 1200.
        assert_eq!(
            matches(&[face(0.0, 30.0)], &[found(10.0, 30.0, 1.0)]),
            [Found(0)]
        );
        assert_eq!(
            matches(&[face(0.0, 30.0)], &[found(10.5, 30.0, 1.0)]),
            [False]
        );
    }

    #[test]
    fn the_surest_box_counts_and_its_double_is_false() {
        let boxes = [found(1.0, 30.0, 0.2), found(2.0, 30.0, 0.9)];
        assert_eq!(matches(&[face(0.0, 30.0)], &boxes), [False, Found(0)]);
    }

    #[test]
    fn a_box_takes_the_face_that_it_overlaps_most_of_those_left() {
        let faces = [face(0.0, 30.0), face(6.0, 30.0)];
        let boxes = [
            found(5.0, 30.0, 0.9),
            found(6.0, 30.0, 0.8),
            found(200.0, 30.0, 0.7),
        ];
        assert_eq!(matches(&faces, &boxes), [Found(1), Found(0), False]);
    }

    #[test]
    fn a_box_on_an_ignored_region_is_neither() {
        let faces = [ignored(0.0, 40.0)];
        let boxes = [
            // All of the box is inside the region.
            found(10.0, 10.0, 0.9),
            // The region is inside the box: 1600 of 4900 is 0.33.
            found(0.0, 70.0, 0.8),
            // 1600 of 6400 is 0.25, and only a quarter of the box is inside the region.
            found(0.0, 80.0, 0.7),
            found(40.0, 40.0, 0.6),
        ];
        assert_eq!(matches(&faces, &boxes), [Ignored, Ignored, False, False]);
    }

    #[test]
    fn a_face_goes_before_an_ignored_region() {
        let faces = [ignored(0.0, 60.0), face(0.0, 30.0)];
        let boxes = [found(0.0, 30.0, 0.9), found(0.0, 29.0, 0.8)];
        assert_eq!(matches(&faces, &boxes), [Found(1), Ignored]);
    }

    #[test]
    fn odd_boxes_find_nothing() {
        let boxes = [
            found(0.0, 0.0, f32::NAN),
            found(f32::NAN, f32::INFINITY, 1.0),
            found(1e30, -3.0, f32::NEG_INFINITY),
        ];
        let faces = [face(0.0, 30.0), ignored(0.0, 30.0)];
        let found = matches(&faces, &boxes);
        assert!(!found.iter().any(|found| matches!(found, Found(_))));
        assert_eq!(matches(&[], &boxes), [False; 3]);
        assert_eq!(matches(&faces, &[]), []);
    }
}
