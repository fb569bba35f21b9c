//! Pixel → face: from a picture to the square gray crop that the network reads.
//!
//! Plain Rust on slices: no burn, no web-sys, no files, so that the browser, the command line and
//! the tests run the very same code. Two spaces are named in variables: `frame` (the picture, in
//! pixels, x to the right, y down) and `face` (the square crop).

pub mod crop;
pub mod frame;
pub mod rect;

pub use crop::FaceCrop;
pub use frame::{Frame, FrameError};
pub use rect::Rect;
