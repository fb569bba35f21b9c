//! Affine maps between pixel spaces, named `target_from_source`: `crop_from_input` takes a point of
//! the input to the crop.

/// An affine map of the plane, `(x, y) ↦ (xx·x + xy·y + x0, yx·x + yy·y + y0)`, in continuous
/// pixel coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Factor of x in the new x.
    pub xx: f32,
    /// Factor of y in the new x.
    pub xy: f32,
    /// Added to the new x.
    pub x0: f32,
    /// Factor of x in the new y.
    pub yx: f32,
    /// Factor of y in the new y.
    pub yy: f32,
    /// Added to the new y.
    pub y0: f32,
}

impl Affine {
    /// The map that changes nothing.
    pub const IDENTITY: Self = Self {
        xx: 1.0,
        xy: 0.0,
        x0: 0.0,
        yx: 0.0,
        yy: 1.0,
        y0: 0.0,
    };

    /// Multiplies both coordinates by `factor`. `Affine::scale(48.0 / 96.0)` as `source_from_out`
    /// is the upscale from 48 to 96.
    pub fn scale(factor: f32) -> Self {
        Self {
            xx: factor,
            yy: factor,
            ..Self::IDENTITY
        }
    }

    /// Adds `(x, y)`, in pixels.
    pub fn shift(x: f32, y: f32) -> Self {
        Self {
            x0: x,
            y0: y,
            ..Self::IDENTITY
        }
    }

    /// Turns by `radians`, clockwise on the screen (y points down), about the origin.
    pub fn rotation(radians: f32) -> Self {
        Self::turn(radians.sin_cos())
    }

    /// Turns by a number of quarters, clockwise on the screen, about the origin. Exact, unlike
    /// [`Self::rotation`].
    pub fn quarter_turns(count: u8) -> Self {
        Self::turn(match count % 4 {
            0 => (0.0, 1.0),
            1 => (1.0, 0.0),
            2 => (0.0, -1.0),
            _ => (-1.0, 0.0),
        })
    }

    /// The turn by an angle with this sine and cosine.
    fn turn((sin, cos): (f32, f32)) -> Self {
        Self {
            xx: cos,
            xy: -sin,
            x0: 0.0,
            yx: sin,
            yy: cos,
            y0: 0.0,
        }
    }

    /// Mirrors a picture of this width left to right.
    pub fn flip(width: f32) -> Self {
        Self {
            xx: -1.0,
            x0: width,
            ..Self::IDENTITY
        }
    }

    /// Returns the map that applies this map first, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        Self {
            xx: next.xx * self.xx + next.xy * self.yx,
            xy: next.xx * self.xy + next.xy * self.yy,
            x0: next.xx * self.x0 + next.xy * self.y0 + next.x0,
            yx: next.yx * self.xx + next.yy * self.yx,
            yy: next.yx * self.xy + next.yy * self.yy,
            y0: next.yx * self.x0 + next.yy * self.y0 + next.y0,
        }
    }

    /// Returns the same turn and zoom, about `(x, y)` instead of the origin.
    pub fn about(&self, x: f32, y: f32) -> Self {
        Self::shift(-x, -y).then(self).then(&Self::shift(x, y))
    }

    /// Returns the point that a point is mapped to.
    pub fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        (
            self.xx * x + self.xy * y + self.x0,
            self.yx * x + self.yy * y + self.y0,
        )
    }
}
