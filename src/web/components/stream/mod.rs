//! A camera or a video: consent, its controls, the light that says it is on.

pub mod camera_bar;
pub mod camera_indicator;
pub mod consent;
pub mod video_bar;
