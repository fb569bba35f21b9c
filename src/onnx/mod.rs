//! A plan as an ONNX file, so that other runtimes compute the same network from the same weights.
//!
//! The file's maps are NCHW, as every runtime has them, with batch 1 and fixed sizes, which lets a
//! runtime plan its memory. Only standard operators are used. Linear layers are 1×1 convolutions,
//! as they are in the plan.

mod graph;
mod protobuf;

use thiserror::Error;

use self::graph::{Attribute, Graph};
use crate::engine::plan::{
    Activation, ChannelGate, Convolution, Depthwise, MapId, Operation, Plan, SpatialGate, Window,
};

/// The name of the file's input.
pub const INPUT: &str = "input";

/// Why a plan cannot be written as ONNX.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OnnxError {
    /// The plan has no output.
    #[error("the plan gives no map back: call `Plan::mark_output` before it is exported")]
    NoOutput,
    /// The input has no pixels.
    #[error("an input of {height} × {width} pixels is empty; export for at least one pixel")]
    EmptyInput {
        /// Height in pixels.
        height: usize,
        /// Width in pixels.
        width: usize,
    },
}

/// Returns the file's name for output `index`.
pub fn output_name(index: usize) -> String {
    format!("output{index}")
}

/// Returns the ONNX file that computes `plan` for one image of `height × width` pixels: from
/// `input`, `[1, channels, height, width]`, to [`output_name`]s, NCHW as well.
///
/// # Errors
/// Either of [`OnnxError`].
pub fn export(plan: &Plan, height: usize, width: usize) -> Result<Vec<u8>, OnnxError> {
    if plan.outputs().is_empty() {
        return Err(OnnxError::NoOutput);
    }
    if height == 0 || width == 0 {
        return Err(OnnxError::EmptyInput { height, width });
    }
    let mut lowering = Lowering {
        graph: Graph::default(),
        channels: plan.channels(),
        sizes: plan.sizes(height, width),
    };
    lowering.graph.input(INPUT, &lowering.shape(Plan::INPUT));
    for step in plan.steps() {
        lowering.step(step.input, step.output, &step.operation);
    }
    for (index, &map) in plan.outputs().iter().enumerate() {
        // A map may be an output twice, or be the input, so outputs have names of their own.
        let output = output_name(index);
        let shape = lowering.shape(map);
        let graph = &mut lowering.graph;
        graph.node("Identity", &[&name(map)], &[], &output);
        graph.output(&output, &shape);
    }
    Ok(lowering.graph.into_model("plan"))
}

/// Returns the name of a map.
fn name(map: MapId) -> String {
    match map {
        Plan::INPUT => INPUT.to_owned(),
        _ => format!("map{map}"),
    }
}

/// Turns steps into nodes. The parts of a step are named after its output.
struct Lowering<'a> {
    graph: Graph,
    channels: &'a [usize],
    sizes: Vec<[usize; 2]>,
}

