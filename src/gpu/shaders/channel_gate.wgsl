// Squeeze-and-excitation's gate, one workgroup an image: the mean of each channel, two layers, a
// sigmoid. `channels_out` is the number of channels between the layers.
//
// Weights: [squeezed, quad] of the first layer, [squeezed, quad] of the second, the bias of the
// second by quads, the bias of the first.

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($WEIGHTS) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

var<workgroup> parts: array<vec4<f32>, $THREADS>;
var<workgroup> means: array<vec4<f32>, $QUADS>;
var<workgroup> hidden: array<f32, $SQUEEZED>;

@compute @workgroup_size($THREADS)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let quads = parameters.quads_in;
    let pixels = parameters.rows_in * parameters.columns_in;
    let squeezed = parameters.channels_out;
    let image = group.z;

    // Neighbours read neighbouring quads; where there are fewer than threads, the pixels are shared
    // out among rows of them.
    let wide = min(quads, $THREADSu);
    let high = $THREADSu / wide;
    let lane = thread % wide;
    let line = thread / wide;
    for (var first = 0u; first < quads; first += wide) {
        let quad = first + lane;
        var sum = vec4<f32>(0.0);
        if quad < quads && line < high {
            for (var pixel = line; pixel < pixels; pixel += high) {
                sum += input[(image * pixels + pixel) * quads + quad];
            }
        }
        parts[thread] = sum;
        workgroupBarrier();
        if thread < wide && quad < quads {
            for (var other = 1u; other < high; other++) {
                sum += parts[other * wide + lane];
            }
            means[quad] = sum / f32(pixels);
        }
        workgroupBarrier();
    }

    // The same for the first layer: several threads a sum.
    let sums = min(squeezed, $THREADSu);
    let shares = $THREADSu / sums;
    for (var first = 0u; first < squeezed; first += sums) {
        let channel = first + thread / shares;
        let share = thread % shares;
        var sum = vec4<f32>(0.0);
        if thread / shares < sums && channel < squeezed {
            for (var quad = share; quad < quads; quad += shares) {
                sum += means[quad] * weights[channel * quads + quad];
            }
        }
        parts[thread] = sum;
        workgroupBarrier();
        if share == 0u && thread / shares < sums && channel < squeezed {
            for (var other = 1u; other < shares; other++) {
                sum += parts[thread + other];
            }
            let bias = weights[(2u * squeezed + 1u) * quads + channel / 4u][channel % 4u];
            let x = sum.x + sum.y + sum.z + sum.w + bias;
            hidden[channel] = activate(vec4<f32>(x)).x;
        }
        workgroupBarrier();
    }

    for (var quad = thread; quad < quads; quad += $THREADSu) {
        var sum = weights[2u * squeezed * quads + quad];
        for (var channel = 0u; channel < squeezed; channel++) {
            sum += hidden[channel] * weights[(squeezed + channel) * quads + quad];
        }
        output[image * quads + quad] = sigmoid(sum);
    }
}
