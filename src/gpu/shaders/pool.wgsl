// The mean of each channel, of the input times a gate where there is one. LINES invocations share
// the pixels of a quad.

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($GATE) var<storage, read> gate: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

//: if SHARED
var<workgroup> parts: array<vec4<f32>, $[ACROSS*LINES]>;
//: end

@compute @workgroup_size($[ACROSS*LINES])
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let quads = parameters.quads_in;
    let pixels = parameters.rows_in * parameters.columns_in;
    let lane = thread % $ACROSSu;
    let line = thread / $ACROSSu;
    let quad = group.x * $ACROSSu + lane;
    let image = group.z;
    var sum = vec4<f32>(0.0);
    if quad < quads {
        for (var pixel = line; pixel < pixels; pixel += $LINESu) {
            let place = image * pixels + pixel;
            var x = input[place * quads + quad];
            if parameters.channels_out == 1u {
                x *= gate[place].x;
            } else if parameters.gate_quads != 0u {
                x *= gate[place * quads + quad];
            }
            sum += x;
        }
    }
//: if SHARED
    parts[thread] = sum;
    workgroupBarrier();
    if line == 0u {
        for (var other = 1u; other < $LINESu; other++) {
            sum += parts[other * $ACROSSu + lane];
        }
    }
//: end
    if line == 0u && quad < quads {
        output[image * quads + quad] = sum / f32(pixels);
    }
}
