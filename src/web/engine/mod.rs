//! The worker that reads pictures, from both sides.
//!
//! | on the page | in the worker |
//! |---|---|
//! | [`place`] where its script lies | [`worker`] reads one picture at a time |
//! | [`client`] the handle on one worker | [`loading`] from address to warm engine |
//! | [`shared`] the workers that run, and who shares them | [`loader`] fetches files, [`device`] WebGPU or CPU |

pub mod client;
pub mod device;
pub mod loader;
pub mod loading;
pub mod place;
pub mod shared;
pub mod worker;
