//! What the page is made of besides the browser: messages, words, recordings, sizes.
//!
//! Plain data and plain functions, compiled and tested on every target. The fronts (`web`
//! and `embed`, wasm32 only) put them on a screen.
//!
//! | module | answers for |
//! |---|---|
//! | [`protocol`] | the messages between page and worker |
//! | [`engine_handle`] | whose picture is read next, and what happens when an engine stops |
//! | [`record`] | what a recording keeps, what is said of it, its chart and its files |
//! | [`words`] | every sentence, in every language |
//! | [`host`] | what an embedding page may ask for and what it is handed |
//! | [`state`] | what the page is in: loading, ready, failed |
//! | [`given`] | which of the files that a visitor hands over are pictures |
//! | [`geometry`], [`colours`], [`meter`], [`pace`] | boxes on the screen, a face's colour, frames a second, how often to read |
//! | [`installed`] | what the copy on this device is worth |

pub mod colours;
pub mod engine_handle;
pub mod geometry;
pub mod given;
pub mod host;
pub mod installed;
pub mod meter;
pub mod pace;
pub mod protocol;
pub mod record;
pub mod state;
pub mod words;
