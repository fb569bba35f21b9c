//! A face as one frame shows it, and a cost of how unlike two of them are by their place alone.

use std::array;
use std::cmp::Ordering;

use crate::vision::{Landmarks, Rect};

/// Weight of the landmarks' distance, in sides of the box, against the part of the boxes that is
/// not shared. Where two faces pass each other their boxes coincide, and only the landmarks of
/// heads held differently keep them apart, so they count more.
const LANDMARK_WEIGHT: f32 = 2.0;

/// The highest cost at which two faces are the same. A box that moves aside by half its side costs
/// `1 - 1/3 + 2 · 1/2 = 1.67`: at 10 frames a second, a head that moves by five of its widths in
/// one second.
const HIGHEST_COST: f32 = 1.7;

/// In pixels; smaller boxes are compared as if they had this side, so that one without an area
/// divides nothing by 0.
const SMALLEST_SIDE: f32 = 1.0;

/// Coordinates farther out are pulled in, as [`Rect::new`] does.
const FARTHEST: f32 = 1e9;

/// Count of numbers of a box and its landmarks.
pub(super) const PLACE: usize = 4 + 2 * Landmarks::COUNT;

/// A face as one frame shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation<const N: usize> {
    /// The face's box, in pixels of the frame.
    pub rect: Rect,
    /// Its five points, in pixels of the frame.
    pub landmarks: Landmarks,
    /// Values to smooth along with it, such as a probability for each emotion.
    pub values: [f32; N],
    /// Whether it may be followed from here on. One that may not only goes on where a face was (Zhang
    /// et al. 2022, <https://arxiv.org/abs/2110.06864>).
    pub is_sure: bool,
}

impl<const N: usize> Observation<N> {
    /// Returns the same with finite coordinates; those of a landmark that are not become the box
    /// centre's.
    pub(super) fn sanitized(&self) -> Self {
        let rect = self.rect.sanitized();
        let (centre_x, centre_y) = rect.centre();
        let or = |value: f32, centre: f32| {
            let value = if value.is_finite() { value } else { centre };
            value.clamp(-FARTHEST, FARTHEST)
        };
        let points = self.landmarks.points;
        let points = points.map(|[x, y]| [or(x, centre_x), or(y, centre_y)]);
        Self {
            rect,
            landmarks: Landmarks { points },
            values: self.values,
            is_sure: self.is_sure,
        }
    }

    /// Returns left, top, width and height of the box, then the points.
    pub(super) fn place(&self) -> [f32; PLACE] {
        let sides = [self.rect.x, self.rect.y, self.rect.width, self.rect.height];
        let points = self.landmarks.points.as_flattened();
        array::from_fn(|index| match index {
            0..4 => sides[index],
            _ => points[index - 4],
        })
    }

    /// Orders by the left edge, then by every other number, so that only observations that cannot
    /// be told apart are equal.
    pub(super) fn cmp_from_left(&self, other: &Self) -> Ordering {
        let (own, others) = (self.place(), other.place());
        let own = own.iter().chain(&self.values);
        own.zip(others.iter().chain(&other.values))
            .map(|(a, b)| a.total_cmp(b))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Returns how unlike the places of two sanitized observations are, from 0: the part of the
    /// boxes that is not shared, and the landmarks' mean distance in sides of the box. `None` where
    /// that is too much for one face.
    pub(super) fn cost(&self, other: &Self) -> Option<f32> {
        let side = (self.rect.area().sqrt() + other.rect.area().sqrt()) / 2.0;
        let pairs = self.landmarks.points.iter().zip(&other.landmarks.points);
        let distances: f32 = pairs.map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).sum();
        let distance = distances / Landmarks::COUNT as f32 / side.max(SMALLEST_SIDE);
        let cost = 1.0 - self.rect.iou(&other.rect) + LANDMARK_WEIGHT * distance;
        (cost <= HIGHEST_COST).then_some(cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, width: f32) -> Observation<1> {
        Observation {
            rect: Rect::new(x, 0.0, width, 40.0),
            landmarks: Landmarks {
                points: [[x + 20.0, 20.0]; 5],
            },
            values: [0.0],
            is_sure: true,
        }
    }

    #[test]
    fn hand_computed_costs() {
        let face = at(0.0, 40.0);
        assert_eq!(face.cost(&face), Some(0.0));
        // Half of the box is shared, a third of the union; the points are half a side away.
        let cost = face.cost(&at(20.0, 40.0)).unwrap();
        assert!((cost - (2.0 / 3.0 + 1.0)).abs() < 1e-6, "{cost}");
        let mut nodding = face;
        nodding.landmarks.points = [[20.0, 24.0]; 5];
        let cost = face.cost(&nodding).unwrap();
        assert!((cost - 0.2).abs() < 1e-6, "{cost}");
        assert_eq!(face.cost(&at(40.0, 40.0)), None);
    }

    #[test]
    fn boxes_without_area_have_a_cost_that_is_a_number() {
        let flat = at(0.0, 0.0);
        assert_eq!(flat.cost(&flat), Some(1.0));
        assert_eq!(flat.cost(&at(1.0, 0.0)), None);
    }

    #[test]
    fn broken_coordinates_are_replaced() {
        let mut face = at(0.0, 40.0);
        face.landmarks.points[1] = [f32::NAN, f32::MAX];
        face.landmarks.points[2] = [5.0, f32::INFINITY];
        let points = face.sanitized().landmarks.points;
        assert_eq!(points[..3], [[20.0, 20.0], [20.0, 1e9], [5.0, 20.0]]);
    }
}
