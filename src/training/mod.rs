//! Batch → artifact: the recipe, one step, the run, and what it came to.

pub mod ablation;
pub mod adamw;
pub mod artifact;
pub mod average;
pub mod checkpoints;
pub mod compare;
pub mod config;
pub mod detection;
pub mod detector;
pub mod evaluate;
pub mod groups;
pub mod init;
pub mod learner;
pub mod metrics;
pub mod plots;
pub mod progress;
pub mod reading;
pub mod report;
pub mod robustness;
pub mod schedule;
pub mod step;
