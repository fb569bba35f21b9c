//! The components of the page, one in each file. Most take the state that they show, and callbacks;
//! only [`App`], the stage and the controls hold the session, which makes all decisions.

mod about;
mod album;
mod announcement;
mod app;
mod controls;
mod face;
mod icon;
mod language_select;
mod loading;
mod notice;
mod picture;
mod readings;
mod record;
mod sample;
mod stage;
mod stream;
mod text_button;

pub use announcement::Announcement;
pub use app::App;
pub use controls::take_files;
pub use face::edit::EditBar;
pub use loading::UntilReady;
pub use notice::NoticeBar;
pub use picture::Picture;
pub use readings::Readings;
pub use stream::camera_indicator::CameraIndicator;
pub use stream::consent::{ConsentDialog, ConsentWithdraw, ShareTick};
pub use text_button::TextButton;
