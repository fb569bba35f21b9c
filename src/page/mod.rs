//! The parts of the page that do not depend on the browser: messages, words, recordings, sizes.
//!
//! Plain data and plain functions, compiled and tested on every target. The front ends (`web`
//! and `embed`, wasm32 only) display them.
//!
//! | module | answers for |
//! |---|---|
//! | [`protocol`] | the messages between page and worker |
//! | [`engine_handle`] | whose picture is read next, and what happens when an engine stops |
//! | [`record`] | the data of a recording, its summary, its chart and its exported files |
//! | [`words`] | every sentence, in every language |
//! | [`host`] | the options of an embedding page and the data it receives |
//! | [`state`] | the page's state: loading, ready, failed |
//! | [`corrections`] | what a person changed about the faces that were found |
//! | [`file_choice`] | which of the files that a visitor hands over are read |
//! | [`geometry`], [`colours`], [`meter`], [`rate`] | boxes on the screen, a face's colour, live figures, rates and mean durations |
//! | [`installed`] | whether the page works offline from a copy on this device |

pub mod colours;
pub mod corrections;
pub mod engine_handle;
pub mod file_choice;
pub mod geometry;
pub mod host;
pub mod installed;
pub mod meter;
pub mod protocol;
pub mod rate;
pub mod record;
pub mod state;
pub mod words;
