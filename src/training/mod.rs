//! Batch → artifact: the recipe, one step, the run, and what it saves.

pub mod ablation;
pub mod adamw;
pub mod artifact;
pub mod average;
pub mod checkpoints;
pub mod config;
pub mod detector;
pub mod error;
pub mod init;
pub mod learner;
mod optimizer;
pub mod progress;
pub mod schedule;
pub mod step;
