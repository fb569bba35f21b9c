//! Trains the face detector: photographs → artifact.

pub mod config;
pub mod folder;
pub mod learner;
pub mod loss;
mod step;
