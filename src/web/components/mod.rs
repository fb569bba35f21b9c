//! What the page is drawn with, one component a file. They read the session's signals and call its
//! methods; every decision is made there.

mod app;
mod bars;
mod consent;
mod controls;
mod engine_badge;
mod face_card;
mod installed;
mod language_select;
mod loading;
mod notice;
mod privacy;
mod readings;
mod stage;

pub use app::App;
