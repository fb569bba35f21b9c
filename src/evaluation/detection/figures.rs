//! Recall against false boxes over all thresholds, and everything else at two of them.

use serde::{Deserialize, Serialize};

use super::matching::{BoxMatch, Protocol, match_photo};
use super::points::{PointErrors, distances};
use super::sizes::{HEADLINE, SIZE_GROUPS, SizeGroup, size_of};
use super::{FoundFace, Truth};
use crate::vision::Landmarks;

/// How many of the faces with some property were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// The property: a group of sizes, or a source.
    pub name: String,
    /// The faces found.
    pub found: usize,
    /// The faces there are, without ignored ones.
    pub faces: usize,
}

impl Recall {
    /// The share found, 0 to 1; `None` where there is no such face.
    pub fn share(&self) -> Option<f64> {
        (self.faces > 0).then(|| self.found as f64 / self.faces as f64)
    }
}

/// A detector at one threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// Boxes of at least this score count; `None` where no box does.
    pub threshold: Option<f32>,
    /// Boxes that find no face, in all photographs.
    pub false_boxes: usize,
    /// The same in a photograph, on average.
    pub false_per_image: f64,
    /// Of all faces.
    pub all: Recall,
    /// Of the faces of [`HEADLINE`] size.
    pub headline: Recall,
    /// By size, in the order of [`SIZE_GROUPS`].
    pub by_size: Vec<Recall>,
    /// By source, in the order of the alphabet.
    pub by_source: Vec<Recall>,
    /// How far the points of the faces found are off; `None` where the detector gives none.
    pub points: Option<PointErrors>,
    /// The same for faces of [`HEADLINE`] size.
    pub points_of_headline: Option<PointErrors>,
}

/// One threshold of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Boxes of at least this score count.
    pub threshold: f32,
    /// False boxes in a photograph, on average.
    pub false_per_image: f64,
    /// The share found of all faces.
    pub recall: f64,
    /// The share found of the faces of [`HEADLINE`] size.
    pub headline: f64,
}

/// All that is measured of a detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectionMetrics {
    /// Where it makes [`Protocol::false_per_image`] false boxes, or fewer if its weakest box comes
    /// first.
    pub at_budget: OperatingPoint,
    /// At the threshold that it is used with, where that is known.
    pub at_shipped: Option<OperatingPoint>,
    /// Every threshold that matters, from the surest box on; false boxes and recall never fall.
    pub curve: Vec<CurvePoint>,
}

/// A labelled face that counts.
struct Face<'a> {
    size: f32,
    source: &'a str,
    /// The score of the box that finds it.
    score: Option<f32>,
    distances: Option<[f64; Landmarks::COUNT]>,
}

/// A detector's boxes held against the labels.
struct Matched<'a> {
    images: usize,
    faces: Vec<Face<'a>>,
    /// The scores of the false boxes.
    false_scores: Vec<f32>,
}

/// Measures a detector: `found` has the boxes of each photograph of `truths`, at any threshold;
/// the lower, the farther the curve reaches. Boxes with a score that is no number are left out.
pub fn measure(
    truths: &[Truth<'_>],
    found: &[Vec<FoundFace>],
    shipped_threshold: Option<f32>,
    protocol: &Protocol,
) -> DetectionMetrics {
    let matched = Matched::new(truths, found, protocol);
    let curve = matched.curve();
    let within = |point: &&CurvePoint| {
        // False boxes come in whole ones: a tenth of ten photographs is one, whatever the rounding.
        point.false_per_image <= protocol.false_per_image + 1e-9
    };
    let budget = curve.iter().rfind(within).map(|point| point.threshold);
    DetectionMetrics {
        at_budget: matched.at(budget),
        at_shipped: shipped_threshold.map(|threshold| matched.at(Some(threshold))),
        curve: thinned(&curve),
    }
}

impl<'a> Matched<'a> {
    fn new(truths: &[Truth<'a>], found: &[Vec<FoundFace>], protocol: &Protocol) -> Self {
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

    fn add(&mut self, truth: &Truth<'a>, found: &[FoundFace], protocol: &Protocol) {
        let outcomes = match_photo(truth.faces, found, protocol);
        for (index, label) in truth.faces.iter().enumerate() {
            if label.ignore {
                continue;
            }
            let finder = outcomes
                .iter()
                .position(|one| *one == BoxMatch::Found(index));
            let finder = finder.map(|index| found[index]);
            self.faces.push(Face {
                size: size_of(label, truth.longest_side),
                source: truth.source,
                score: finder.map(|found| found.score),
                distances: finder
                    .and_then(|found| found.landmarks)
                    .map(|found| distances(label, &found)),
            });
        }
        let boxes = outcomes.iter().zip(found);
        let of_none = boxes.filter(|(outcome, _)| **outcome == BoxMatch::False);
        self.false_scores
            .extend(of_none.map(|(_, found)| found.score));
    }

    /// One point for each score that a face was found with or a false box has.
    fn curve(&self) -> Vec<CurvePoint> {
        let faces = self.faces.iter().filter_map(|face| {
            let is_headline = HEADLINE.contains(face.size);
            face.score.map(|score| (score, Some(is_headline)))
        });
        let of_none = self.false_scores.iter().map(|&score| (score, None));
        let mut boxes: Vec<(f32, Option<bool>)> = faces.chain(of_none).collect();
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
        let errors = |group: Option<&SizeGroup>| {
            let faces = self.faces.iter().filter(is_found);
            let faces = faces.filter(|face| group.is_none_or(|group| group.contains(face.size)));
            PointErrors::of(&faces.filter_map(|face| face.distances).collect::<Vec<_>>())
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
            headline: of_group(&HEADLINE),
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

/// Keeps the corners: the first and the last threshold, and the lowest one before each further
/// false box, as far as they are a hundredth apart.
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

    fn truth<'a>(faces: &'a [LabelledFace], source: &'a str) -> Truth<'a> {
        Truth {
            faces,
            longest_side: 100.0,
            source,
        }
    }

    /// Ten photographs with four faces, of 4, 30, 50 and 30 hundredths.
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
                // A face and a false box of one score come together.
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
