//! moue reads facial expressions on the visitor's own device.
//!
//! Three flows, one way each; the first two go through the same crop and the same normalization:
//!
//! ```text
//! live    pixel → frame → detect → crop → model::input → inference → Probabilities → smooth → screen
//! train   FER2013 with FER+'s votes, further sources → degrade, augment → batcher (the same model::input)
//!                     → training: two heads (model::heads) → artifact
//!                     artifact → report;  artifact → quantize → www/model → model::lower → inference
//! find    photographs → augment → targets → training → artifact → quantize → model::detector, inside the program
//! ```
//!
//! # Rooms
//!
//! | room | from → to | knows of |
//! |---|---|---|
//! | [`emotion`] | the vocabulary: seven expressions, a distribution over them | nothing |
//! | [`vision`] | pixel → face | slices only: no burn, no browser, no files |
//! | [`inference`] | plan → numbers: the engines, on the CPU and on WebGPU | slices and wgpu: no burn, no model |
//! | [`model`] | what a network is: description, weights, input, and their plan | the above: no burn, no browser, no files |
//! | [`pipeline`] | frame → faces with probabilities; every front calls this and only this | the above |
//! | [`platform`] | the few things that differ by platform, one signature each | |
//! | [`page`] | what the page says, keeps and sends, as plain data | `pipeline`, `model`, `vision` |
//! | `web` (wasm32) | the page and its worker | `page`, `pipeline` |
//! | `embed` (wasm32) | the same for other people's pages: an element, a headless reader | `page`, `web` |
//! | `kernels` (native) | what burn's layers compute while training, by hand on the CPU | `inference`, `model`, burn |
//! | `network` (native) | the layers in burn: what is trained, and what `inference` is held to | `model`, `kernels`, burn |
//! | `data` (native) | data set → batch | `vision`, `model`, `network` |
//! | `training` (native) | batch → artifact → report | `data`, `kernels`, `model` |
//! | `quantize` (native) | artifact → `www/model` | `training`, `model` |
//! | `cli` (native) | arguments → one library call each | all of the above |
//!
//! Platform is a target (`target_arch = "wasm32"`), capability is a feature (`native`); both
//! predicates stand here, in the binaries and in [`platform`], and nowhere else.
//! `tests/house` holds the code to this table.
//!
//! # What fails, and where it surfaces
//!
//! | what | error | who shows it |
//! |---|---|---|
//! | a file that is no picture | [`vision::DecodeError`] | the page in the picture's place, `moue predict` on its line |
//! | a model that is damaged or foreign | [`pipeline::LoadError`] | the page instead of "ready", every command at its start |
//! | an engine that fails | [`pipeline::PipelineError`] | the page, with the other engine as the remedy |
//! | a data set with a wrong line | `data::DataError` | `moue train`, with file and line |
//! | pretrained weights that do not fit | `training::init::InitError` | `moue train`, before the first step |
//! | a run that was stopped | `training::learner::TrainingError` | `moue train`; nothing before the last epoch is lost |
//!
//! Every error names its remedy, and has a `code` where a program may want to tell it from others.

pub mod emotion;
pub mod inference;
pub mod model;
pub mod page;
pub mod pipeline;
pub mod platform;
pub mod vision;

#[cfg(target_arch = "wasm32")]
pub mod embed;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod data;
#[cfg(feature = "native")]
pub mod kernels;
#[cfg(feature = "native")]
pub mod network;
#[cfg(feature = "native")]
pub mod quantize;
#[cfg(feature = "native")]
pub mod training;
