//! A package for learning platforms: one file with the element, a page around it, and what its author
//! set. The same code makes it in the terminal and in a browser, byte for byte.

mod h5p;
pub mod manifest;
pub mod package;
mod scripts;
pub mod settings;
