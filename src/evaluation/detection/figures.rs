//! Metrics of a detector: recall against false boxes at all thresholds, and details at two of them.

use serde::{Deserialize, Serialize};

use super::calibration::ScoreCalibration;
use super::matching::{BoxMatch, Protocol, match_photo};
use super::points::{PointErrors, distances};
use super::sizes::{HEADLINE, SIZE_GROUPS, SizeGroup, size_of};
use super::{FoundFace, PhotoTruth};
use crate::vision::Landmarks;

/// Recall of a group of faces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// Name of the group: a size group, or a source.
    pub name: String,
    /// Number of faces found.
    pub found: usize,
    /// Number of labelled faces, without ignored ones.
    pub faces: usize,
}

impl Recall {
    /// Returns the share of faces found, 0 to 1; `None` if the group has no faces.
    pub fn share(&self) -> Option<f64> {
        (self.faces > 0).then(|| self.found as f64 / self.faces as f64)
    }
}

/// Metrics of a detector at one threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// Smallest score of the boxes that count; `None` if no box counts.
    pub threshold: Option<f32>,
    /// Number of false boxes in all photographs.
    pub false_boxes: usize,
    /// Mean number of false boxes per photograph.
    pub false_per_image: f64,
    /// Recall of all faces.
    pub all: Recall,
    /// Recall of the faces of [`HEADLINE`] size.
    pub headline: Recall,
    /// Of the same faces, those that are found and whose landmarks stand nearest to the same quarter
    /// turn as the labelled ones, so that they are read as upright as they can be.
    pub right_way_up: Recall,
    /// Recall by size, in the order of [`SIZE_GROUPS`].
    pub by_size: Vec<Recall>,
    /// Recall by source, in alphabetical order.
    pub by_source: Vec<Recall>,
    /// Errors of the landmarks of the found faces; `None` if the detector gives no landmarks.
    pub points: Option<PointErrors>,
    /// Errors of the landmarks of the found faces of [`HEADLINE`] size.
    pub points_of_headline: Option<PointErrors>,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Smallest score of the boxes that count.
    pub threshold: f32,
    /// Mean number of false boxes per photograph.
    pub false_per_image: f64,
    /// Share of all faces that are found, 0 to 1.
    pub recall: f64,
    /// Share of the faces of [`HEADLINE`] size that are found, 0 to 1.
    pub headline: f64,
}

/// Metrics of a detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectionMetrics {
    /// Metrics at the lowest threshold with at most [`Protocol::false_per_image`] false boxes per
    /// photograph.
    pub at_budget: OperatingPoint,
    /// Metrics at the detector's own threshold; `None` if that is not known.
    pub at_shipped: Option<OperatingPoint>,
    /// How its scores become probabilities; `None` if all its boxes are faces, or none.
    pub calibration: Option<ScoreCalibration>,
    /// Points of the curve, by decreasing threshold; false boxes and recall never decrease.
    pub curve: Vec<CurvePoint>,
}

/// A labelled face that is not ignored.
struct Face<'a> {
    size: f32,
    source: &'a str,
    /// Score of the box that finds the face; `None` if it is missed.
    score: Option<f32>,
    distances: Option<[f64; Landmarks::COUNT]>,
    is_right_way_up: bool,
}

/// A detector's boxes, matched with the labels.
struct Matched<'a> {
    images: usize,
    faces: Vec<Face<'a>>,
    /// Scores of the false boxes.
    false_scores: Vec<f32>,
}

