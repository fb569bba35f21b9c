//! The layers that networks are built of.

pub mod conv_norm;
pub mod drop_path;
pub mod mbconv;
pub mod squeeze_excite;
