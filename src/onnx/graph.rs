//! The messages of ONNX that a plan needs
//! (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>, whose field numbers are used here).

use super::protobuf::ProtobufMessage;

/// Version of the operators: read by every runtime since 2023, and the last in which reductions
/// take their axes as attributes.
const OPSET: i64 = 17;
/// Version of the file format of that time.
const IR_VERSION: i64 = 8;

/// `TensorProto.DataType`.
const FLOAT: i64 = 1;
const INT64: i64 = 7;

/// A graph under construction: nodes in the order in which they are computed.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<ProtobufMessage>,
    constants: Vec<ProtobufMessage>,
    inputs: Vec<ProtobufMessage>,
    outputs: Vec<ProtobufMessage>,
}

/// Value of a node's attribute.
#[derive(Clone, Copy, Debug)]
pub enum Attribute<'a> {
    /// One integer.
    Int(i64),
    /// Several integers.
    Ints(&'a [i64]),
    /// Text.
    Text(&'a str),
}

impl Graph {
    /// Adds a constant tensor of floats and returns its name.
    pub fn float_constant(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        let raw: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(name, shape, FLOAT, &raw)
    }

    /// Adds a constant row of integers and returns its name.
    pub fn int_constant(&mut self, name: &str, values: &[i64]) -> String {
        let raw: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(name, &[values.len()], INT64, &raw)
    }

    fn constant(&mut self, name: &str, shape: &[usize], kind: i64, raw: &[u8]) -> String {
        let tensor = ProtobufMessage::default()
            .each(shape, |tensor, &extent| tensor.int(1, extent as i64))
            .int(2, kind)
            .text(8, name)
            .bytes(9, raw);
        self.constants.push(tensor);
        name.to_owned()
    }

    /// Adds a node and returns the name of its output.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
        output: &str,
    ) -> String {
        let node = ProtobufMessage::default()
            .each(inputs, |node, input| node.text(1, input))
            .text(2, output)
            .text(3, output)
            .text(4, operator)
            .each(attributes, |node, (name, value)| {
                node.message(5, &attribute(name, value))
            });
        self.nodes.push(node);
        output.to_owned()
    }

    /// Declares an input, with its shape.
    pub fn input(&mut self, name: &str, shape: &[usize]) {
        self.inputs.push(value_info(name, shape));
    }

    /// Declares an output, with its shape.
    pub fn output(&mut self, name: &str, shape: &[usize]) {
        self.outputs.push(value_info(name, shape));
    }

    /// Returns the bytes of the file.
    pub fn into_model(self, name: &str) -> Vec<u8> {
        let add = |field| {
            move |graph: ProtobufMessage, part: ProtobufMessage| graph.message(field, &part)
        };
        let graph = ProtobufMessage::default()
            .each(self.nodes, add(1))
            .text(2, name)
            .each(self.constants, add(5))
            .each(self.inputs, add(11))
            .each(self.outputs, add(12));
        ProtobufMessage::default()
            .int(1, IR_VERSION)
            .text(2, env!("CARGO_PKG_NAME"))
            .text(3, env!("CARGO_PKG_VERSION"))
            .message(7, &graph)
            .message(8, &ProtobufMessage::default().text(1, "").int(2, OPSET))
            .into_bytes()
    }
}

fn attribute(name: &str, value: &Attribute<'_>) -> ProtobufMessage {
    let attribute = ProtobufMessage::default().text(1, name);
    match value {
        Attribute::Int(value) => attribute.int(3, *value).int(20, 2),
        Attribute::Text(text) => attribute.text(4, text).int(20, 3),
        Attribute::Ints(values) => attribute
            .each(*values, |attribute, &value| attribute.int(8, value))
            .int(20, 7),
    }
}

fn value_info(name: &str, shape: &[usize]) -> ProtobufMessage {
    let dimensions = ProtobufMessage::default().each(shape, |dimensions, &extent| {
        dimensions.message(1, &ProtobufMessage::default().int(1, extent as i64))
    });
    let tensor = ProtobufMessage::default()
        .int(1, FLOAT)
        .message(2, &dimensions);
    ProtobufMessage::default()
        .text(1, name)
        .message(2, &ProtobufMessage::default().message(1, &tensor))
}
