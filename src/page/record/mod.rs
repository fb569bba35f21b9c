//! A recording: what it keeps of each frame, what is said of it, and its files.
//!
//! [`history`] keeps rows, [`samples`] thins them for a chart, [`coverage`] counts how much of a
//! stream was read, [`summary`] says what was seen, [`chart`] draws lines, [`export`] writes CSV
//! and JSON with the columns of [`columns`], and [`clock`] writes seconds.

pub mod chart;
pub mod clock;
pub mod columns;
pub mod coverage;
pub mod export;
pub mod history;
pub mod samples;
pub mod summary;
