// The spatial gate from the maps of means and maxima: one kernel over both, a sigmoid.
//
// Weights: a quad (mean's, maximum's, 0, 0) each tap, then one with the bias in front.

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($WEIGHTS) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let rows = parameters.rows_in;
    let columns = parameters.columns_in;
    let pixel = id.x;
    if pixel >= rows * columns {
        return;
    }
    let kernel = parameters.kernel;
    let top = pixel / columns - parameters.rows_before;
    let left = pixel % columns - parameters.columns_before;
    var sum = weights[kernel * kernel].x;
    for (var down = 0u; down < kernel; down++) {
        for (var right = 0u; right < kernel; right++) {
            let row = top + down;
            let column = left + right;
            if row < rows && column < columns {
                let seen = input[(id.z * rows + row) * columns + column];
                sum += dot(seen.xy, weights[down * kernel + right].xy);
            }
        }
    }
    output[id.z * rows * columns + pixel] = vec4<f32>(1.0 / (1.0 + exp(-sum)), 0.0, 0.0, 0.0);
}
