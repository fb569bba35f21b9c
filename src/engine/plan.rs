//! A network as a list of steps over numbered maps.
//!
//! Maps are `[batch, height, width, channels]`, row-major, channels fastest (NHWC). Their sizes
//! follow from the input's, see [`Plan::sizes`]; one plan serves all sizes.

/// Index of a map in its plan. The first is [`Plan::INPUT`].
pub type MapId = usize;

/// A network for inference.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    channels: Vec<usize>,
    steps: Vec<Step>,
    outputs: Vec<MapId>,
}

/// One operation: it reads `input` and the other maps that it names, and writes all of `output`.
/// Every map is written by one step, before any step that reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The map that is read.
    pub input: MapId,
    /// The map that is written.
    pub output: MapId,
    /// The operation that is computed.
    pub operation: Operation,
}

/// The operation of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A dense convolution, or a linear layer.
    Convolve(Convolution),
    /// A convolution with one filter per channel.
    Depthwise(Depthwise),
    /// A factor for each channel of an image.
    ChannelGate(ChannelGate),
    /// A factor for each pixel.
    SpatialGate(SpatialGate),
    /// The mean of each channel, `[1, 1, channels]`, of the input multiplied with `gate` where
    /// there is one: `[height, width, 1]`, or with as many channels as the input.
    Pool {
        /// The map that the input is multiplied with first.
        gate: Option<MapId>,
    },
    /// The input plus `small`, a map of half its size (rounded up); each of its pixels is added to
    /// two by two pixels.
    UpsampleAdd {
        /// The smaller map.
        small: MapId,
    },
}

/// A dense convolution: activation(weights · (input × gate) + bias) + add. A linear layer is one on
/// `[1, 1, channels]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    /// Size, stride and border of the kernel.
    pub window: Window,
    /// `[kernel, kernel, channels_in, channels_out]`.
    pub weights: Vec<f32>,
    /// `[channels_out]`.
    pub bias: Vec<f32>,
    /// Applied to each sum.
    pub activation: Activation,
    /// A map `[1, 1, channels_in]` that the input is multiplied with, channel by channel.
    pub gate: Option<MapId>,
    /// A map of the output's shape that is added after the activation.
    pub add: Option<MapId>,
}

/// A convolution with one filter per channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Depthwise {
    /// Size, stride and border of the kernel.
    pub window: Window,
    /// `[kernel, kernel, channels]`.
    pub weights: Vec<f32>,
    /// `[channels]`.
    pub bias: Vec<f32>,
    /// Applied to each sum.
    pub activation: Activation,
}

/// Squeeze-and-excitation's gate (Hu et al. 2018, <https://arxiv.org/abs/1709.01507>): the mean of
/// each channel, two linear layers, a sigmoid. The output is `[1, 1, channels]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelGate {
    /// `[channels, squeezed]`.
    pub reduce: Vec<f32>,
    /// `[squeezed]`.
    pub reduce_bias: Vec<f32>,
    /// Applied between the layers.
    pub activation: Activation,
    /// `[squeezed, channels]`.
    pub expand: Vec<f32>,
    /// `[channels]`.
    pub expand_bias: Vec<f32>,
}

/// A gate for each pixel (Woo et al. 2018, <https://arxiv.org/abs/1807.06521>): mean and maximum
/// over the channels, convolved (stride 1, zeros around), a sigmoid. The output is
/// `[height, width, 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialGate {
    /// Pixels along a side of the kernel, odd.
    pub kernel: usize,
    /// `[kernel, kernel, 2]`, the mean's before the maximum's.
    pub weights: Vec<f32>,
    /// Added to every sum.
    pub bias: f32,
}

/// Size, stride and border of a square kernel. The output has `ceil(length / stride)` pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Pixels along a side, odd.
    pub kernel: usize,
    /// Distance between neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Where the zeros around the input are.
    pub border: Border,
}

/// Where the zeros around an input are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// `kernel / 2` on every side, as in PyTorch.
    Symmetric,
    /// As few as the output's size needs, the odd one at the end, as in TensorFlow.
    Same,
}

