//! From named tensors to the plan that an engine computes.
//!
//! A file's tensors are laid out as they were trained, a plan's as they are computed with: channels
//! last, input channels before output channels. Kernels of one gate that read the same two maps
//! become one kernel, the smaller in the middle of the larger.

mod detector;
mod emotion;

use super::conv::ConvConfig;
use super::style::{ConvStyle, Padding};
use super::weights::{Array, NamedTensors, WeightsError};
use crate::engine::plan;
use crate::engine::plan::{Border, Convolution, Depthwise, MapId, Operation, Plan, Window};

pub use self::detector::detector_plan;
pub use self::emotion::emotion_plan;

/// A plan under construction, and the tensors that it does not use yet.
struct Lowering {
    plan: Plan,
    style: ConvStyle,
    tensors: NamedTensors,
}

impl Lowering {
    fn new(channels: usize, style: ConvStyle, tensors: NamedTensors) -> Self {
        Self {
            plan: Plan::new(channels),
            style,
            tensors,
        }
    }

    fn finish(self) -> Result<Plan, WeightsError> {
        match self.tensors.into_keys().next() {
            Some(name) => Err(WeightsError::Unused { name }),
            None => Ok(self.plan),
        }
    }

    /// Takes the values of a tensor, which must have this shape.
    fn take(&mut self, name: &str, expected: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let name = name.to_owned();
        match self.tensors.remove(&name) {
            None => Err(WeightsError::Missing { name }),
            Some(Array { shape, .. }) if shape != expected => Err(WeightsError::WrongShape {
                name,
                expected: expected.to_vec(),
                found: shape,
            }),
            Some(Array { values, .. }) => Ok(values),
        }
    }

    fn activation(&self, activated: bool) -> plan::Activation {
        if activated {
            self.style.activation.into()
        } else {
            plan::Activation::Identity
        }
    }

    fn window(&self, kernel: usize, stride: usize) -> Window {
        let border = match self.style.padding {
            Padding::Symmetric => Border::Symmetric,
            Padding::Same => Border::Same,
        };
        Window {
            kernel,
            stride,
            border,
        }
    }

    /// Adds a convolution with the weights and the bias of this name.
    fn convolve(
        &mut self,
        input: MapId,
        name: &str,
        conv: &ConvConfig,
        gate: Option<MapId>,
        add: Option<MapId>,
    ) -> Result<MapId, WeightsError> {
        let (from, to, kernel) = (conv.channels_in, conv.channels_out, conv.kernel);
        let weights = self.take(&format!("{name}.weight"), &[to, from, kernel, kernel])?;
        let convolution = Convolution {
            window: self.window(kernel, conv.stride),
            weights: channels_last(&weights, to, from),
            bias: self.take(&format!("{name}.bias"), &[to])?,
            activation: self.activation(conv.activated),
            gate,
            add,
        };
        Ok(self.plan.push(input, Operation::Convolve(convolution)))
    }

    /// Adds a depthwise convolution with the weights of this name and, if it has one, the bias.
    fn depthwise(
        &mut self,
        input: MapId,
        name: &str,
        conv: &ConvConfig,
        has_bias: bool,
    ) -> Result<MapId, WeightsError> {
        let (channels, kernel) = (conv.channels_out, conv.kernel);
        let weights = self.take(&format!("{name}.weight"), &[channels, 1, kernel, kernel])?;
        let bias = match has_bias {
            true => self.take(&format!("{name}.bias"), &[channels])?,
            false => vec![0.0; channels],
        };
        let depthwise = Depthwise {
            window: self.window(kernel, conv.stride),
            weights: channels_last(&weights, channels, 1),
            bias,
            activation: self.activation(conv.activated),
        };
        Ok(self.plan.push(input, Operation::Depthwise(depthwise)))
    }
}

/// Rearranges `[out, in, taps]` as `[taps, in, out]`.
fn channels_last(values: &[f32], channels_out: usize, channels_in: usize) -> Vec<f32> {
    let taps = values.len() / (channels_out * channels_in).max(1);
    let mut turned = Vec::with_capacity(values.len());
    for tap in 0..taps {
        for inner in 0..channels_in {
            for outer in 0..channels_out {
                turned.push(values[(outer * channels_in + inner) * taps + tap]);
            }
        }
    }
    turned
}
