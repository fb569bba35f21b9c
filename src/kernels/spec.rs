//! What the operations are told besides tensors.

use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::plan::{Activation, Window};

/// What is still to be done to a map's values.
#[derive(Clone, Debug)]
pub struct MapSpec {
    /// Whether there are pending rows, `[≥ 2, channels]`: scale and shift.
    pub is_pending: bool,
    /// After them.
    pub activation: Activation,
    /// Whether there is a gate, `[batch, channels]`.
    pub is_gated: bool,
    /// See [`Sums`].
    pub sums: Sums,
}

/// How a convolution is normalized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Norm {
    /// Not at all.
    None,
    /// By the statistics of the batch.
    Batch,
    /// By given ones.
    Given,
}

/// A convolution.
#[derive(Clone, Debug)]
pub struct ConvolutionSpec {
    /// What it reads.
    pub input: MapSpec,
    /// How the filters lie.
    pub window: Window,
    /// Whether each channel has a filter of its own; every one is read by all otherwise.
    pub is_depthwise: bool,
    /// How the output is normalized.
    pub norm: Norm,
    /// Added to the variance.
    pub epsilon: f64,
    /// Of the output, pending.
    pub activation: Activation,
    /// Of the output.
    pub sums: Sums,
}

/// A channel gate.
#[derive(Clone, Debug)]
pub struct GateSpec {
    /// What it reads.
    pub input: MapSpec,
    /// Between its layers.
    pub activation: Activation,
}

/// The sums that the gradient of batch normalization needs of a map's gradient. Who computes that
/// gradient has it in the cache and leaves them here, if nobody else adds to it.
#[derive(Clone, Debug, Default)]
pub struct Sums(Arc<Mutex<(usize, Option<Vec<f64>>)>>);

impl Sums {
    /// An operation reads the map.
    pub fn add_reader(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
    }

    /// Whether the gradient comes from one operation alone.
    pub fn has_one_reader(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 == 1
    }

    /// Leaves the sums: Σ g and Σ g · values, `[2, stride]`.
    pub fn leave(&self, sums: Vec<f64>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(sums);
    }

    /// Takes them.
    pub fn take(&self) -> Option<Vec<f64>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .take()
    }
}
