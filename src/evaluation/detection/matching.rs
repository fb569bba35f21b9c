//! Which found box is which labelled face.

use serde::{Deserialize, Serialize};

use super::FoundFace;
use crate::data::faces::LabelledFace;
use crate::vision::Rect;

/// When a box counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// A box that overlaps a face by this much (intersection over union) finds it. 0.5 by default.
    pub same_face_iou: f32,
    /// A box that overlaps an ignored region by this much (intersection over union) is neither
    /// right nor false. 0.3 by default.
    pub ignored_iou: f32,
    /// So is one of which this share lies in an ignored region. 0.5 by default.
    pub ignored_share: f32,
    /// The false boxes in a photograph at which detectors are compared. 0.1 by default.
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

/// What a box turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxMatch {
    /// It finds the face with this index.
    Found(usize),
    /// There is no face, or a surer box has found it.
    False,
    /// It lies on a region that does not count.
    Ignored,
}

/// Tells what each box of a photograph is, in the order of `found`.
///
/// The surest box goes first and takes the face it overlaps most of those that are left. So the
/// boxes above any threshold get the outcomes that they would get without the others, and one
/// matching serves every threshold.
pub fn match_photo(
    faces: &[LabelledFace],
    found: &[FoundFace],
    protocol: &Protocol,
) -> Vec<BoxMatch> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].score.total_cmp(&found[a].score));
    let mut is_taken = vec![false; faces.len()];
    let mut outcomes = vec![BoxMatch::False; found.len()];
    for index in order {
        let rect = &found[index].rect;
        let free = faces.iter().enumerate().filter_map(|(face, label)| {
            let iou = label.rect.iou(rect);
            let fits = !label.ignore && !is_taken[face] && iou >= protocol.same_face_iou;
            fits.then_some((face, iou))
        });
        if let Some((face, _)) = free.max_by(|a, b| a.1.total_cmp(&b.1)) {
            is_taken[face] = true;
            outcomes[index] = BoxMatch::Found(face);
        } else if faces.iter().any(|face| is_ignored(face, rect, protocol)) {
            outcomes[index] = BoxMatch::Ignored;
        }
    }
    outcomes
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

    fn outcomes(faces: &[LabelledFace], boxes: &[FoundFace]) -> Vec<BoxMatch> {
        match_photo(faces, boxes, &Protocol::default())
    }

    #[test]
    fn half_an_overlap_is_a_face_and_less_is_not() {
        // Squares of 30 that are 10 apart share 600 of 1200.
        assert_eq!(
            outcomes(&[face(0.0, 30.0)], &[found(10.0, 30.0, 1.0)]),
            [Found(0)]
        );
        assert_eq!(
            outcomes(&[face(0.0, 30.0)], &[found(10.5, 30.0, 1.0)]),
            [False]
        );
    }

    #[test]
    fn the_surest_box_counts_and_its_double_is_false() {
        let boxes = [found(1.0, 30.0, 0.2), found(2.0, 30.0, 0.9)];
        assert_eq!(outcomes(&[face(0.0, 30.0)], &boxes), [False, Found(0)]);
    }

    #[test]
    fn a_box_takes_the_face_that_it_overlaps_most_of_those_left() {
        let faces = [face(0.0, 30.0), face(6.0, 30.0)];
        let boxes = [
            found(5.0, 30.0, 0.9),
            found(6.0, 30.0, 0.8),
            found(200.0, 30.0, 0.7),
        ];
        assert_eq!(outcomes(&faces, &boxes), [Found(1), Found(0), False]);
    }

    #[test]
    fn a_box_on_an_ignored_region_is_neither() {
        let faces = [ignored(0.0, 40.0)];
        let boxes = [
            // Inside of it: all of the box lies there, whatever the union.
            found(10.0, 10.0, 0.9),
            // Around it: 1600 of 4900 is 0.33.
            found(0.0, 70.0, 0.8),
            // 1600 of 6400 is 0.25, and only a quarter of the box lies there.
            found(0.0, 80.0, 0.7),
            found(40.0, 40.0, 0.6),
        ];
        assert_eq!(outcomes(&faces, &boxes), [Ignored, Ignored, False, False]);
    }

    #[test]
    fn a_face_goes_before_an_ignored_region() {
        let faces = [ignored(0.0, 60.0), face(0.0, 30.0)];
        let boxes = [found(0.0, 30.0, 0.9), found(0.0, 29.0, 0.8)];
        assert_eq!(outcomes(&faces, &boxes), [Found(1), Ignored]);
    }

    #[test]
    fn odd_boxes_find_nothing() {
        let boxes = [
            found(0.0, 0.0, f32::NAN),
            found(f32::NAN, f32::INFINITY, 1.0),
            found(1e30, -3.0, f32::NEG_INFINITY),
        ];
        let faces = [face(0.0, 30.0), ignored(0.0, 30.0)];
        let found = outcomes(&faces, &boxes);
        assert!(!found.iter().any(|found| matches!(found, Found(_))));
        assert_eq!(outcomes(&[], &boxes), [False; 3]);
        assert_eq!(outcomes(&faces, &[]), []);
    }
}
