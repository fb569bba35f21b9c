//! The layers, in burn: what is trained, and what the engines of [`crate::engine`] are held to.
//!
//! [`crate::spec`] says what a network is made of; here each description learns to `init`, and the
//! modules to compute forwards and, for training, backwards. [`fold`] turns a trained network into
//! the one that is shipped, [`tensors`] brings weights in and out.

pub mod attention;
pub mod backbone;
pub mod cnn;
pub mod cost;
pub mod detector;
pub mod efficientnet;
pub mod emotion;
pub mod fold;
pub mod head;
mod input;
pub mod layers;
#[cfg(test)]
mod plans;
pub mod tensors;

pub use self::detector::FaceDetectorNet;
pub use self::emotion::{EmotionNet, EmotionOutput};
