//! The layers, in burn: what is trained, and what the engines of [`crate::inference`] are held to.
//!
//! [`crate::model`] says what a network is made of; here each description learns to `init`, and the
//! modules to compute forwards and, for training, backwards. [`fold`] turns a trained network into
//! the one that is shipped, [`tensors`] brings weights in and out.

pub mod activation;
pub mod attention;
pub mod backbone;
pub mod cnn;
pub mod conv_norm;
pub mod cost;
pub mod detector;
pub mod drop_path;
pub mod efficientnet;
pub mod emotion;
pub mod fold;
pub mod head;
mod input;
pub mod mbconv;
#[cfg(test)]
mod plans;
pub mod squeeze_excite;
pub mod tensors;

pub use detector::FaceDetectorNet;
pub use emotion::{EmotionNet, EmotionOutput};
