//! One face over many frames: which box is whose ([`track`]), probabilities averaged over time
//! ([`smooth`]), and names that do not flicker ([`judgment`]).

pub mod judgment;
mod observation;
pub mod smooth;
pub mod track;
