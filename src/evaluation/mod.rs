//! Trained networks → figures: how right they are, on what, and how sure they may be.
//!
//! | module | answers for |
//! |---|---|
//! | [`evaluate`], [`metrics`] | a classifier's answers on a split, and what is counted of them |
//! | [`reading`], [`groups`], [`robustness`] | further sets, groups of people, spoiled pictures |
//! | [`calibrate`] | temperature, prior and threshold of the probabilities that are shown |
//! | [`detection`] | face detectors beside each other |
//! | [`report`], [`plots`], [`compare`] | what is written, drawn and put side by side |
//! | [`recrop`] | test faces cut anew by the detector |

pub mod calibrate;
pub mod compare;
pub mod detection;
pub mod evaluate;
pub mod groups;
pub mod metrics;
pub mod plots;
pub mod reading;
pub mod recrop;
pub mod report;
pub mod robustness;
