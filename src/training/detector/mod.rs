//! How the face detector is trained: photographs → artifact.

pub mod config;
pub mod folder;
pub mod learner;
pub mod loss;
mod step;
