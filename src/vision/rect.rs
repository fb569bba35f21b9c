//! A rectangle in the pixel space of whoever names it (`rect_in_frame`, `rect_in_face`).
//!
//! Coordinates are continuous: pixel `i` covers `[i, i + 1)`, so a whole picture is
//! `Rect::new(0, 0, width, height)` and neighbours share an edge. Every function accepts any
//! `f32`, NaN and infinities too, and returns numbers that a caller can draw.

use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle, in pixels. It may reach outside the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// The left edge; x grows to the right.
    pub x: f32,
    /// The top edge; y grows downwards.
    pub y: f32,
    /// The width, never negative.
    pub width: f32,
    /// The height, never negative.
    pub height: f32,
}

/// Coordinates beyond this are pulled in: far outside any picture, and small enough that sums,
/// products and areas of such numbers stay finite.
const FARTHEST: f32 = 1e9;

fn finite(value: f32) -> f32 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(-FARTHEST, FARTHEST)
    }
}

impl Rect {
    /// Creates a rectangle from its top left corner and its size. NaN becomes 0, a negative size
    /// becomes 0, and what is farther out than a billion pixels is pulled in.
    pub fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self {
            x: finite(x),
            y: finite(y),
            width: finite(width).max(0.0),
            height: finite(height).max(0.0),
        }
    }

    /// Creates a rectangle from its centre and its size.
    pub fn from_centre(centre_x: f32, centre_y: f32, width: f32, height: f32) -> Self {
        let (width, height) = (finite(width).max(0.0), finite(height).max(0.0));
        Self::new(
            finite(centre_x) - width / 2.0,
            finite(centre_y) - height / 2.0,
            width,
            height,
        )
    }

    /// Returns the same rectangle with every number finite and no negative size; what arrives from
    /// another program goes through here before anything is computed with it.
    pub fn sanitized(self) -> Self {
        Self::new(self.x, self.y, self.width, self.height)
    }

    /// Returns the right edge.
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// Returns the bottom edge.
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// Returns the centre, `(x, y)`.
    pub fn centre(&self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Returns the area in square pixels; 0 for a rectangle without width or height.
    pub fn area(&self) -> f32 {
        let rect = self.sanitized();
        rect.width * rect.height
    }

    /// Returns the smallest square around this rectangle with the same centre.
    pub fn square(&self) -> Self {
        let rect = self.sanitized();
        let side = rect.width.max(rect.height);
        let (centre_x, centre_y) = rect.centre();
        Self::from_centre(centre_x, centre_y, side, side)
    }

    /// Returns the rectangle with both sides times `factor`, about its centre.
    pub fn expand(&self, factor: f32) -> Self {
        let rect = self.sanitized();
        let factor = finite(factor).max(0.0);
        let (centre_x, centre_y) = rect.centre();
        Self::from_centre(
            centre_x,
            centre_y,
            rect.width * factor,
            rect.height * factor,
        )
    }

    /// Multiplies all four numbers by `factor`, for a picture that many times larger.
    pub fn scale(&self, factor: f32) -> Self {
        Self::new(
            self.x * factor,
            self.y * factor,
            self.width * factor,
            self.height * factor,
        )
    }

    /// Returns the rectangle moved by `(x, y)`.
    pub fn shift(&self, x: f32, y: f32) -> Self {
        Self::new(
            self.x + finite(x),
            self.y + finite(y),
            self.width,
            self.height,
        )
    }

    /// Returns the part inside a picture of this many pixels. Where all of it is outside, returns a
    /// rectangle without area on the nearest edge.
    pub fn clamp(&self, width: u32, height: u32) -> Self {
        let rect = self.sanitized();
        let (width, height) = (finite(width as f32), finite(height as f32));
        let left = rect.x.clamp(0.0, width);
        let top = rect.y.clamp(0.0, height);
        Self::new(
            left,
            top,
            rect.right().clamp(0.0, width) - left,
            rect.bottom().clamp(0.0, height) - top,
        )
    }

    /// Returns the area that two rectangles share, `None` if they share none.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let (a, b) = (self.sanitized(), other.sanitized());
        let left = a.x.max(b.x);
        let top = a.y.max(b.y);
        let width = a.right().min(b.right()) - left;
        let height = a.bottom().min(b.bottom()) - top;
        (width > 0.0 && height > 0.0).then(|| Self::new(left, top, width, height))
    }

    /// Returns intersection over union, 0 (apart) to 1 (equal). Rectangles without area give 0.
    pub fn iou(&self, other: &Self) -> f32 {
        let Some(shared) = self.intersect(other) else {
            return 0.0;
        };
        let union = self.area() + other.area() - shared.area();
        if union > 0.0 {
            (shared.area() / union).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_computed_geometry() {
        let rect = Rect::new(10.0, 20.0, 30.0, 40.0);
        assert_eq!(rect.centre(), (25.0, 40.0));
        assert_eq!(
            (rect.right(), rect.bottom(), rect.area()),
            (40.0, 60.0, 1200.0)
        );
        assert_eq!(rect.square(), Rect::new(5.0, 20.0, 40.0, 40.0));
        assert_eq!(rect.expand(2.0), Rect::new(-5.0, 0.0, 60.0, 80.0));
        assert_eq!(rect.scale(0.5), Rect::new(5.0, 10.0, 15.0, 20.0));
        assert_eq!(rect.shift(-1.0, 2.0), Rect::new(9.0, 22.0, 30.0, 40.0));
        assert_eq!(Rect::from_centre(25.0, 40.0, 30.0, 40.0), rect);
    }

    #[test]
    fn clamp_keeps_what_is_inside() {
        let rect = Rect::new(-5.0, 90.0, 20.0, 20.0);
        assert_eq!(rect.clamp(100, 100), Rect::new(0.0, 90.0, 15.0, 10.0));
        let outside = Rect::new(200.0, -50.0, 20.0, 20.0).clamp(100, 100);
        assert_eq!(outside, Rect::new(100.0, 0.0, 0.0, 0.0));
    }

    #[test]
    fn iou_of_known_pairs() {
        let a = Rect::new(0.0, 0.0, 2.0, 2.0);
        assert_eq!(a.iou(&a), 1.0);
        // They share 1 of 4 + 4 - 1.
        assert_eq!(a.iou(&Rect::new(1.0, 1.0, 2.0, 2.0)), 1.0 / 7.0);
        // Neighbours share an edge and no area.
        assert_eq!(a.iou(&Rect::new(2.0, 0.0, 2.0, 2.0)), 0.0);
        assert_eq!(a.intersect(&Rect::new(2.0, 0.0, 2.0, 2.0)), None);
        assert_eq!(
            a.intersect(&Rect::new(1.0, -1.0, 9.0, 2.0)),
            Some(Rect::new(1.0, 0.0, 1.0, 1.0))
        );
    }

    #[test]
    fn no_input_gives_a_broken_number() {
        let numbers = [
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            f32::MIN,
            -1.0,
            0.0,
            7.0,
        ];
        let ok = |rect: Rect| {
            let edges = [
                rect.x,
                rect.y,
                rect.width,
                rect.height,
                rect.right(),
                rect.bottom(),
            ];
            assert!(edges.iter().all(|edge| edge.is_finite()), "{rect:?}");
            assert!(rect.width >= 0.0 && rect.height >= 0.0, "{rect:?}");
        };
        for x in numbers {
            for width in numbers {
                // Built without `new`, as a deserializer does.
                let rect = Rect {
                    x,
                    y: width,
                    width,
                    height: x,
                };
                ok(rect.square());
                ok(rect.expand(width));
                ok(rect.scale(x));
                ok(rect.shift(x, width));
                ok(rect.clamp(u32::MAX, 3));
                let iou = rect.iou(&Rect::new(0.0, 0.0, 5.0, 5.0));
                assert!((0.0..=1.0).contains(&iou), "{rect:?} {iou}");
                let own = rect.iou(&rect);
                assert!((0.0..=1.0).contains(&own), "{rect:?} {own}");
            }
        }
    }
}
