//! One face: its box, bars, quality and attention.

pub mod attention;
pub mod bars;
pub mod baseline;
pub mod boxes;
pub mod card;
pub mod quality;
