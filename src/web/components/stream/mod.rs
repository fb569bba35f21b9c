//! The views of a camera or a video: consent, controls, and the indicator that the camera is on.

pub mod camera_bar;
pub mod camera_indicator;
pub mod consent;
pub mod video_bar;