impl Window {
    /// The window of a 1×1 convolution.
    pub const PIXEL: Self = Self {
        kernel: 1,
        stride: 1,
        border: Border::Symmetric,
    };

    /// Returns the number of outputs along an input of `length` pixels.
    pub fn outputs(&self, length: usize) -> usize {
        length.div_ceil(self.stride)
    }

    /// Returns the number of pixels from the first that the kernel touches to the last, zeros
    /// included, along an input of `length` pixels.
    pub fn padded_span(&self, length: usize) -> usize {
        self.outputs(length).saturating_sub(1) * self.stride + self.kernel
    }

    /// Returns the number of zeros before an input of `length` pixels.
    pub fn before(&self, length: usize) -> usize {
        match self.border {
            Border::Symmetric => self.kernel / 2,
            Border::Same => self.padded_span(length).saturating_sub(length) / 2,
        }
    }
}

/// How the height and the width of an output follow from the input's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputSize {
    /// One pixel for each position of a window.
    Windowed(Window),
    /// The same as the input's.
    Same,
    /// A single pixel.
    Pixel,
}

impl OutputSize {
    /// Returns the output's height and width for those of the input.
    pub fn of(self, input: [usize; 2]) -> [usize; 2] {
        match self {
            Self::Windowed(window) => input.map(|length| window.outputs(length)),
            Self::Same => input,
            Self::Pixel => [1, 1],
        }
    }
}

impl Operation {
    /// Returns how the size of its output follows from the input's.
    pub fn extent(&self) -> OutputSize {
        match self {
            Self::Convolve(Convolution { window, .. })
            | Self::Depthwise(Depthwise { window, .. }) => OutputSize::Windowed(*window),
            Self::SpatialGate(_) | Self::UpsampleAdd { .. } => OutputSize::Same,
            Self::ChannelGate(_) | Self::Pool { .. } => OutputSize::Pixel,
        }
    }
}

