//! moue reads facial expressions on the visitor's own device.

pub mod emotion;
pub mod model;
pub mod pipeline;
pub mod platform;
pub mod vision;

#[cfg(target_arch = "wasm32")]
pub mod web;

/// The page's plain-data half, which knows no browser: compiled everywhere, so that it is tested
/// everywhere.
#[cfg(not(target_arch = "wasm32"))]
pub mod web {
    pub mod advice;
    pub mod error_code;
    pub mod geometry;
    pub mod mailbox;
    pub mod protocol;
    pub mod state;
    pub mod verdict;
}

#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod data;
#[cfg(feature = "native")]
pub mod quantize;
#[cfg(feature = "native")]
pub mod training;
