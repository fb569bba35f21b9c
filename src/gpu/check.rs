//! Runs a program kernel by kernel beside [`mod@reference`], to name the first that computes wrongly:
//! some drivers do so without an error.

use super::kernel::Kernel;
use super::program::GpuProgram;
use super::schedule::{Dispatch, Output};
use crate::engine::EngineError;
use crate::engine::plan::{Operation, Plan};
use crate::engine::reference::{self, Image};

/// The largest difference of a kernel's number from its definition, relative to one more than its
/// size, that rounding explains.
const TOLERANCE: f64 = 1e-3;

/// A kernel that does not compute what it is defined to.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "kernel {kernel} computes wrongly in dispatch {dispatch}: {found} where {expected} is right"
)]
pub struct WrongKernel {
    /// Name of the kernel: that of its WGSL source, and of its twin in [`mod@reference`].
    pub kernel: &'static str,
    /// Index of the dispatch in a forward pass.
    pub dispatch: usize,
    /// The number that differs most.
    pub found: f64,
    /// The same number by definition.
    pub expected: f64,
}

impl GpuProgram {
    /// Runs a forward pass of one image dispatch by dispatch, and compares each with its definition
    /// on what the dispatches before it gave. Returns the number of dispatches, and the first that
    /// is wrong. Takes seconds.
    ///
    /// # Errors
    /// As [`GpuProgram::run`].
    pub async fn check_kernels(
        &mut self,
        input: &[f32],
        height: usize,
        width: usize,
    ) -> Result<(usize, Option<WrongKernel>), EngineError> {
        let plan = self.plan.clone();
        self.check_against(&plan, input, height, width).await
    }

    /// As [`GpuProgram::check_kernels`], with the definitions of `plan`, which has the same steps.
    pub(super) async fn check_against(
        &mut self,
        plan: &Plan,
        input: &[f32],
        height: usize,
        width: usize,
    ) -> Result<(usize, Option<WrongKernel>), EngineError> {
        self.check_length(input, 1, height, width)?;
        let session = self.session(1, height, width).await?;
        let sizes = plan.sizes(height, width);
        let mut maps: Vec<Vec<f64>> = vec![input.iter().map(|&value| f64::from(value)).collect()];
        // What the first of a spatial gate's two kernels gave.
        let mut summary = vec![];
        let mut wrong = None;
        for (index, dispatch) in session.dispatches().iter().enumerate() {
            let step = &plan.steps()[dispatch.step];
            let image = |id: usize| Image {
                values: &maps[id],
                size: sizes[id],
                channels: plan.channels()[id],
            };
            let (channels, expected) = match (dispatch.kernel, &step.operation) {
                (Kernel::Summarize { .. }, _) => (2, reference::summarize(image(step.input))),
                (Kernel::SpatialGate, Operation::SpatialGate(gate)) => {
                    let summary = Image {
                        values: &summary,
                        channels: 2,
                        ..image(step.input)
                    };
                    (1, reference::spatial_gate(gate, summary))
                }
                _ => {
                    let map = |id: usize| maps[id].as_slice();
                    let expected = reference::step(plan, dispatch.step, &sizes, &map);
                    (plan.channels()[step.output], expected)
                }
            };
            let output = Output {
                slot: dispatch.output,
                pixels: expected.len() / channels,
                channels,
            };
            let run = (index, (index == 0).then_some(input));
            let found = session.run_dispatch(&self.gpu, &self.weights, run, output);
            let found: Vec<f64> = found.await?.into_iter().map(f64::from).collect();
            wrong = wrong.or_else(|| compare(index, dispatch, &found, &expected));
            match dispatch.kernel {
                Kernel::Summarize { .. } => summary = found,
                _ => maps.push(found),
            }
        }
        let dispatches = session.dispatches().len();
        self.keep([1, height, width], session);
        Ok((dispatches, wrong))
    }
}

fn compare(
    index: usize,
    dispatch: &Dispatch,
    found: &[f64],
    expected: &[f64],
) -> Option<WrongKernel> {
    // A number that is not one counts as the largest difference.
    let difference = |(found, expected): &(&f64, &f64)| {
        let difference = (*found - *expected).abs() / (1.0 + expected.abs());
        if difference.is_nan() {
            f64::INFINITY
        } else {
            difference
        }
    };
    let pairs = found.iter().zip(expected);
    let worst = pairs.max_by(|a, b| difference(a).total_cmp(&difference(b)))?;
    (difference(&worst) > TOLERANCE).then(|| WrongKernel {
        kernel: dispatch.kernel.name(),
        dispatch: index,
        found: *worst.0,
        expected: *worst.1,
    })
}
