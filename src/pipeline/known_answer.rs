//! Whether an engine gives the answer that it has to give.
//!
//! Drivers compute wrongly now and then without reporting an error, for example onnxruntime's issue
//! 29651 and wgpu's issue 8643, so a GPU is trusted after it has read one drawn face as the CPU does.

use super::{Analyzer, PipelineError};
use crate::vision::FaceCrop;

/// The largest difference of an output that rounding explains.
pub const TOLERANCE: f32 = 1e-3;

impl Analyzer {
    /// Reads the drawn face with both engines, and returns the largest difference between their
    /// outputs: logits of all heads, and the gate. Infinite where a number is not finite, or where
    /// one engine gives fewer.
    ///
    /// # Errors
    /// [`PipelineError`] if an engine fails.
    pub async fn difference(&mut self, other: &mut Self) -> Result<f32, PipelineError> {
        let crops = [drawn_face()];
        let found = outputs(self, &crops).await?;
        let expected = outputs(other, &crops).await?;
        if found.len() != expected.len() {
            return Ok(f32::INFINITY);
        }
        let difference = |(found, expected): (&f32, &f32)| {
            let difference = (found - expected).abs();
            if difference.is_finite() {
                difference
            } else {
                f32::INFINITY
            }
        };
        let pairs = found.iter().zip(&expected);
        Ok(pairs.map(difference).fold(0.0, f32::max))
    }
}

/// Returns all numbers that the network gives for some crops.
async fn outputs(analyzer: &mut Analyzer, crops: &[FaceCrop]) -> Result<Vec<f32>, PipelineError> {
    let answers = analyzer.run_network(crops).await?;
    let logits = answers.heads.iter().flat_map(|heads| {
        heads
            .label
            .into_iter()
            .chain(heads.reading.into_iter().flatten())
    });
    Ok(logits.chain(answers.gate).collect())
}

/// Draws an oval with eyes and a mouth before a slope of gray, so that every part of the network has
/// something to answer.
pub fn drawn_face() -> FaceCrop {
    let shade = |at: usize| {
        let (y, x) = (at / FaceCrop::SIDE, at % FaceCrop::SIDE);
        let (down, right) = (y.abs_diff(24), x.abs_diff(24));
        let is_eye = (17..20).contains(&y) && (7..12).contains(&right);
        let is_mouth = (33..36).contains(&y) && right < 9;
        match (is_eye || is_mouth, right * right * 2 + down * down < 500) {
            (true, _) => 40,
            (false, true) => 200 - down as u8,
            (false, false) => 60 + 2 * x as u8,
        }
    };
    FaceCrop::new(std::array::from_fn(shade))
}
