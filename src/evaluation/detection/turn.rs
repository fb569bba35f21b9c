//! Rotates photographs and their labels, to measure a detector on tilted heads.

use crate::data::faces::{LabelledFace, LabelledPhoto};
use crate::vision::warp::{to_byte, warp_affine};
use crate::vision::{Affine, GrayError, GrayView, Rect};

/// Smallest share of a face inside the rotated photograph; faces with less are ignored.
const INSIDE: f32 = 0.8;

/// Rotates a photograph about its centre by an angle in degrees, clockwise. The result is a square
/// with the photograph's longer side, so that faces keep their size; edge pixels are repeated.
///
/// A face's new box is that of the rotated ellipse in its box. A face with less than 80 % inside
/// the square is ignored.
///
/// # Errors
/// A [`GrayError`] if the size of the photograph does not fit its pixels.
pub fn turned(photo: &LabelledPhoto, degrees: f32) -> Result<LabelledPhoto, GrayError> {
    let (width, height) = (photo.width as f32, photo.height as f32);
    let side = photo.width.max(photo.height);
    let (middle, shift) = (
        (width / 2.0, height / 2.0),
        ((side as f32 - width) / 2.0, (side as f32 - height) / 2.0),
    );
    let turn = |degrees: f32| Affine::rotation(degrees.to_radians()).about(middle.0, middle.1);
    let out_from_photo = turn(degrees).then(&Affine::shift(shift.0, shift.1));
    let photo_from_out = Affine::shift(-shift.0, -shift.1).then(&turn(-degrees));
    let mut rgb = vec![0; side as usize * side as usize * 3];
    for channel in 0..3 {
        let plane: Vec<u8> = photo.rgb.iter().skip(channel).step_by(3).copied().collect();
        let view = GrayView::new(&plane, photo.width, photo.height)?;
        let values = warp_affine(view, &photo_from_out, side as usize);
        let pixels = rgb.iter_mut().skip(channel).step_by(3);
        for (pixel, value) in pixels.zip(values) {
            *pixel = to_byte(value);
        }
    }
    let faces = photo.faces.iter();
    let faces = faces.filter_map(|face| turned_face(face, &out_from_photo, degrees, side));
    Ok(LabelledPhoto {
        file: photo.file.clone(),
        source: photo.source.clone(),
        width: side,
        height: side,
        rgb,
        faces: faces.collect(),
    })
}

fn turned_face(
    face: &LabelledFace,
    out_from_photo: &Affine,
    degrees: f32,
    side: u32,
) -> Option<LabelledFace> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (x, y) = face.rect.centre();
    let (x, y) = out_from_photo.apply(x, y);
    let Rect { width, height, .. } = face.rect;
    let wide = (width * cos).hypot(height * sin);
    let high = (width * sin).hypot(height * cos);
    let rect = Rect::from_centre(x, y, wide, high);
    let share = rect.clamp(side, side).area() / rect.area().max(f32::MIN_POSITIVE);
    (share > 0.0).then(|| LabelledFace {
        rect,
        landmarks: face.landmarks.map(|points| points.map(out_from_photo)),
        ignore: face.ignore || share < INSIDE,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::points_of;
    use super::*;

    fn photo() -> LabelledPhoto {
        // 40×20 pixels with a red column on the left.
        let pixel = |at: usize| if at % 40 < 4 { [200, 0, 0] } else { [0, 0, 90] };
        let rect = Rect::new(2.0, 6.0, 6.0, 8.0);
        LabelledPhoto {
            file: "a".into(),
            source: "s".into(),
            width: 40,
            height: 20,
            rgb: (0..40 * 20).flat_map(pixel).collect(),
            faces: vec![LabelledFace {
                rect,
                landmarks: Some(points_of(rect)),
                ignore: false,
            }],
        }
    }

    #[test]
    fn no_turn_changes_nothing_but_the_square() {
        let turned = turned(&photo(), 0.0).unwrap();
        assert_eq!((turned.width, turned.height), (40, 40));
        assert_eq!(turned.faces[0].rect, Rect::new(2.0, 16.0, 6.0, 8.0));
        assert_eq!(turned.rgb[20 * 40 * 3..][..3], [200, 0, 0]);
        assert_eq!(turned.rgb[(20 * 40 + 5) * 3..][..3], [0, 0, 90]);
    }

    #[test]
    fn a_quarter_clockwise_brings_the_left_to_the_top() {
        let turned = turned(&photo(), 90.0).unwrap();
        let [face] = turned.faces.as_slice() else {
            panic!("{turned:?}");
        };
        // The centre was 15 left of the middle; width and height are swapped.
        let (x, y) = face.rect.centre();
        assert!(
            (x - 20.0).abs() < 1e-4 && (y - 5.0).abs() < 1e-4,
            "{face:?}"
        );
        assert!((face.rect.width - 8.0).abs() < 1e-4, "{face:?}");
        assert!(!face.ignore);
        assert!(
            face.landmarks.unwrap().roll() > 1.5,
            "the eyes stand one above the other"
        );
        assert_eq!(turned.rgb[(2 * 40 + 20) * 3..][..3], [200, 0, 0]);
        assert_eq!(turned.rgb[(30 * 40 + 20) * 3..][..3], [0, 0, 90]);
    }

    #[test]
    fn a_face_that_leaves_the_square_is_ignored_or_gone() {
        let mut corner = photo();
        corner.height = 40;
        corner.rgb = vec![0; 40 * 40 * 3];
        corner.faces[0].rect = Rect::new(0.0, 0.0, 10.0, 10.0);
        let turned = turned(&corner, 45.0).unwrap();
        // The corner is 28 from the middle, so the face's centre is 1.2 outside after the rotation.
        assert!(turned.faces[0].ignore, "{turned:?}");
        corner.faces[0].rect = Rect::new(0.0, 0.0, 1.0, 1.0);
        assert_eq!(super::turned(&corner, 45.0).unwrap().faces, []);
        corner.rgb.pop();
        assert!(super::turned(&corner, 45.0).is_err());
    }
}
