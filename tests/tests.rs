//! Every integration test, in one binary: they link once.

// Clippy's leave for tests covers `#[test]` functions, not the helpers beside them.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

/// The command line as a real process.
mod cli;
/// Networks side by side.
mod compare;
/// Detectors side by side.
mod detector;
/// The faces that were drawn, under the detector.
mod drawn;
/// The backbone against torchvision.
mod golden;
/// The architecture: who may name whom.
mod house;
/// What the limits of `vision::quality` take their numbers from.
mod limits;
/// What `moue predict` reads, and how it answers.
mod predict;
/// The model in www/model.
mod shipped;
/// Whole training runs.
mod train_detector;
mod training;
/// The page's words.
mod words;
