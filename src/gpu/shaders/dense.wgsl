// A dense convolution of any window over few channels, number by number: the first layer, which
// reads the input as it was given, without padding its channels to quads. An invocation computes
// QUADS quads of COLUMNS neighbours of a row, from the SPAN inputs of each of its kernel's rows.
//
// Weights: [tap, channel in, quad out], then the bias.

@group(0) @binding($INPUT) var<storage, read> input: array<f32>;
@group(0) @binding($WEIGHTS) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding($GATE) var<storage, read> gate: array<f32>;
@group(0) @binding($ADDED) var<storage, read> added: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size($THREADS)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = parameters.quads_out;
    let channels = parameters.channels_in;
    let columns = parameters.columns_out;
    let columns_in = parameters.columns_in;
    let across = (quads + $QUADSu - 1u) / $QUADSu;
    let along = (columns + $COLUMNSu - 1u) / $COLUMNSu;
    let quad = id.x % across * $QUADSu;
    let column = id.x / across % along * $COLUMNSu;
    let row = id.x / across / along;
    let image = id.z;
    if row >= parameters.rows_out {
        return;
    }
    // A row or column before the first wraps around to a large number, which is no row either.
    let top = row * $STRIDEu - parameters.rows_before;
    let left = column * $STRIDEu - parameters.columns_before;
//: for s in SPAN
    let inside$s = left + $su < columns_in;
    let offset$s = min(left + $su, columns_in - 1u) * parameters.pixel_length;
//: end
//: for q in QUADS
    let to$q = min(quad + $qu, quads - 1u);
//: for c in COLUMNS
    var sum$c_$q = weights[$[KERNEL*KERNEL]u * channels * quads + to$q];
//: end
//: end
    for (var down = 0u; down < $KERNELu; down++) {
        let line = top + down;
        if line < parameters.rows_in {
            let origin = (image * parameters.rows_in + line) * columns_in * parameters.pixel_length;
            for (var channel = 0u; channel < channels; channel++) {
                var factor = 1.0;
                if parameters.gate_quads != 0u {
                    factor = gate[image * parameters.gate_quads * 4u + channel];
                }
//: for s in SPAN
                let x$s = select(0.0, input[origin + offset$s + channel] * factor, inside$s);
//: end
//: for k in KERNEL
                let tap$k = ((down * $KERNELu + $ku) * channels + channel) * quads;
//: for q in QUADS
                let weight$k_$q = weights[tap$k + to$q];
//: for c in COLUMNS
                sum$c_$q += x$[c*STRIDE+k] * weight$k_$q;
//: end
//: end
//: end
            }
        }
    }
    let place = (image * parameters.rows_out + row) * columns + column;
//: for c in COLUMNS
//: for q in QUADS
    if column + $cu < columns && quad + $qu < quads {
        let index = (place + $cu) * quads + quad + $qu;
        var value = activate(sum$c_$q);
        if parameters.added != 0u {
            value += added[index];
        }
        output[index] = value;
    }
//: end
//: end
}
