//! The five points of a face that tell how it is turned.

use serde::{Deserialize, Serialize};

use std::f32::consts::FRAC_PI_2;

use super::affine::Affine;
use super::rect::Rect;

/// A point of a picture, in its pixels: `[x, y]`.
pub type Point = [f32; 2];

/// Five points of a face, left and right as the picture shows them: the image-left eye of a person
/// who faces the camera is their right eye.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Landmarks {
    /// Image-left eye, image-right eye, tip of the nose, image-left and image-right corner of the
    /// mouth.
    pub points: [Point; Landmarks::COUNT],
}

impl Landmarks {
    /// Number of points.
    pub const COUNT: usize = 5;
    /// For each place, the index of the point that takes it in a mirror image.
    const MIRRORED: [usize; Self::COUNT] = [1, 0, 2, 4, 3];

    /// Returns the landmarks where an upright face that looks at the camera has them in its box: the
    /// medians of 5,258 labelled faces.
    pub fn of_upright(rect: Rect) -> Self {
        let shares = [
            [0.27, 0.39],
            [0.73, 0.39],
            [0.5, 0.59],
            [0.3, 0.74],
            [0.7, 0.74],
        ];
        Self {
            points: shares.map(|[x, y]| [rect.x + x * rect.width, rect.y + y * rect.height]),
        }
    }

    /// Returns the eye on the left of the picture.
    pub fn left_eye(&self) -> Point {
        self.points[0]
    }

    /// Returns the eye on the right of the picture.
    pub fn right_eye(&self) -> Point {
        self.points[1]
    }

    /// Returns the point halfway between the corners of the mouth.
    pub fn mouth(&self) -> Point {
        middle(self.points[3], self.points[4])
    }

    /// Returns the point halfway between the eyes.
    pub fn between_eyes(&self) -> Point {
        middle(self.points[0], self.points[1])
    }

    /// Returns the angle of the line through the eyes to the horizontal, in radians, clockwise as
    /// seen in the picture; 0 where the eyes coincide.
    pub fn roll(&self) -> f32 {
        let ([left_x, left_y], [right_x, right_y]) = (self.left_eye(), self.right_eye());
        (right_y - left_y).atan2(right_x - left_x)
    }

    /// Returns the number of quarter turns, clockwise as seen in the picture, that bring an upright
    /// face nearest to this one: 0 to 3. It goes by the line from the eyes to the mouth, which a head
    /// turned aside keeps.
    pub fn quarter_turns(&self) -> u8 {
        let ([eyes_x, eyes_y], [mouth_x, mouth_y]) = (self.between_eyes(), self.mouth());
        let radians = (eyes_x - mouth_x).atan2(mouth_y - eyes_y);
        (radians / FRAC_PI_2).round().rem_euclid(4.0) as u8
    }

    /// Returns the points, each mapped by `map`.
    #[must_use]
    pub fn map(&self, map: &Affine) -> Self {
        Self {
            points: self.points.map(|[x, y]| map.apply(x, y).into()),
        }
    }

    /// Returns the points of a picture mirrored left to right, under their new names.
    #[must_use]
    pub fn renamed_for_mirror(&self) -> Self {
        Self {
            points: Self::MIRRORED.map(|index| self.points[index]),
        }
    }
}

fn middle(a: Point, b: Point) -> Point {
    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: Landmarks = Landmarks {
        points: [
            [10.0, 10.0],
            [30.0, 10.0],
            [20.0, 20.0],
            [14.0, 30.0],
            [26.0, 30.0],
        ],
    };

    #[test]
    fn an_upright_face_has_no_roll_and_a_turned_one_has() {
        assert_eq!(FACE.roll(), 0.0);
        let turned = FACE.map(&Affine::rotation(0.3));
        assert!((turned.roll() - 0.3).abs() < 1e-6);
        assert_eq!(FACE.between_eyes(), [20.0, 10.0]);
        assert_eq!(FACE.mouth(), [20.0, 30.0]);
    }

    #[test]
    fn the_nearest_quarter_turn_is_found() {
        for degrees in [0, 40, 50, 90, 130, 140, 180, 230, 270, 310, 320] {
            let turned = FACE.map(&Affine::rotation((degrees as f32).to_radians()));
            assert_eq!(
                i32::from(turned.quarter_turns()),
                (degrees + 45) / 90 % 4,
                "{degrees}"
            );
        }
        let nowhere = Landmarks {
            points: [[f32::NAN; 2]; 5],
        };
        assert_eq!(nowhere.quarter_turns(), 0);
    }

    #[test]
    fn a_mirrored_face_is_upright_again_under_its_new_names() {
        let mirrored = FACE.map(&Affine::flip(40.0));
        assert!(mirrored.roll().abs() > 3.0);
        assert_eq!(mirrored.renamed_for_mirror(), FACE);
    }
}
