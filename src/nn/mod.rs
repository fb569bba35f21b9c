//! The layers, in burn: what is trained, and what [`crate::engine`]'s engines are compared with.
//!
//! [`crate::spec`] describes what a network is made of; here each module is created from its
//! description with `new`, and computes forwards and, for training, backwards. [`fold`] turns a
//! trained network into the one that is shipped, [`tensors`] reads and sets weights.

pub mod attention;
pub mod backbone;
pub mod cnn;
pub mod detector;
pub mod efficientnet;
pub mod emotion;
pub mod fold;
pub mod head;
pub mod input;
pub mod layers;
#[cfg(test)]
mod plans;
pub mod tensors;

pub use self::detector::FaceDetectorNet;
pub use self::emotion::{EmotionNet, EmotionOutput};
