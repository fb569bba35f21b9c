// A 1x1 convolution: a matrix product of pixels by channels. An invocation sums a tile of PIXELS by
// QUADS quads in registers, so that each number loaded is used several times; SPLIT invocations
// share a tile's sum over the input channels where a map has too few pixels to occupy a GPU. Large
// tiles are finished in a loop, for the code's size.
//
// Weights: [channel in, quad out], then the bias.

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($WEIGHTS) var<storage, read> weights: array<vec4<f32>>;
//: if GATED
@group(0) @binding($GATE) var<storage, read> gate: array<vec4<f32>>;
//: end
@group(0) @binding($ADDED) var<storage, read> added: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

//: if SPLITS
var<workgroup> sums: array<vec4<f32>, $[TILES*SPLIT*PIXELS*QUADS]>;
//: end

fn finish(sum: vec4<f32>, image: u32, pixels: u32, pixel: u32, quad: u32) {
    if pixel < pixels && quad < parameters.quads_out {
        let bias = weights[parameters.quads_in * 4u * parameters.quads_out + quad];
        let index = (image * pixels + pixel) * parameters.quads_out + quad;
        var value = activate(sum + bias);
        if parameters.added != 0u {
            value += added[index];
        }
        output[index] = value;
    }
}

@compute @workgroup_size($[TILES*SPLIT])
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let pixels = parameters.rows_out * parameters.columns_out;
    let quads_in = parameters.quads_in;
    let quads_out = parameters.quads_out;
    let across = (quads_out + $QUADSu - 1u) / $QUADSu;
    let lane = thread % $TILESu;
    let share = thread / $TILESu;
    let tile = group.x * $TILESu + lane;
    let quad = tile % across * $QUADSu;
    let pixel = tile / across * $PIXELSu;
    let image = group.z;
//: if WHOLE
    if pixel >= pixels {
        return;
    }
//: end
    // Tiles that hang over an edge sum its last row or column again and store it once.
//: for p in PIXELS
    let from$p = (image * pixels + min(pixel + $pu, pixels - 1u)) * quads_in;
//: end
//: for q in QUADS
    let to$q = min(quad + $qu, quads_out - 1u);
//: end
//: for p in PIXELS
//: for q in QUADS
    var sum$p_$q = vec4<f32>(0.0);
//: end
//: end
    for (var k = share; k < quads_in; k += $SPLITu) {
        let row = k * 4u * quads_out;
//: if GATED
        let factor = gate[image * quads_in + k];
//: end
//: for p in PIXELS
//: if GATED
        let x$p = input[from$p + k] * factor;
//: end
//: if PLAIN
        let x$p = input[from$p + k];
//: end
//: end
//: for q in QUADS
        let a$q = weights[row + to$q];
        let b$q = weights[row + quads_out + to$q];
        let c$q = weights[row + 2u * quads_out + to$q];
        let d$q = weights[row + 3u * quads_out + to$q];
//: for p in PIXELS
        sum$p_$q += x$p.x * a$q + x$p.y * b$q + x$p.z * c$q + x$p.w * d$q;
//: end
//: end
    }
//: if UNROLLED
//: for p in PIXELS
//: for q in QUADS
    finish(sum$p_$q, image, pixels, pixel + $pu, quad + $qu);
//: end
//: end
//: end
//: if LOOPED
    var sums: array<vec4<f32>, $[PIXELS*QUADS]>;
//: for p in PIXELS
//: for q in QUADS
    sums[$[p*QUADS+q]] = sum$p_$q;
//: end
//: end
    for (var part = 0u; part < $[PIXELS*QUADS]u; part++) {
        finish(sums[part], image, pixels, pixel + part / $QUADSu, quad + part % $QUADSu);
    }
//: end
//: if SPLITS
    let first = (lane * $SPLITu + share) * $[PIXELS*QUADS]u;
//: for p in PIXELS
//: for q in QUADS
    sums[first + $[p*QUADS+q]u] = sum$p_$q;
//: end
//: end
    workgroupBarrier();
    for (var part = share; part < $[PIXELS*QUADS]u; part += $SPLITu) {
        var sum = vec4<f32>(0.0);
        for (var k = 0u; k < $SPLITu; k++) {
            sum += sums[(lane * $SPLITu + k) * $[PIXELS*QUADS]u + part];
        }
        finish(sum, image, pixels, pixel + part / $QUADSu, quad + part % $QUADSu);
    }
//: end
}
