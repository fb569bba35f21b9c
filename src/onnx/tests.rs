//! Tests of files of plans with every operation: read back structurally, and computed by ONNX
//! Runtime where `PYTHON` names a Python that has it.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use super::*;
use crate::engine::plan::Border;
use crate::engine::reference;
use crate::engine::reference::ACTIVATIONS;

/// Returns numbers from −1 to 1 that repeat on no short period.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    let at = |index: usize| ((index * 2_654_435_761 + seed * 40_503) >> 7) % 2001;
    (0..count)
        .map(|index| at(index) as f32 / 1000.0 - 1.0)
        .collect()
}

fn window(kernel: usize, stride: usize, border: Border) -> Window {
    Window {
        kernel,
        stride,
        border,
    }
}

fn convolution(
    window: Window,
    inner: usize,
    channels: usize,
    activation: Activation,
) -> Convolution {
    Convolution {
        window,
        weights: numbers(window.kernel * window.kernel * inner * channels, channels),
        bias: numbers(channels, 5),
        activation,
        gate: None,
        add: None,
    }
}

fn depthwise(window: Window, channels: usize, activation: Activation) -> Depthwise {
    Depthwise {
        window,
        weights: numbers(window.kernel * window.kernel * channels, 7),
        bias: numbers(channels, 8),
        activation,
    }
}

/// Returns a plan with every operation, gate and addition, and maps that are outputs twice.
fn every_operation(border: Border, activation: Activation) -> Plan {
    let mut plan = Plan::new(3);
    let stem = convolution(window(3, 2, border), 3, 6, activation);
    let stem = plan.push(Plan::INPUT, Operation::Convolve(stem));
    let deep = depthwise(window(5, 1, border), 6, activation);
    let deep = plan.push(stem, Operation::Depthwise(deep));
    let gate = plan.push(
        deep,
        Operation::ChannelGate(ChannelGate {
            reduce: numbers(6 * 2, 1),
            reduce_bias: numbers(2, 2),
            activation,
            expand: numbers(2 * 6, 3),
            expand_bias: numbers(6, 4),
        }),
    );
    let project = Convolution {
        gate: Some(gate),
        add: Some(stem),
        ..convolution(Window::PIXEL, 6, 6, activation)
    };
    let block = plan.push(deep, Operation::Convolve(project));
    let lower = depthwise(window(3, 2, border), 6, activation);
    let lower = plan.push(block, Operation::Depthwise(lower));
    let sum = plan.push(block, Operation::UpsampleAdd { small: lower });
    let spatial = plan.push(
        sum,
        Operation::SpatialGate(SpatialGate {
            kernel: 7,
            weights: numbers(7 * 7 * 2, 6),
            bias: 0.25,
        }),
    );
    let pooled = plan.push(
        sum,
        Operation::Pool {
            gate: Some(spatial),
        },
    );
    let whole = plan.push(sum, Operation::Pool { gate: Some(block) });
    let strided = convolution(window(1, 2, border), 6, 4, activation);
    let strided = plan.push(sum, Operation::Convolve(strided));
    let logits = convolution(Window::PIXEL, 6, 7, Activation::Identity);
    let logits = plan.push(pooled, Operation::Convolve(logits));
    for map in [logits, whole, strided, sum, sum, Plan::INPUT] {
        plan.mark_output(map);
    }
    plan
}

/// Converts one image from NHWC to NCHW.
fn channels_first(map: &[f32], channels: usize) -> Vec<f32> {
    (0..channels)
        .flat_map(|channel| map.iter().skip(channel).step_by(channels).copied())
        .collect()
}

#[test]
fn onnxruntime_computes_what_the_reference_does() {
    let Some(python) = std::env::var_os("PYTHON") else {
        eprintln!("skipped: set PYTHON to a Python that has onnxruntime");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/compute.py");
    for border in [Border::Symmetric, Border::Same] {
        for activation in ACTIVATIONS {
            for [height, width] in [[1, 1], [2, 7], [8, 8], [13, 10]] {
                let plan = every_operation(border, activation);
                let input = numbers(3 * height * width, 9);
                let expected = reference::run(&plan, &input, height, width);
                let model = folder.path().join("plan.onnx");
                std::fs::write(&model, export(&plan, height, width).unwrap()).unwrap();
                let given = folder.path().join("input.json");
                std::fs::write(
                    &given,
                    serde_json::to_vec(&channels_first(&input, 3)).unwrap(),
                )
                .unwrap();
                let mut command = Command::new(&python);
                let output = command
                    .arg(&script)
                    .arg(&model)
                    .arg(&given)
                    .output()
                    .unwrap();
                let complaint = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{complaint}");
                let found: Vec<Vec<f32>> = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!(found.len(), expected.len());
                for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    let channels = plan.channels()[plan.outputs()[index]];
                    let expected = channels_first(expected, channels);
                    assert_eq!(found.len(), expected.len());
                    let difference = found.iter().zip(&expected).map(|(a, b)| (a - b).abs());
                    let largest = difference.fold(0.0, f32::max);
                    assert!(
                        largest < 1e-4,
                        "{border:?} {activation:?} {height}×{width} output {index}: {largest}"
                    );
                }
            }
        }
    }
}

