//! Pixel → face: from a picture to the square gray crop that the network reads.
//!
//! Plain Rust on slices: no burn, no web-sys, no files, so that the browser, the command line and
//! the tests run the very same code. Two spaces are named in variables: `frame` (the picture, in
//! pixels, x to the right, y down) and `face` (the square crop). Pixel `i` covers `[i, i + 1)`.

pub mod affine;
pub mod align;
pub mod crop;
pub mod decode;
pub mod detect;
pub mod frame;
pub mod gray;
pub mod landmarks;
pub mod letterbox;
pub mod quality;
pub mod rect;
pub mod tracking;
pub mod warp;

pub use affine::Affine;
pub use align::{FaceSquare, crop_face};
pub use crop::FaceCrop;
pub use decode::{DecodeError, DecodedImage, decode};
pub use detect::Detection;
pub use frame::{Frame, FrameError};
pub use gray::{GrayError, GrayImage, GrayView};
pub use landmarks::{Landmarks, Point};
pub use rect::Rect;
pub use warp::{resample, resize, warp_affine};
