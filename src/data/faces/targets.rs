//! Assigns labelled faces to places of the detector's maps as training targets.
//!
//! A face is assigned to the map whose stride fits its size (near a boundary, to both), and there
//! to the places around its centre. Places in regions marked `ignore` have weight 0. The scheme is
//! anchor-free, as in FCOS (Tian et al. 2019, <https://arxiv.org/abs/1904.01355>).

use super::LabelledFace;
use crate::spec::detector::output::places;
use crate::vision::Landmarks;

/// Number of target values per place: [`WEIGHT`], [`FACE`], [`LANDMARKS`], four of [`BOX`], ten of
/// [`POINTS`].
pub const TARGETS: usize = POINTS + 2 * Landmarks::COUNT;
/// Index of the weight: 0 if the place is ignored, else 1.
pub const WEIGHT: usize = 0;
/// Index of the face target: 1 if a face is assigned to the place, else 0.
pub const FACE: usize = 1;
/// Index of the landmarks' weight: 1 if the face has landmarks, else 0.
pub const LANDMARKS: usize = 2;
/// First index of the box: its centre relative to the place (x, y), its width and height, in
/// strides.
pub const BOX: usize = 3;
/// First index of the five landmarks: x and y of each, relative to the place, in strides.
pub const POINTS: usize = 7;

/// Stride of each map with its range of face sizes (square root of the box's area) in pixels.
/// Neighbouring ranges overlap, so that a face between two sizes is assigned to both maps.
const SIDES: [(f32, f32, f32); 3] = [
    (8.0, 0.0, 40.0),
    (16.0, 30.0, 84.0),
    (32.0, 64.0, f32::INFINITY),
];

/// Returns the largest distance in strides between a place and the centre of a face assigned to it.
fn reach(side_in_strides: f32) -> f32 {
    (0.35 * side_in_strides).clamp(1.0, 1.5)
}

/// Returns the targets of each place of a picture of `width × height` pixels, [`TARGETS`] values
/// each, in the order of [`places`].
pub fn assign(faces: &[LabelledFace], width: usize, height: usize) -> Vec<f32> {
    let mut values = vec![];
    for (x, y, stride) in places(width, height) {
        let mut row = [0.0; TARGETS];
        row[WEIGHT] = 1.0;
        let nearest = faces
            .iter()
            .filter(|face| !face.ignore)
            .filter_map(|face| Some((distance(face, x, y, stride)?, face)))
            .min_by(|(a, _), (b, _)| a.total_cmp(b));
        if let Some((_, face)) = nearest {
            row[FACE] = 1.0;
            let (centre_x, centre_y) = face.rect.centre();
            row[BOX] = (centre_x - x) / stride;
            row[BOX + 1] = (centre_y - y) / stride;
            row[BOX + 2] = face.rect.width / stride;
            row[BOX + 3] = face.rect.height / stride;
            if let Some(landmarks) = &face.landmarks {
                row[LANDMARKS] = 1.0;
                for (target, point) in row[POINTS..].chunks_exact_mut(2).zip(landmarks.points) {
                    target[0] = (point[0] - x) / stride;
                    target[1] = (point[1] - y) / stride;
                }
            }
        } else if faces
            .iter()
            .any(|face| face.ignore && covers(face, x, y, stride))
        {
            row[WEIGHT] = 0.0;
        }
        values.extend(row);
    }
    values
}

/// Returns the distance between a place and the centre of the face, in sides of the face; `None` if
/// the face is not assigned to the place.
fn distance(face: &LabelledFace, x: f32, y: f32, stride: f32) -> Option<f32> {
    let side = (face.rect.width * face.rect.height).sqrt();
    let fits = SIDES
        .iter()
        .any(|(of, from, to)| *of == stride && (*from..*to).contains(&side));
    let (centre_x, centre_y) = face.rect.centre();
    let away = (centre_x - x).abs().max((centre_y - y).abs());
    (fits && away < reach(side / stride) * stride).then_some(away / side.max(1e-3))
}

/// Returns whether the place is in the region, or at most half a stride outside of it.
fn covers(face: &LabelledFace, x: f32, y: f32, stride: f32) -> bool {
    let margin = stride / 2.0;
    (face.rect.x - margin..=face.rect.right() + margin).contains(&x)
        && (face.rect.y - margin..=face.rect.bottom() + margin).contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::Rect;

    fn face(x: f32, y: f32, side: f32, ignore: bool) -> LabelledFace {
        LabelledFace {
            rect: Rect::from_centre(x, y, side, side),
            landmarks: Some(Landmarks {
                points: [[x, y + 1.0]; 5],
            }),
            ignore,
        }
    }

    fn rows(faces: &[LabelledFace]) -> Vec<((f32, f32, f32), Vec<f32>)> {
        let values = assign(faces, 128, 96);
        places(128, 96)
            .zip(values.chunks_exact(TARGETS).map(<[f32]>::to_vec))
            .collect()
    }

    #[test]
    fn a_face_belongs_to_the_places_around_its_centre_on_its_map() {
        let rows = rows(&[face(48.0, 32.0, 20.0, false)]);
        let own: Vec<_> = rows.iter().filter(|(_, row)| row[FACE] == 1.0).collect();
        let places: Vec<_> = own.iter().map(|(place, _)| *place).collect();
        assert_eq!(
            places,
            [
                (44.0, 28.0, 8.0),
                (52.0, 28.0, 8.0),
                (44.0, 36.0, 8.0),
                (52.0, 36.0, 8.0)
            ]
        );
        let row = &own[0].1;
        assert_eq!(row[BOX..BOX + 4], [0.5, 0.5, 2.5, 2.5]);
        assert_eq!(row[POINTS..POINTS + 2], [0.5, 0.625]);
        assert!(rows.iter().all(|(_, row)| row[WEIGHT] == 1.0));
    }

    #[test]
    fn a_face_between_two_sizes_belongs_to_both_maps() {
        let rows = rows(&[face(64.0, 48.0, 35.0, false)]);
        let mut strides: Vec<_> = rows
            .iter()
            .filter(|(_, row)| row[FACE] == 1.0)
            .map(|((_, _, stride), _)| *stride)
            .collect();
        strides.dedup();
        assert_eq!(strides, [8.0, 16.0]);
    }

    #[test]
    fn an_ignored_region_is_neither_face_nor_background() {
        let rows = rows(&[face(24.0, 24.0, 16.0, true), face(100.0, 60.0, 16.0, false)]);
        for ((x, y, stride), row) in &rows {
            let inside = (x - 24.0).abs().max((y - 24.0).abs()) <= 8.0 + stride / 2.0;
            assert_eq!(row[WEIGHT] == 0.0, inside, "{x} {y} {stride}");
            assert!(!inside || row[FACE] == 0.0);
        }
        assert!(rows.iter().any(|(_, row)| row[FACE] == 1.0));
    }

    #[test]
    fn of_two_faces_the_nearer_one_counts() {
        let rows = rows(&[face(40.0, 40.0, 24.0, false), face(56.0, 40.0, 24.0, false)]);
        for ((x, _, _), row) in rows.iter().filter(|(_, row)| row[FACE] == 1.0) {
            let expected: f32 = if *x < 48.0 { 40.0 } else { 56.0 };
            assert_eq!(row[BOX], (expected - x) / 8.0);
        }
    }
}
