//! Where pictures come from: the [`camera`], a [`capture`] of whatever plays, the files of a
//! dropped [`folder`]; and whether anybody sees the page ([`visibility`]).

pub mod camera;
pub mod capture;
pub mod folder;
pub mod visibility;
