//! Information about the page: network, accuracy, engine, privacy, and the copy on this device.

pub mod details;
pub mod engine_badge;
pub mod installed;
pub mod model;
pub mod privacy;
pub mod scores;
