//! A camera or a video: consent, its controls, the light that says it is on.

pub mod camera_bar;
pub mod consent;
pub mod light;
pub mod video_bar;
