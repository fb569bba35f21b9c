//! A recording: its samples, its summary, its chart and its exported files.
//!
//! [`history`] stores the samples, [`samples`] merges old ones, [`coverage`] tracks which parts of
//! a stream were read, [`summary`] counts what was seen, [`chart`] computes lines, [`export`]
//! writes CSV and JSON with the columns of [`columns`], and [`clock`] formats seconds.

mod cell;
pub mod chart;
pub mod clock;
pub mod columns;
pub mod coverage;
pub mod export;
pub mod history;
pub mod samples;
pub mod summary;