/// An activation function, applied to each number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `x`.
    Identity,
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`.
    Relu6,
    /// `x · sigmoid(x)`.
    Silu,
    /// `1 / (1 + exp(−x))`.
    Sigmoid,
}

impl Plan {
    /// The input of the plan.
    pub const INPUT: MapId = 0;

    /// Creates a plan without steps, for an input of `channels` channels.
    pub fn new(channels: usize) -> Self {
        Self {
            channels: vec![channels],
            steps: vec![],
            outputs: vec![],
        }
    }

    /// Adds a step that reads `input`, and returns the map that it writes.
    ///
    /// # Panics
    /// If lengths of weights and channels disagree: plans are made by code that has checked its
    /// files.
    pub fn push(&mut self, input: MapId, operation: Operation) -> MapId {
        let channels_in = self.channels[input];
        let channels = match &operation {
            Operation::Convolve(layer) => {
                let area = layer.window.kernel * layer.window.kernel;
                assert_eq!(
                    layer.weights.len(),
                    area * channels_in * layer.bias.len(),
                    "weights of a convolution"
                );
                assert!(
                    layer
                        .gate
                        .is_none_or(|gate| self.channels[gate] == channels_in)
                );
                assert!(
                    layer
                        .add
                        .is_none_or(|add| self.channels[add] == layer.bias.len())
                );
                layer.bias.len()
            }
            Operation::Depthwise(layer) => {
                let area = layer.window.kernel * layer.window.kernel;
                assert_eq!(layer.weights.len(), area * channels_in, "depthwise weights");
                assert_eq!(layer.bias.len(), channels_in, "depthwise bias");
                channels_in
            }
            Operation::ChannelGate(gate) => {
                let weights = gate.reduce_bias.len() * channels_in;
                assert_eq!([gate.reduce.len(), gate.expand.len()], [weights; 2]);
                assert_eq!(gate.expand_bias.len(), channels_in);
                channels_in
            }
            Operation::SpatialGate(gate) => {
                assert_eq!(gate.weights.len(), gate.kernel * gate.kernel * 2);
                1
            }
            Operation::Pool { gate } => {
                assert!(gate.is_none_or(|gate| [1, channels_in].contains(&self.channels[gate])));
                channels_in
            }
            Operation::UpsampleAdd { small } => {
                assert_eq!(self.channels[*small], channels_in);
                channels_in
            }
        };
        let output = self.channels.len();
        self.channels.push(channels);
        self.steps.push(Step {
            input,
            output,
            operation,
        });
        output
    }

    /// Marks a map as an output, after those already marked.
    pub fn mark_output(&mut self, map: MapId) {
        self.outputs.push(map);
    }

    /// Returns the number of channels of each map.
    pub fn channels(&self) -> &[usize] {
        &self.channels
    }

    /// Returns the steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the maps that are read back, in order.
    pub fn outputs(&self) -> &[MapId] {
        &self.outputs
    }

    /// Returns the height and width of each map, for an input of `height × width` pixels.
    pub fn sizes(&self, height: usize, width: usize) -> Vec<[usize; 2]> {
        let mut sizes = vec![[height, width]];
        for step in &self.steps {
            sizes.push(step.operation.extent().of(sizes[step.input]));
        }
        sizes
    }

    /// Returns for each map the last step that reads it; `None` for outputs and unread maps.
    pub fn last_read_of(&self) -> Vec<Option<usize>> {
        let mut last = vec![None; self.channels.len()];
        for (index, step) in self.steps.iter().enumerate() {
            for map in step.reads() {
                last[map] = Some(index);
            }
        }
        for &output in &self.outputs {
            last[output] = None;
        }
        last
    }
}

impl Step {
    /// Returns all maps that the step reads.
    pub fn reads(&self) -> impl Iterator<Item = MapId> {
        let others = match &self.operation {
            Operation::Convolve(layer) => [layer.gate, layer.add],
            Operation::Pool { gate } => [*gate, None],
            Operation::UpsampleAdd { small } => [Some(*small), None],
            Operation::Depthwise(_) | Operation::ChannelGate(_) | Operation::SpatialGate(_) => {
                [None, None]
            }
        };
        [self.input].into_iter().chain(others.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::reference;

    #[test]
    fn borders_are_those_of_the_two_frameworks() {
        let before = |kernel, stride, border, length| {
            let window = Window {
                kernel,
                stride,
                border,
            };
            (window.outputs(length), window.before(length))
        };
        assert_eq!(before(3, 2, Border::Symmetric, 96), (48, 1));
        assert_eq!(before(3, 2, Border::Same, 96), (48, 0));
        assert_eq!(before(3, 2, Border::Same, 5), (3, 1));
        assert_eq!(before(5, 2, Border::Same, 6), (3, 1));
        assert_eq!(before(5, 1, Border::Same, 6), (6, 2));
        assert_eq!(before(1, 1, Border::Same, 7), (7, 0));
        assert_eq!(before(7, 1, Border::Same, 1), (1, 3));
    }

    #[test]
    fn a_small_plan_computes_what_a_pencil_does() {
        let mut plan = Plan::new(1);
        let window = Window {
            kernel: 3,
            stride: 2,
            border: Border::Same,
        };
        let small = plan.push(
            Plan::INPUT,
            Operation::Depthwise(Depthwise {
                window,
                weights: vec![1.0; 9],
                bias: vec![-5.0],
                activation: Activation::Relu,
            }),
        );
        let sum = plan.push(Plan::INPUT, Operation::UpsampleAdd { small });
        let mean = plan.push(sum, Operation::Pool { gate: None });
        plan.mark_output(small);
        plan.mark_output(mean);
        assert_eq!(plan.sizes(2, 3), [[2, 3], [1, 2], [2, 3], [1, 1]]);
        assert_eq!(plan.last_read_of(), [Some(1), None, Some(2), None]);
        // Two sums of two rows by two columns, zeros on either side.
        let found = reference::run(&plan, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
        assert_eq!(
            found,
            [vec![7.0, 11.0], vec![(21.0 + 4.0 * 7.0 + 2.0 * 11.0) / 6.0]]
        );
    }
}
