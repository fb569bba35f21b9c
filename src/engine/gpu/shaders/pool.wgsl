// The mean of each channel, of the input times a gate where there is one. LINES invocations share
// the pixels of a quad.

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gate: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> output: array<vec4<f32>>;

//: if SHARED
var<workgroup> parts: array<vec4<f32>, $[ACROSS*LINES]>;
//: end

@compute @workgroup_size($ACROSS, $LINES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let quads = parameters.quads_in;
    let pixels = parameters.rows_in * parameters.columns_in;
    let quad = group.x * $ACROSSu + local.x;
    let image = group.z;
    var sum = vec4<f32>(0.0);
    if quad < quads {
        for (var pixel = local.y; pixel < pixels; pixel += $LINESu) {
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
    parts[local.y * $ACROSSu + local.x] = sum;
    workgroupBarrier();
    if local.y == 0u {
        for (var line = 1u; line < $LINESu; line++) {
            sum += parts[line * $ACROSSu + local.x];
        }
    }
//: end
    if local.y == 0u && quad < quads {
        output[image * quads + quad] = sum / f32(pixels);
    }
}
