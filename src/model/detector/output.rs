//! What the detector says at each place of its maps, in channels, and in which units.
//!
//! | channels | meaning |
//! |---|---|
//! | 0 | logit of the score: how well the box here would overlap a face, 0 to 1 |
//! | 1, 2 | the box's centre less the place's, x and y, in strides |
//! | 3, 4 | natural logarithm of the box's width and height in strides |
//! | 5 … 14 | five points less the place, x and y each, in strides |
//!
//! A place is the middle of the square of input pixels that it stands for.

use crate::vision::Landmarks;

/// Input pixels from one place to the next, for each map.
pub const STRIDES: [usize; 3] = [8, 16, 32];
/// Numbers at each place.
pub const CHANNELS: usize = POINTS + 2 * Landmarks::COUNT;
/// The score's logit.
pub const SCORE: usize = 0;
/// The first of four numbers of the box.
pub const BOX: usize = 1;
/// The first number of the points.
pub const POINTS: usize = 5;
