//! One face: its box, bars, quality and attention, and what the visitor changes about it.

pub mod attention;
pub mod bars;
pub mod baseline;
pub mod boxes;
pub mod card;
pub mod edit;
pub mod quality;