impl Lowering<'_> {
    fn shape(&self, map: MapId) -> [usize; 4] {
        let [height, width] = self.sizes[map];
        [1, self.channels[map], height, width]
    }

    fn step(&mut self, input: MapId, output: MapId, operation: &Operation) {
        let to = name(output);
        match operation {
            Operation::Convolve(layer) => self.convolve(input, &to, layer),
            Operation::Depthwise(layer) => self.depthwise(input, &to, layer),
            Operation::ChannelGate(gate) => self.channel_gate(input, &to, gate),
            Operation::SpatialGate(gate) => self.spatial_gate(input, &to, gate),
            Operation::Pool { gate } => {
                let from = self.gated(input, *gate, &to);
                self.graph.node("GlobalAveragePool", &[&from], &[], &to);
            }
            Operation::UpsampleAdd { small } => self.add_enlarged(input, *small, &to),
        }
    }

    /// Returns the name of the input, multiplied with the gate where there is one.
    fn gated(&mut self, input: MapId, gate: Option<MapId>, to: &str) -> String {
        let from = name(input);
        match gate {
            None => from,
            Some(gate) => {
                let part = format!("{to}.gated");
                self.graph.node("Mul", &[&from, &name(gate)], &[], &part)
            }
        }
    }

    fn convolve(&mut self, input: MapId, to: &str, layer: &Convolution) {
        let from = self.gated(input, layer.gate, to);
        let branch = layer.add.map(|_| format!("{to}.branch"));
        let last = branch.as_deref().unwrap_or(to);
        let filters = Filters {
            window: layer.window,
            inner: self.channels[input],
            groups: 1,
            weights: &layer.weights,
            bias: &layer.bias,
            activation: layer.activation,
        };
        self.filter(&from, self.sizes[input], &filters, last);
        if let Some(add) = layer.add {
            self.graph.node("Add", &[last, &name(add)], &[], to);
        }
    }

    fn depthwise(&mut self, input: MapId, to: &str, layer: &Depthwise) {
        let filters = Filters {
            window: layer.window,
            inner: 1,
            groups: layer.bias.len(),
            weights: &layer.weights,
            bias: &layer.bias,
            activation: layer.activation,
        };
        self.filter(&name(input), self.sizes[input], &filters, to);
    }

    fn channel_gate(&mut self, input: MapId, to: &str, gate: &ChannelGate) {
        let mean = format!("{to}.mean");
        let graph = &mut self.graph;
        graph.node("GlobalAveragePool", &[&name(input)], &[], &mean);
        let reduce = Filters {
            window: Window::PIXEL,
            inner: gate.expand_bias.len(),
            groups: 1,
            weights: &gate.reduce,
            bias: &gate.reduce_bias,
            activation: gate.activation,
        };
        let hidden = format!("{to}.squeezed");
        self.filter(&mean, [1, 1], &reduce, &hidden);
        let expand = Filters {
            inner: gate.reduce_bias.len(),
            weights: &gate.expand,
            bias: &gate.expand_bias,
            activation: Activation::Sigmoid,
            ..reduce
        };
        self.filter(&hidden, [1, 1], &expand, to);
    }

    fn spatial_gate(&mut self, input: MapId, to: &str, gate: &SpatialGate) {
        let over_channels = [("axes", Attribute::Ints(&[1]))];
        let from = name(input);
        let graph = &mut self.graph;
        let mean = graph.node(
            "ReduceMean",
            &[&from],
            &over_channels,
            &format!("{to}.mean"),
        );
        let most = graph.node("ReduceMax", &[&from], &over_channels, &format!("{to}.most"));
        let axis = [("axis", Attribute::Int(1))];
        let both = graph.node("Concat", &[&mean, &most], &axis, &format!("{to}.both"));
        let filters = Filters {
            window: Window {
                kernel: gate.kernel,
                ..Window::PIXEL
            },
            inner: 2,
            groups: 1,
            weights: &gate.weights,
            bias: &[gate.bias],
            activation: Activation::Sigmoid,
        };
        self.filter(&both, self.sizes[input], &filters, to);
    }

    fn add_enlarged(&mut self, input: MapId, small: MapId, to: &str) {
        let scales =
            self.graph
                .float_constant(&format!("{to}.scales"), &[4], &[1.0, 1.0, 2.0, 2.0]);
        let attributes = [
            ("mode", Attribute::Text("nearest")),
            (
                "coordinate_transformation_mode",
                Attribute::Text("asymmetric"),
            ),
            ("nearest_mode", Attribute::Text("floor")),
        ];
        let doubled = format!("{to}.doubled");
        self.graph.node(
            "Resize",
            &[&name(small), "", &scales],
            &attributes,
            &doubled,
        );
        let size = self.sizes[input];
        let enlarged = if self.sizes[small].map(|length| 2 * length) == size {
            doubled
        } else {
            let zeros = self.graph.int_constant(&format!("{to}.starts"), &[0, 0]);
            let ends = size.map(|length| length as i64);
            let ends = self.graph.int_constant(&format!("{to}.ends"), &ends);
            let axes = self.graph.int_constant(&format!("{to}.axes"), &[2, 3]);
            let cut = format!("{to}.cut");
            self.graph
                .node("Slice", &[&doubled, &zeros, &ends, &axes], &[], &cut)
        };
        self.graph.node("Add", &[&name(input), &enlarged], &[], to);
    }

    /// Adds a convolution of a map of `size`, with its activation.
    fn filter(&mut self, from: &str, size: [usize; 2], filters: &Filters<'_>, to: &str) {
        let Filters { window, inner, .. } = filters;
        let (kernel, channels) = (window.kernel, filters.bias.len());
        let shape = [channels, *inner, kernel, kernel];
        let graph = &mut self.graph;
        let weights =
            graph.float_constant(&format!("{to}.weights"), &shape, &filters.outer_first());
        let bias = graph.float_constant(&format!("{to}.bias"), &[channels], filters.bias);
        let [[top, left], [bottom, right]] = padding(window, size);
        let attributes = [
            ("kernel_shape", Attribute::Ints(&[kernel as i64; 2])),
            ("strides", Attribute::Ints(&[window.stride as i64; 2])),
            ("pads", Attribute::Ints(&[top, left, bottom, right])),
            ("group", Attribute::Int(filters.groups as i64)),
        ];
        let activation = filters.activation;
        let sum = match activation {
            Activation::Identity => to.to_owned(),
            _ => format!("{to}.sum"),
        };
        graph.node("Conv", &[from, &weights, &bias], &attributes, &sum);
        match activation {
            Activation::Identity => {}
            Activation::Relu => {
                graph.node("Relu", &[&sum], &[], to);
            }
            Activation::Relu6 => {
                let least = graph.float_constant(&format!("{to}.least"), &[], &[0.0]);
                let most = graph.float_constant(&format!("{to}.most"), &[], &[6.0]);
                graph.node("Clip", &[&sum, &least, &most], &[], to);
            }
            Activation::Silu => {
                let gate = graph.node("Sigmoid", &[&sum], &[], &format!("{to}.gate"));
                graph.node("Mul", &[&sum, &gate], &[], to);
            }
            Activation::Sigmoid => {
                graph.node("Sigmoid", &[&sum], &[], to);
            }
        }
    }
}

/// Returns the zeros before and after, `[height, width]` each. A window that leaves the last pixels
/// out has none after.
fn padding(window: &Window, size: [usize; 2]) -> [[i64; 2]; 2] {
    let before = size.map(|length| window.before(length));
    let after = size.map(|length| {
        let given = length + window.before(length);
        window.padded_span(length).saturating_sub(given)
    });
    [before, after].map(|side| side.map(|count| count as i64))
}

/// A convolution in the plan's layout.
struct Filters<'a> {
    window: Window,
    /// Channels that each filter reads.
    inner: usize,
    groups: usize,
    /// `[kernel, kernel, inner, channels]`.
    weights: &'a [f32],
    /// `[channels]`.
    bias: &'a [f32],
    activation: Activation,
}

impl Filters<'_> {
    /// Returns the weights in ONNX's order: `[channels, inner, kernel, kernel]`.
    fn outer_first(&self) -> Vec<f32> {
        let channels = self.bias.len();
        let tap = self.inner * channels;
        (0..tap)
            .flat_map(|index| {
                let (channel, inner) = (index / self.inner, index % self.inner);
                let first = inner * channels + channel;
                self.weights.iter().skip(first).step_by(tap).copied()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
