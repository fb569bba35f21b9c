//! moue reads facial expressions on the visitor's own device.

pub mod emotion;
pub mod model;
pub mod pipeline;
pub mod vision;

#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod data;
#[cfg(feature = "native")]
pub mod quantize;
#[cfg(feature = "native")]
pub mod training;
