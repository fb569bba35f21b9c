//! One face over many frames: matched from frame to frame ([`track`]), probabilities averaged over
//! time ([`smooth`]), and names that do not flicker ([`judgment`]).

pub mod judgment;
mod observation;
pub mod smooth;
pub mod track;
