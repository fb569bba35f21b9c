//! Batch → artifact: the recipe, one step, the run, and what it came to.

pub mod artifact;
pub mod checkpoints;
pub mod config;
pub mod evaluate;
pub mod learner;
pub mod lite0;
pub mod metrics;
pub mod plots;
pub mod progress;
pub mod report;
pub mod step;