/// A field of a message: its number, its bytes, and its value if it is an integer.
type Field<'a> = (u64, &'a [u8], u64);

/// Splits a message into its fields.
fn fields(mut bytes: &[u8]) -> Vec<Field<'_>> {
    let varint = |bytes: &mut &[u8]| {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let (&byte, rest) = bytes.split_first().unwrap();
            *bytes = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    };
    let mut found = vec![];
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = varint(&mut bytes);
        let mut inside: &[u8] = &[];
        if key & 7 == 2 {
            (inside, bytes) = bytes.split_at(value as usize);
        }
        found.push((key >> 3, inside, value));
    }
    found
}

/// Returns the content of every field `number`.
fn all<'a>(bytes: &'a [u8], number: u64) -> Vec<&'a [u8]> {
    let of = |field: &Field<'a>| (field.0 == number).then_some(field.1);
    fields(bytes).iter().filter_map(of).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn every_node_reads_what_was_written_before_it() {
    let plan = every_operation(Border::Same, Activation::Silu);
    let file = export(&plan, 13, 10).unwrap();
    let graph = all(&file, 7)[0];
    let names = |parts: Vec<&[u8]>, field| -> Vec<String> {
        let of = |part: &&[u8]| text(all(part, field)[0]);
        parts.iter().map(of).collect()
    };
    let mut known: HashSet<String> = [String::new()].into();
    known.extend(names(all(graph, 5), 8));
    known.extend(names(all(graph, 11), 1));
    let mut operators = vec![];
    for node in all(graph, 1) {
        operators.push(text(all(node, 4)[0]));
        for input in all(node, 1) {
            assert!(
                known.contains(&text(input)),
                "{} is not there yet",
                text(input)
            );
        }
        let output = text(all(node, 2)[0]);
        assert!(known.insert(output.clone()), "{output} is written twice");
    }
    let outputs = names(all(graph, 12), 1);
    assert_eq!(outputs, (0..6).map(output_name).collect::<Vec<_>>());
    assert!(outputs.iter().all(|name| known.contains(name)));
    let count = |operator: &str| operators.iter().filter(|found| *found == operator).count();
    assert_eq!(count("Conv"), 9);
    assert_eq!(count("Slice"), 1, "7 × 5 is no double of 4 × 3");
    assert_eq!(count("Sigmoid"), 6 + 2, "six of SiLU, two gates");
    assert_eq!(count("GlobalAveragePool"), 3);
    assert_eq!(count("Identity"), 6);
}

#[test]
fn weights_are_laid_out_output_channel_first() {
    let mut plan = Plan::new(2);
    let layer = Convolution {
        weights: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        bias: vec![0.0; 3],
        ..convolution(Window::PIXEL, 2, 3, Activation::Identity)
    };
    let map = plan.push(Plan::INPUT, Operation::Convolve(layer));
    plan.mark_output(map);
    let file = export(&plan, 1, 1).unwrap();
    let weights = all(all(&file, 7)[0], 5)[0];
    let extents: Vec<u64> = fields(weights)
        .iter()
        .filter_map(|field| (field.0 == 1).then_some(field.2))
        .collect();
    assert_eq!(extents, [3, 2, 1, 1]);
    let raw = all(weights, 9)[0];
    let values: Vec<f32> = raw
        .as_chunks()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    assert_eq!(values, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
}

#[test]
fn zeros_lie_where_the_plan_has_them() {
    let both = |kernel, stride, border| padding(&window(kernel, stride, border), [96, 5]);
    assert_eq!(both(3, 2, Border::Same), [[0, 1], [1, 1]]);
    assert_eq!(both(3, 2, Border::Symmetric), [[1, 1], [0, 1]]);
    assert_eq!(both(1, 2, Border::Symmetric), [[0, 0], [0, 0]]);
    assert_eq!(both(5, 1, Border::Symmetric), [[2, 2], [2, 2]]);
}

#[test]
fn nothing_to_compute_is_a_named_error() {
    assert_eq!(export(&Plan::new(1), 4, 4), Err(OnnxError::NoOutput));
    let plan = every_operation(Border::Same, Activation::Relu);
    let empty = OnnxError::EmptyInput {
        height: 0,
        width: 4,
    };
    assert_eq!(export(&plan, 0, 4), Err(empty));
}
