//! Every integration test, in one binary: they link once.

// Clippy's leave for tests covers `#[test]` functions, not the helpers beside them.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod house;
