//! Sources of pictures: the [`camera`], a [`capture`] of a playing video, the files of a dropped
//! [`folder`], copies of a [`photo`]; and whether the page is visible ([`visibility`]).

pub mod camera;
pub mod capture;
pub mod folder;
pub mod photo;
pub mod visibility;
