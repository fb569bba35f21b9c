//! moue reads facial expressions on the visitor's own device.
//!
//! Three flows, one way each; the first two go through the same crop and the same normalization:
//!
//! ```text
//! live    pixel → frame → detect → crop → spec::input → engine → Probabilities → smooth → screen
//! train   FER2013 with FER+'s votes, further sources → degrade, augment → batch (the same spec::input)
//!                     → training: two heads (spec::heads) → artifact
//!                     artifact → evaluation;  artifact → quantize → www/model → spec::lower → engine
//! find    photographs → augment → targets → training → artifact → quantize → spec::detector, inside the program
//! ```
//!
//! # Rooms
//!
//! A room names only itself and the rooms in its third column; `tests/house` reads this table and
//! holds the code to it. The tests inside a room are held to it too.
//!
//! | room | from → to | knows of | does without |
//! |---|---|---|---|
//! | [`emotion`] | the vocabulary: seven expressions, a distribution over them | nothing | burn, image, files |
//! | [`platform`] | the few things that differ by platform, one signature each | nothing | |
//! | [`vision`] | pixel → face, on slices | `emotion` | burn, files |
//! | [`engine`] | plan → numbers: the plan, the CPU engine, and the race of two engines | `platform` | burn, files |
//! | `gpu` (feature) | plan → numbers, by WGSL kernels on burn-wgpu | `engine` | files |
//! | [`spec`] | what a network is: architecture, weights, input, and their plan | `emotion`, `vision`, `engine` | burn, files |
//! | [`pipeline`] | frame → faces with probabilities; every front calls this and only this | `emotion`, `platform`, `vision`, `engine`, `spec` | burn, files |
//! | [`page`] | what the page says, keeps and sends, as plain data | `emotion`, `vision`, `spec`, `pipeline` | burn, files |
//! | `web` (wasm32) | the page and its worker | `emotion`, `platform`, `vision`, `engine`, `spec`, `pipeline`, `page` | burn, files |
//! | `embed` (wasm32) | the same for other people's pages: an element, a headless reader | `pipeline`, `page`, `web` | burn, files |
//! | `kernels` (native) | what burn's layers compute while training, by hand on the CPU | `platform`, `engine`, `spec` | files |
//! | `nn` (native) | the layers in burn: what is trained, and what `engine` is compared with | `vision`, `engine`, `spec`, `kernels` | files |
//! | `data` (native) | data set → batch | `emotion`, `vision`, `spec`, `pipeline`, `nn` | |
//! | `training` (native) | batch → artifact | `emotion`, `platform`, `vision`, `spec`, `kernels`, `nn`, `data` | |
//! | `evaluation` (native) | artifact → metrics, reports, calibration | `emotion`, `platform`, `vision`, `spec`, `engine`, `pipeline`, `nn`, `data`, `training` | |
//! | `quantize` (native) | artifact → `www/model` | `emotion`, `platform`, `spec`, `pipeline`, `nn`, `data`, `training`, `evaluation` | |
//! | `scorm` (packager) | the built page and its author's settings → a package for learning platforms | `page` | burn, files |
//! | `onnx` (native) | plan → ONNX file | `engine` | burn |
//! | `cli` (native) | arguments → one library call each | everything | |
//!
//! Outside `web`, `embed` and [`platform`] nothing names the browser (`web_sys`, `js_sys`,
//! `wasm_bindgen`, `leptos`, `gloo`), and only `training`, `data` and `cli` name burn's training
//! (`burn::train`, `burn::optim`, `burn::data`).
//!
//! Platform is a target (`target_arch = "wasm32"`), capability is a feature (`native`, `gpu`); both
//! predicates stand here, in the binaries and in [`platform`], and nowhere else.
//!
//! # Words
//!
//! One meaning a word, here and in the code; no two public types share a name.
//!
//! | word | means |
//! |---|---|
//! | candidate | a box as the detector predicts it at one anchor point, before weighted NMS |
//! | crop | a face as it is cut out of a picture, square, gray |
//! | map | a feature map: `[channels, height, width]` of one image |
//! | plan, program | the operations of a forward pass; what an engine compiled of them |
//! | head | a last layer of the network: *label* answers FER2013's label, *reading* what people see |
//! | votes | what FER+'s ten raters said of a face |
//! | data source | one of the labelled sets that are learned from; it has a bias of its own |
//! | reading | the answer about a picture: its faces, each with probabilities |
//! | outcome | what is stated about a face: an expression, unsure, or not judged |
//! | track | a face that is followed through the frames of a stream, by its number |
//! | baseline | a person's neutral face, which further readings of their track are compared with |
//! | handle, turn | one user's access to a shared engine; its right to have one picture read |
//! | race, challenger | the faster of two engines computes; the second one until it is trusted |
//! | fall back | to go on with the CPU's engine alone after a worker crashed |
//! | recording, segment | what a stream showed; a part of it without a gap |
//!
//! # What fails, and where it surfaces
//!
//! | what | error | who shows it |
//! |---|---|---|
//! | a file that is no picture | [`vision::DecodeError`] | the page in the picture's place, `moue predict` on its line |
//! | a model that is damaged or foreign | [`pipeline::LoadError`] | the page instead of "ready", every command at its start |
//! | WebGPU beside the CPU | [`engine::EngineError`] | nobody: [`engine::race`] lets the CPU compute, and the page's badge says why |
//! | an engine that fails | [`pipeline::PipelineError`] | the page, with the other engine as the remedy |
//! | a data set with a wrong line | `data::DataError` | `moue train`, with file and line |
//! | pretrained weights that do not fit | `training::init::InitError` | `moue train`, before the first step |
//! | a run that was stopped | `training::error::TrainingError` | `moue train`; nothing before the last epoch is lost |
//!
//! Every error names its remedy, and has a `code` where a program may want to tell it from others.

pub mod emotion;
pub mod engine;
pub mod page;
pub mod pipeline;
pub mod platform;
pub mod spec;
pub mod vision;

#[cfg(target_arch = "wasm32")]
pub mod embed;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(feature = "gpu")]
pub mod gpu;

#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod data;
#[cfg(feature = "native")]
pub mod evaluation;
#[cfg(feature = "native")]
pub mod kernels;
#[cfg(feature = "native")]
pub mod nn;
#[cfg(feature = "native")]
pub mod onnx;
#[cfg(feature = "native")]
pub mod quantize;
#[cfg(feature = "packager")]
pub mod scorm;
#[cfg(feature = "native")]
pub mod training;
