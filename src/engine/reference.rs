//! Every operation as its definition reads, in `f64`; the engines are tested against it.

use super::plan::{Activation, Operation, Plan, Window};

/// All activations.
pub const ACTIVATIONS: [Activation; 5] = [
    Activation::Identity,
    Activation::Relu,
    Activation::Relu6,
    Activation::Silu,
    Activation::Sigmoid,
];

/// Computes the outputs of one image, `[height, width, channels]` each.
pub fn run(plan: &Plan, input: &[f32], height: usize, width: usize) -> Vec<Vec<f32>> {
    let sizes = plan.sizes(height, width);
    let channels = plan.channels();
    let mut maps: Vec<Vec<f64>> = vec![input.iter().map(|&value| f64::from(value)).collect()];
    for step in plan.steps() {
        let from = &maps[step.input];
        let [rows, columns] = sizes[step.input];
        let count = channels[step.input];
        let [rows_out, columns_out] = sizes[step.output];
        let at = |y: usize, x: usize, channel: usize| from[(y * columns + x) * count + channel];
        let mean = |gate: &dyn Fn(usize, usize, usize) -> f64, channel: usize| {
            let pixels = (0..rows * columns).map(|pixel| (pixel / columns, pixel % columns));
            let sum: f64 = pixels
                .map(|(y, x)| at(y, x, channel) * gate(y, x, channel))
                .sum();
            sum / (rows * columns) as f64
        };
        let map = match &step.operation {
            Operation::Convolve(layer) => {
                let wide = layer.bias.len();
                let gate = layer.gate.map(|gate| &maps[gate]);
                let add = layer.add.map(|add| &maps[add]);
                let mut map = vec![];
                for y in 0..rows_out {
                    for x in 0..columns_out {
                        for channel in 0..wide {
                            let mut sum = f64::from(layer.bias[channel]);
                            for (tap, row, column) in taps(&layer.window, [rows, columns], y, x) {
                                for inner in 0..count {
                                    let weight =
                                        layer.weights[(tap * count + inner) * wide + channel];
                                    let gate = gate.map_or(1.0, |gate| gate[inner]);
                                    sum += f64::from(weight) * at(row, column, inner) * gate;
                                }
                            }
                            let index = map.len();
                            map.push(
                                apply(layer.activation, sum) + add.map_or(0.0, |add| add[index]),
                            );
                        }
                    }
                }
                map
            }
            Operation::Depthwise(layer) => {
                let mut map = vec![];
                for y in 0..rows_out {
                    for x in 0..columns_out {
                        for channel in 0..count {
                            let sum: f64 = taps(&layer.window, [rows, columns], y, x)
                                .map(|(tap, row, column)| {
                                    f64::from(layer.weights[tap * count + channel])
                                        * at(row, column, channel)
                                })
                                .sum();
                            map.push(apply(
                                layer.activation,
                                sum + f64::from(layer.bias[channel]),
                            ));
                        }
                    }
                }
                map
            }
            Operation::ChannelGate(gate) => {
                let means: Vec<f64> = (0..count)
                    .map(|channel| mean(&|_, _, _| 1.0, channel))
                    .collect();
                let hidden = linear(&means, &gate.reduce, &gate.reduce_bias, gate.activation);
                linear(
                    &hidden,
                    &gate.expand,
                    &gate.expand_bias,
                    Activation::Sigmoid,
                )
            }
            Operation::SpatialGate(gate) => {
                let window = Window {
                    kernel: gate.kernel,
                    ..Window::PIXEL
                };
                let mut map = vec![];
                for y in 0..rows {
                    for x in 0..columns {
                        let mut sum = f64::from(gate.bias);
                        for (tap, row, column) in taps(&window, [rows, columns], y, x) {
                            let pixel = (0..count).map(|channel| at(row, column, channel));
                            let mean = pixel.clone().sum::<f64>() / count as f64;
                            let most = pixel.fold(f64::NEG_INFINITY, f64::max);
                            sum += f64::from(gate.weights[2 * tap]) * mean
                                + f64::from(gate.weights[2 * tap + 1]) * most;
                        }
                        map.push(apply(Activation::Sigmoid, sum));
                    }
                }
                map
            }
            Operation::Pool { gate } => {
                let gate = gate.map(|gate| (&maps[gate], channels[gate]));
                let factor = |y: usize, x: usize, channel: usize| match gate {
                    None => 1.0,
                    Some((map, 1)) => map[y * columns + x],
                    Some((map, wide)) => map[(y * columns + x) * wide + channel],
                };
                (0..count).map(|channel| mean(&factor, channel)).collect()
            }
            Operation::UpsampleAdd { small } => {
                let columns_small = sizes[*small][1];
                let mut map = vec![];
                for y in 0..rows {
                    for x in 0..columns {
                        for channel in 0..count {
                            let from = (y / 2 * columns_small + x / 2) * count + channel;
                            map.push(at(y, x, channel) + maps[*small][from]);
                        }
                    }
                }
                map
            }
        };
        maps.push(map);
    }
    let float = |&map: &usize| maps[map].iter().map(|&value| value as f32).collect();
    plan.outputs().iter().map(float).collect()
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
