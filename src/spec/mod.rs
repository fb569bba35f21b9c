//! What a network is: its description, its file, its input, its plan.
//!
//! No burn, no files, no browser. [`EmotionNetConfig`] names the three networks (`paper`, the seed
//! rebuilt to the parameter, `moue`, the slim one that ships, and `cnn`, the conventional one that
//! the seed compares with), [`input`] is the one normalization, [`weights`] and [`manifest`] read
//! what `quantize` wrote, and [`lower`] makes the plan that [`crate::engine`] computes.

pub mod architecture;
pub mod calibration;
pub mod cnn;
pub mod conv;
pub mod cost;
pub mod detector;
pub mod efficientnet;
pub mod heads;
pub mod input;
pub mod lower;
pub mod manifest;
pub mod style;
pub mod weights;

pub use self::architecture::{ArchitectureError, EmotionNetConfig};
pub use self::calibration::Calibration;
pub use self::input::InputSpec;
pub use self::manifest::Manifest;
