//! A rectangle in the pixel space of whoever names it (`rect_in_frame`, `rect_in_face`).

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
