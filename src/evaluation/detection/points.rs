//! Errors of the five landmarks of found faces.

use serde::{Deserialize, Serialize};

use crate::data::faces::LabelledFace;
use crate::vision::Landmarks;

/// Distances of landmarks from their labels, as shares of the labelled box's width.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointErrors {
    /// Number of faces.
    pub faces: usize,
    /// Mean over the faces of the mean distance of their landmarks.
    pub mean: f64,
    /// Median over the faces of the mean distance of their landmarks.
    pub median: f64,
    /// Mean distance of each landmark, in the order of [`Landmarks`].
    pub per_point: [f64; Landmarks::COUNT],
}

/// Returns the distance of each landmark from its label, divided by the labelled box's width; `None`
/// where the landmarks were not labelled.
pub fn distances(label: &LabelledFace, found: &Landmarks) -> Option<[f64; Landmarks::COUNT]> {
    let labelled = label.landmarks?;
    let width = f64::from(label.rect.width.max(f32::MIN_POSITIVE));
    Some(std::array::from_fn(|index| {
        let ([x, y], [found_x, found_y]) = (labelled.points[index], found.points[index]);
        f64::from(x - found_x).hypot(f64::from(y - found_y)) / width
    }))
}

impl PointErrors {
    /// Computes the errors from the distances of each face; `None` if there are no faces.
    pub fn of(faces: &[[f64; Landmarks::COUNT]]) -> Option<Self> {
        let count = faces.len() as f64;
        let mut means: Vec<f64> = faces.iter().map(|face| mean(face)).collect();
        Some(Self {
            faces: faces.len(),
            median: median(&mut means)?,
            mean: mean(&means),
            per_point: std::array::from_fn(|index| {
                faces.iter().map(|face| face[index]).sum::<f64>() / count
            }),
        })
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Sorts `values` and returns their median; `None` if there are none.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    match values.len() % 2 {
        0 => Some((values[values.len() / 2 - 1] + upper) / 2.0),
        _ => Some(upper),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{face, points_of};
    use super::*;

    #[test]
    fn distances_are_shares_of_the_width() {
        let label = face(0.0, 40.0);
        let mut found = points_of(label.rect);
        assert_eq!(distances(&label, &found), Some([0.0; 5]));
        // 3 and 4 pixels off are a distance of 5, an eighth of 40.
        found.points[2][0] += 3.0;
        found.points[2][1] -= 4.0;
        let distances = distances(&label, &found).unwrap();
        assert!((distances[2] - 0.125).abs() < 1e-6, "{distances:?}");
        assert_eq!(distances[0], 0.0);
    }

    #[test]
    fn means_and_median_by_hand() {
        let faces = [[0.1; 5], [0.0, 0.0, 0.5, 0.0, 0.0], [0.6; 5]];
        let errors = PointErrors::of(&faces).unwrap();
        assert_eq!(errors.faces, 3);
        assert!((errors.mean - 0.8 / 3.0).abs() < 1e-12);
        assert!((errors.median - 0.1).abs() < 1e-12);
        assert!((errors.per_point[0] - 0.7 / 3.0).abs() < 1e-12);
        assert!((errors.per_point[2] - 0.4).abs() < 1e-12);
        assert_eq!(PointErrors::of(&[]), None);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
