//! Parameters of the operations besides tensors.

use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::plan::{Activation, Window};

/// The operations pending on a map's values.
#[derive(Clone, Debug)]
pub struct MapSpec {
    /// Whether there are pending rows, `[≥ 2, channels]`: scale and shift.
    pub is_pending: bool,
    /// Applied after scale and shift.
    pub activation: Activation,
    /// Whether there is a gate, `[batch, channels]`.
    pub is_gated: bool,
    /// Sums over the map's gradient, see [`GradientSumsSlot`].
    pub sums: GradientSumsSlot,
}

/// How a convolution is normalized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Norm {
    /// No normalization.
    None,
    /// By the statistics of the batch.
    Batch,
    /// By given statistics.
    Given,
}

/// A convolution and its normalization.
#[derive(Clone, Debug)]
pub struct ConvolutionSpec {
    /// The map that it reads.
    pub input: MapSpec,
    /// Size, stride and border of the filters.
    pub window: Window,
    /// Whether each channel has a filter of its own; otherwise every filter reads all channels.
    pub is_depthwise: bool,
    /// How the output is normalized.
    pub norm: Norm,
    /// Added to the variance.
    pub epsilon: f64,
    /// Activation of the output, pending.
    pub activation: Activation,
    /// Sums over the output's gradient.
    pub sums: GradientSumsSlot,
}

/// A channel gate.
#[derive(Clone, Debug)]
pub struct GateSpec {
    /// The map that it reads.
    pub input: MapSpec,
    /// Applied between its layers.
    pub activation: Activation,
}

/// The sums over a map's gradient that the gradient of batch normalization needs. The operation
/// that computes the map's gradient has it in the cache and leaves them here, if it is the only
/// one.
#[derive(Clone, Debug, Default)]
pub struct GradientSumsSlot(Arc<Mutex<(usize, Option<Vec<f64>>)>>);

impl GradientSumsSlot {
    /// Counts an operation that reads the map.
    pub fn add_reader(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
    }

    /// Returns whether the gradient comes from one operation alone.
    pub fn has_one_reader(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 == 1
    }

    /// Stores the sums: Σ g and Σ g · values, `[2, stride]`.
    pub fn leave(&self, sums: Vec<f64>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(sums);
    }

    /// Takes the sums out; `None` if none were stored.
    pub fn take(&self) -> Option<Vec<f64>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .take()
    }
}
