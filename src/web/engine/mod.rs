//! The worker that reads pictures: the page's side and the worker's side.
//!
//! | on the page | in the worker |
//! |---|---|
//! | [`location`] where script and model are | [`worker`] reads one picture at a time |
//! | [`client`] one web worker | [`loading`] loads the model and starts its engines |
//! | [`shared`] the engines of this page and their users | [`loader`] fetches files, [`device`] whether there is WebGPU, [`gpu`] its engine |

pub mod client;
pub mod device;
pub mod gpu;
pub mod loader;
pub mod loading;
pub mod location;
pub mod shared;
pub mod worker;
