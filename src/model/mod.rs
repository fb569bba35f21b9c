//! Tensor → probabilities: a backbone, a gate on its map, a classifier.
//!
//! burn only: no files, no web-sys, and nothing of training. [`EmotionNetConfig`] names the three
//! networks (`paper`, the seed rebuilt to the parameter, `moue`, the slim one that ships, and
//! `cnn`, the conventional one that the seed compares with), [`EmotionNet`] runs them, [`input`] is the only way in, [`weights`] and [`manifest`] read what
//! `quantize` wrote, and [`fold`] turns a trained network into the one that is shipped.

pub mod activation;
pub mod attention;
pub mod backbone;
pub mod cnn;
pub mod conv_norm;
pub mod cost;
pub mod detector;
pub mod drop_path;
pub mod efficientnet;
pub mod engine;
pub mod fold;
pub mod head;
pub mod input;
pub mod lower;
pub mod manifest;
pub mod mbconv;
pub mod network;
pub mod squeeze_excite;
pub mod weights;

pub use input::InputSpec;
pub use manifest::Manifest;
pub use network::{ArchitectureError, EmotionNet, EmotionNetConfig, EmotionOutput};
