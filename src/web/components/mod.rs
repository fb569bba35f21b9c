//! What the page is drawn with, one component a file. They read the session's signals and call its
//! methods; every decision is made there.

mod about_model;
mod about_scores;
mod album;
mod announcement;
mod app;
mod attention;
mod bars;
mod baseline;
mod boxes;
mod camera_bar;
mod consent;
mod controls;
mod details;
mod engine_badge;
mod face_card;
mod icon;
mod installed;
mod language_select;
mod light;
mod loading;
mod notice;
mod picture;
mod press;
mod privacy;
mod quality;
mod readings;
mod record;
mod sample;
mod stage;
mod video_bar;

pub use announcement::Announcement;
pub use app::App;
pub use consent::{ConsentDialog, ConsentWithdraw, ShareTick};
pub use controls::take_files;
pub use light::Light;
pub use loading::UntilReady;
pub use notice::NoticeBar;
pub use picture::Picture;
pub use press::Press;
pub use readings::Readings;