/// Measures a detector: `found` has the boxes of each photograph of `truths`, at any threshold; a
/// lower one gives a longer curve. Boxes whose score is not finite are left out.
pub fn measure(
    truths: &[PhotoTruth<'_>],
    found: &[Vec<FoundFace>],
    shipped_threshold: Option<f32>,
    protocol: &Protocol,
) -> DetectionMetrics {
    let matched = Matched::new(truths, found, protocol);
    let curve = matched.curve();
    let within = |point: &&CurvePoint| {
        // Tolerates rounding: 0.1 per photograph is exactly one false box in ten photographs.
        point.false_per_image <= protocol.false_per_image + 1e-9
    };
    let budget = curve.iter().rfind(within).map(|point| point.threshold);
    DetectionMetrics {
        at_budget: matched.at(budget),
        at_shipped: shipped_threshold.map(|threshold| matched.at(Some(threshold))),
        calibration: matched.calibration(),
        curve: thinned(&curve),
    }
}

impl<'a> Matched<'a> {
    fn new(truths: &[PhotoTruth<'a>], found: &[Vec<FoundFace>], protocol: &Protocol) -> Self {
        let mut matched = Self {
            images: truths.len(),
            faces: vec![],
            false_scores: vec![],
        };
        for (index, truth) in truths.iter().enumerate() {
            let boxes = found.get(index).map_or(&[][..], Vec::as_slice);
            let boxes: Vec<FoundFace> = boxes
                .iter()
                .copied()
                .filter(|found| found.score.is_finite())
                .collect();
            matched.add(truth, &boxes, protocol);
        }
        matched
    }

    fn add(&mut self, truth: &PhotoTruth<'a>, found: &[FoundFace], protocol: &Protocol) {
        let matches = match_photo(truth.faces, found, protocol);
        for (index, label) in truth.faces.iter().enumerate() {
            if label.ignore {
                continue;
            }
            let finder = matches
                .iter()
                .position(|one| *one == BoxMatch::Found(index));
            let finder = finder.map(|index| found[index]);
            let turns = |landmarks: Landmarks| landmarks.quarter_turns();
            let found_turns = finder.and_then(|found| found.landmarks).map(turns);
            self.faces.push(Face {
                size: size_of(label, truth.longest_side),
                source: truth.source,
                score: finder.map(|found| found.score),
                distances: finder
                    .and_then(|found| found.landmarks)
                    .and_then(|found| distances(label, &found)),
                is_right_way_up: found_turns.is_some() && found_turns == label.landmarks.map(turns),
            });
        }
        let boxes = matches.iter().zip(found);
        let false_boxes = boxes.filter(|(outcome, _)| **outcome == BoxMatch::False);
        self.false_scores
            .extend(false_boxes.map(|(_, found)| found.score));
    }

    /// Returns one point for each distinct score of a found face or a false box.
    fn curve(&self) -> Vec<CurvePoint> {
        let faces = self.faces.iter().filter_map(|face| {
            let is_headline = HEADLINE.contains(face.size);
            face.score.map(|score| (score, Some(is_headline)))
        });
        let false_boxes = self.false_scores.iter().map(|&score| (score, None));
        let mut boxes: Vec<(f32, Option<bool>)> = faces.chain(false_boxes).collect();
        boxes.sort_by(|a, b| b.0.total_cmp(&a.0));
        let headline_faces = self.faces_of(&HEADLINE).count();
        let (mut found, mut found_headline, mut false_boxes) = (0, 0, 0);
        let mut curve = vec![];
        for equal in boxes.chunk_by(|a, b| a.0 == b.0) {
            for (_, is_headline) in equal {
                match is_headline {
                    Some(is_headline) => {
                        found += 1;
                        found_headline += usize::from(*is_headline);
                    }
                    None => false_boxes += 1,
                }
            }
            curve.push(CurvePoint {
                threshold: equal[0].0,
                false_per_image: share(false_boxes, self.images),
                recall: share(found, self.faces.len()),
                headline: share(found_headline, headline_faces),
            });
        }
        curve
    }

    fn calibration(&self) -> Option<ScoreCalibration> {
        let faces = self
            .faces
            .iter()
            .filter_map(|face| Some((face.score?, true)));
        let false_boxes = self.false_scores.iter().map(|score| (*score, false));
        ScoreCalibration::fit(&faces.chain(false_boxes).collect::<Vec<_>>())
    }

    fn faces_of(&self, group: &SizeGroup) -> impl Iterator<Item = &Face<'a>> {
        self.faces.iter().filter(|face| group.contains(face.size))
    }

    fn at(&self, threshold: Option<f32>) -> OperatingPoint {
        let counts = |score: f32| threshold.is_some_and(|threshold| score >= threshold);
        let is_found = |face: &&Face<'_>| face.score.is_some_and(counts);
        let recall = |name: &str, faces: &[&Face<'_>]| Recall {
            name: name.to_owned(),
            found: faces.iter().copied().filter(is_found).count(),
            faces: faces.len(),
        };
        let of_group = |group: &SizeGroup| {
            let faces: Vec<_> = self.faces_of(group).collect();
            recall(group.name, &faces)
        };
        let headline = of_group(&HEADLINE);
        let errors = |group: Option<&SizeGroup>| {
            let faces = self.faces.iter().filter(is_found);
            let faces = faces.filter(|face| group.is_none_or(|group| group.contains(face.size)));
            PointErrors::of(&faces.filter_map(|face| face.distances).collect::<Vec<_>>())
        };
        let right_way_up = Recall {
            found: self
                .faces_of(&HEADLINE)
                .filter(|face| is_found(face) && face.is_right_way_up)
                .count(),
            ..headline.clone()
        };
        let mut sources: Vec<&str> = self.faces.iter().map(|face| face.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let by_source = sources.into_iter().map(|source| {
            let of_source = self.faces.iter().filter(|face| face.source == source);
            recall(source, &of_source.collect::<Vec<_>>())
        });
        let false_boxes = self.false_scores.iter().filter(|&&score| counts(score));
        let false_boxes = false_boxes.count();
        OperatingPoint {
            threshold,
            false_boxes,
            false_per_image: share(false_boxes, self.images),
            all: recall("all", &self.faces.iter().collect::<Vec<_>>()),
            headline,
            right_way_up,
            by_size: SIZE_GROUPS.iter().map(of_group).collect(),
            by_source: by_source.collect(),
            points: errors(None),
            points_of_headline: errors(Some(&HEADLINE)),
        }
    }
}

fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

/// Keeps the corners of the curve: the first and the last point, and the lowest threshold before
/// each further false box, if they are at least 1 % apart.
fn thinned(curve: &[CurvePoint]) -> Vec<CurvePoint> {
    let mut kept: Vec<CurvePoint> = vec![];
    for (index, point) in curve.iter().enumerate() {
        let next = curve.get(index + 1);
        let is_corner = next.is_none_or(|next| next.false_per_image > point.false_per_image);
        let is_apart = kept.last().is_none_or(|last| {
            next.is_none() || point.false_per_image > last.false_per_image * 1.01
        });
        if is_corner && is_apart || index == 0 {
            kept.push(*point);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::tests::{face, found, ignored, points_of};
    use super::*;
    use crate::data::faces::LabelledFace;

    fn truth<'a>(faces: &'a [LabelledFace], source: &'a str) -> PhotoTruth<'a> {
        PhotoTruth {
            faces,
            longest_side: 100.0,
            source,
        }
    }

    /// Measures ten photographs with four faces of sizes 0.04, 0.3, 0.5 and 0.3.
    fn measured(shipped: Option<f32>) -> DetectionMetrics {
        let first = [face(0.0, 4.0), face(50.0, 30.0), ignored(90.0, 8.0)];
        let second = [face(0.0, 50.0), face(60.0, 30.0)];
        let mut truths = vec![truth(&first, "b"), truth(&second, "a")];
        truths.extend((0..8).map(|_| truth(&[], "none")));
        let mut sure = found(50.0, 30.0, 0.9);
        let mut points = points_of(sure.rect);
        points.points[0][0] += 3.0; // a tenth of the width
        sure.landmarks = Some(points);
        let mut boxes = vec![
            vec![sure, found(90.0, 8.0, 0.95), found(0.0, 4.0, 0.4)],
            vec![found(0.0, 50.0, 0.7), found(20.0, 10.0, 0.8)],
        ];
        boxes.extend((0..8).map(|_| vec![]));
        boxes[5] = vec![found(0.0, 9.0, 0.4), found(0.0, 9.0, f32::NAN)];
        measure(&truths, &boxes, shipped, &Protocol::default())
    }

    #[test]
    fn the_curve_by_hand() {
        let point = |threshold, false_per_image, recall, headline| CurvePoint {
            threshold,
            false_per_image,
            recall,
            headline,
        };
        assert_eq!(
            measured(None).curve,
            [
                point(0.9, 0.0, 0.25, 1.0 / 3.0),
                point(0.7, 0.1, 0.5, 2.0 / 3.0),
                // A face and a false box have the same score.
                point(0.4, 0.2, 0.75, 2.0 / 3.0),
            ]
        );
    }

    #[test]
    fn the_budget_admits_one_false_box_in_ten_photographs() {
        let at = measured(None).at_budget;
        assert_eq!((at.threshold, at.false_boxes), (Some(0.7), 1));
        assert!((at.false_per_image - 0.1).abs() < 1e-12);
        assert_eq!((at.all.found, at.all.faces), (2, 4));
        assert_eq!((at.headline.found, at.headline.faces), (2, 3));
        let sizes: Vec<_> = at.by_size.iter().map(|r| (r.found, r.faces)).collect();
        assert_eq!(sizes, [(0, 1), (0, 0), (0, 0), (1, 2), (1, 1)]);
        assert_eq!(at.by_size[1].share(), None);
        let sources: Vec<_> = at
            .by_source
            .iter()
            .map(|r| (r.name.as_str(), r.found, r.faces))
            .collect();
        assert_eq!(sources, [("a", 1, 2), ("b", 1, 2)]);
        let points = at.points.unwrap();
        assert_eq!(points.faces, 1);
        assert!((points.per_point[0] - 0.1).abs() < 1e-6);
        assert!((points.mean - 0.02).abs() < 1e-6);
    }

    #[test]
    fn the_shipped_threshold_is_its_own_point() {
        let figures = measured(Some(0.4));
        let at = figures.at_shipped.unwrap();
        assert_eq!((at.false_boxes, at.all.found), (2, 3));
        assert_eq!(measured(Some(0.97)).at_shipped.unwrap().all.found, 0);
        assert_eq!(measured(None).at_shipped, None);
    }

    #[test]
    fn a_detector_that_finds_nothing_has_no_threshold() {
        let faces = [face(0.0, 30.0)];
        let nothing = measure(&[truth(&faces, "a")], &[], None, &Protocol::default());
        assert_eq!(nothing.curve, []);
        assert_eq!(nothing.at_budget.threshold, None);
        assert_eq!(nothing.at_budget.all.share(), Some(0.0));
        assert_eq!(nothing.at_budget.points, None);
        let no_photos = measure(&[], &[], Some(0.5), &Protocol::default());
        assert_eq!(no_photos.at_budget.all.share(), None);
        // One false box in its only photograph is more than a tenth.
        let false_alone = [vec![found(0.0, 9.0, 0.4)]];
        let figures = measure(&[truth(&[], "a")], &false_alone, None, &Protocol::default());
        assert_eq!(figures.at_budget.threshold, None);
    }
}
