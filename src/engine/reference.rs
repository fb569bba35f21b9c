//! Every kernel of the room `gpu` as its definition reads, in `f64`, one image at a time: the engines
//! are tested against it, and a GPU that computes wrongly is traced to a kernel with it.
//!
//! Maps are `[height, width, channels]`, row-major, channels fastest.

use super::plan::{
    Activation, ChannelGate, Convolution, Depthwise, MapId, Operation, Plan, SpatialGate, Window,
};

/// All activations.
pub const ACTIVATIONS: [Activation; 5] = [
    Activation::Identity,
    Activation::Relu,
    Activation::Relu6,
    Activation::Silu,
    Activation::Sigmoid,
];

/// A map of one image.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    /// The numbers, `[rows, columns, channels]`.
    pub values: &'a [f64],
    /// Rows and columns.
    pub size: [usize; 2],
    /// Number of channels.
    pub channels: usize,
}

impl Image<'_> {
    fn at(&self, row: usize, column: usize, channel: usize) -> f64 {
        self.pixel(row * self.size[1] + column)[channel]
    }

    fn pixel(&self, index: usize) -> &[f64] {
        &self.values[index * self.channels..][..self.channels]
    }

    fn pixels(&self) -> usize {
        self.size[0] * self.size[1]
    }
}

/// Computes the outputs of one image, `[height, width, channels]` each.
pub fn run(plan: &Plan, input: &[f32], height: usize, width: usize) -> Vec<Vec<f32>> {
    let sizes = plan.sizes(height, width);
    let mut maps: Vec<Vec<f64>> = vec![input.iter().map(|&value| f64::from(value)).collect()];
    for index in 0..plan.steps().len() {
        let map = step(plan, index, &sizes, &|map| maps[map].as_slice());
        maps.push(map);
    }
    let float = |&map: &usize| maps[map].iter().map(|&value| value as f32).collect();
    plan.outputs().iter().map(float).collect()
}

/// Computes the output of one step from the maps that it reads; `sizes` are the plan's.
pub fn step<'a>(
    plan: &Plan,
    index: usize,
    sizes: &[[usize; 2]],
    map: &dyn Fn(MapId) -> &'a [f64],
) -> Vec<f64> {
    let step = &plan.steps()[index];
    let image = |id: MapId| Image {
        values: map(id),
        size: sizes[id],
        channels: plan.channels()[id],
    };
    let input = image(step.input);
    match &step.operation {
        Operation::Convolve(layer) => {
            let [gate, added] = [layer.gate, layer.add].map(|id| id.map(map));
            dense(layer, input, sizes[step.output], gate, added)
        }
        Operation::Depthwise(layer) => depthwise(layer, input, sizes[step.output]),
        Operation::ChannelGate(gate) => channel_gate(gate, input),
        Operation::SpatialGate(gate) => {
            let summary = summarize(input);
            let summary = Image {
                values: &summary,
                channels: 2,
                ..input
            };
            spatial_gate(gate, summary)
        }
        Operation::Pool { gate } => pool(input, gate.map(image)),
        Operation::UpsampleAdd { small } => upsample_add(input, image(*small)),
    }
}

/// The twin of `dense.wgsl`, and of `pointwise.wgsl`, which is the same for windows of one pixel.
pub fn dense(
    layer: &Convolution,
    input: Image<'_>,
    [rows, columns]: [usize; 2],
    gate: Option<&[f64]>,
    added: Option<&[f64]>,
) -> Vec<f64> {
    let wide = layer.bias.len();
    let mut map = vec![];
    for (y, x) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x))) {
        for channel in 0..wide {
            let mut sum = f64::from(layer.bias[channel]);
            for (tap, row, column) in taps(&layer.window, input.size, y, x) {
                for inner in 0..input.channels {
                    let weight = layer.weights[(tap * input.channels + inner) * wide + channel];
                    let gate = gate.map_or(1.0, |gate| gate[inner]);
                    sum += f64::from(weight) * input.at(row, column, inner) * gate;
                }
            }
            let added = added.map_or(0.0, |added| added[map.len()]);
            map.push(apply(layer.activation, sum) + added);
        }
    }
    map
}

/// The twin of `depthwise.wgsl`.
pub fn depthwise(layer: &Depthwise, input: Image<'_>, [rows, columns]: [usize; 2]) -> Vec<f64> {
    let mut map = vec![];
    for (y, x) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x))) {
        for channel in 0..input.channels {
            let sum: f64 = taps(&layer.window, input.size, y, x)
                .map(|(tap, row, column)| {
                    f64::from(layer.weights[tap * input.channels + channel])
                        * input.at(row, column, channel)
                })
                .sum();
            map.push(apply(
                layer.activation,
                sum + f64::from(layer.bias[channel]),
            ));
        }
    }
    map
}

