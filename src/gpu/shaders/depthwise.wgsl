// A depthwise convolution. An invocation computes a quad of COLUMNS neighbours of a row: the SPAN
// inputs of a kernel's row are loaded once for all of them, and so are its weights.
//
// Weights: [tap, quad], then the bias.

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($WEIGHTS) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size($THREADS)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = parameters.quads_out;
    let columns = parameters.columns_out;
    let columns_in = parameters.columns_in;
    let along = (columns + $COLUMNSu - 1u) / $COLUMNSu;
    let quad = id.x % quads;
    let column = id.x / quads % along * $COLUMNSu;
    let row = id.x / quads / along;
    let image = id.z;
    if row >= parameters.rows_out {
        return;
    }
    let nothing = vec4<f32>(0.0);
    // A row or column before the first wraps around to a large number, which is no row either.
    let top = row * $STRIDEu - parameters.rows_before;
    let left = column * $STRIDEu - parameters.columns_before;
//: for s in SPAN
    let inside$s = left + $su < columns_in;
    let offset$s = min(left + $su, columns_in - 1u) * quads + quad;
//: end
    let bias = weights[$[KERNEL*KERNEL]u * quads + quad];
//: for c in COLUMNS
    var sum$c = bias;
//: end
    for (var down = 0u; down < $KERNELu; down++) {
        let line = top + down;
        if line < parameters.rows_in {
            let origin = (image * parameters.rows_in + line) * columns_in * quads;
            let tap = down * $KERNELu * quads + quad;
//: for s in SPAN
            let x$s = select(nothing, input[origin + offset$s], inside$s);
//: end
//: for k in KERNEL
            let weight$k = weights[tap + $ku * quads];
//: for c in COLUMNS
            sum$c += x$[c*STRIDE+k] * weight$k;
//: end
//: end
        }
    }
    let place = ((image * parameters.rows_out + row) * columns + column) * quads + quad;
//: for c in COLUMNS
    if column + $cu < columns {
        output[place + $cu * quads] = activate(sum$c);
    }
//: end
}
