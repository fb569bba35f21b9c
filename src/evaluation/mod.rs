//! Evaluates trained networks: metrics, reports and calibration.
//!
//! | module | purpose |
//! |---|---|
//! | [`evaluate`], [`metrics`] | predictions of a network for a split, and metrics of them |
//! | [`reading`], [`groups`], [`robustness`] | further sets, groups of people, changed pictures |
//! | [`calibrate`] | temperature, prior and threshold of the probabilities shown |
//! | [`detection`] | evaluation and comparison of face detectors |
//! | [`report`], [`plots`], [`compare`] | reports, plots and tables of networks |
//! | [`recrop`] | faces of the data set cropped anew with the detector |

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