/// The twin of `channel_gate.wgsl`.
pub fn channel_gate(gate: &ChannelGate, input: Image<'_>) -> Vec<f64> {
    let means = pool(input, None);
    let hidden = linear(&means, &gate.reduce, &gate.reduce_bias, gate.activation);
    linear(
        &hidden,
        &gate.expand,
        &gate.expand_bias,
        Activation::Sigmoid,
    )
}

/// The twin of `summarize.wgsl`: mean and maximum over the channels of each pixel.
pub fn summarize(input: Image<'_>) -> Vec<f64> {
    let summary = |index: usize| {
        let pixel = input.pixel(index);
        let mean = pixel.iter().sum::<f64>() / input.channels as f64;
        [
            mean,
            pixel.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        ]
    };
    (0..input.pixels()).flat_map(summary).collect()
}

/// The twin of `spatial_gate.wgsl`, on what [`summarize`] gives.
pub fn spatial_gate(gate: &SpatialGate, summary: Image<'_>) -> Vec<f64> {
    let window = Window {
        kernel: gate.kernel,
        ..Window::PIXEL
    };
    let [rows, columns] = summary.size;
    let factor = |(y, x): (usize, usize)| {
        let mut sum = f64::from(gate.bias);
        for (tap, row, column) in taps(&window, summary.size, y, x) {
            for (of, weight) in gate.weights[2 * tap..][..2].iter().enumerate() {
                sum += f64::from(*weight) * summary.at(row, column, of);
            }
        }
        apply(Activation::Sigmoid, sum)
    };
    (0..rows)
        .flat_map(|y| (0..columns).map(move |x| (y, x)))
        .map(factor)
        .collect()
}

/// The twin of `pool.wgsl`: the mean of each channel, of the input times a gate of one channel or of
/// as many as the input.
pub fn pool(input: Image<'_>, gate: Option<Image<'_>>) -> Vec<f64> {
    let mean = |channel: usize| {
        let gated = |index: usize| {
            let factor = gate.map_or(1.0, |gate| {
                gate.pixel(index)[channel.min(gate.channels - 1)]
            });
            input.pixel(index)[channel] * factor
        };
        (0..input.pixels()).map(gated).sum::<f64>() / input.pixels() as f64
    };
    (0..input.channels).map(mean).collect()
}

/// The twin of `upsample_add.wgsl`.
pub fn upsample_add(input: Image<'_>, small: Image<'_>) -> Vec<f64> {
    let columns = input.size[1];
    let sum = |index: usize| {
        let (y, x) = (index / columns, index % columns);
        let pixel = input.pixel(index).iter().enumerate();
        let add = move |(channel, value): (usize, &f64)| value + small.at(y / 2, x / 2, channel);
        pixel.map(add)
    };
    (0..input.pixels()).flat_map(sum).collect()
}

fn apply(activation: Activation, x: f64) -> f64 {
    match activation {
        Activation::Identity => x,
        Activation::Relu => x.max(0.0),
        Activation::Relu6 => x.clamp(0.0, 6.0),
        Activation::Silu => x / (1.0 + (-x).exp()),
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
    }
}

fn linear(input: &[f64], weights: &[f32], bias: &[f32], activation: Activation) -> Vec<f64> {
    let sum = |channel: usize| {
        let weights = weights.iter().skip(channel).step_by(bias.len());
        let products = input
            .iter()
            .zip(weights)
            .map(|(x, &weight)| x * f64::from(weight));
        f64::from(bias[channel]) + products.sum::<f64>()
    };
    (0..bias.len())
        .map(|channel| apply(activation, sum(channel)))
        .collect()
}

/// Returns the taps of an output that lie on the input: index, row, column.
fn taps(
    window: &Window,
    [rows, columns]: [usize; 2],
    y: usize,
    x: usize,
) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
    let window = *window;
    (0..window.kernel * window.kernel).filter_map(move |tap| {
        let place = |step: usize, index: usize, length: usize| {
            (step * window.stride + index)
                .checked_sub(window.before(length))
                .filter(|&place| place < length)
        };
        let row = place(y, tap / window.kernel, rows)?;
        let column = place(x, tap % window.kernel, columns)?;
        Some((tap, row, column))
    })
}
