// Mean and maximum over the channels of each pixel, one workgroup a pixel: what the spatial gate
// looks at. The output's quads are (mean, maximum, 0, 0).

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

var<workgroup> sums: array<f32, $THREADS>;
var<workgroup> maxima: array<f32, $THREADS>;

@compute @workgroup_size($THREADS)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let quads = parameters.quads_in;
    let pixels = parameters.rows_in * parameters.columns_in;
    let index = group.z * pixels + group.y * parameters.columns_in + group.x;
    let lowest = vec4<f32>(-3.4028234e38);
    var sum = vec4<f32>(0.0);
    var most = lowest;
    for (var quad = thread; quad < quads; quad += $THREADSu) {
        let x = input[index * quads + quad];
        // The last quad may hold more than the map's channels.
        let real = vec4<u32>(0u, 1u, 2u, 3u) + 4u * quad < vec4<u32>(parameters.channels_in);
        sum += select(vec4<f32>(0.0), x, real);
        most = max(most, select(lowest, x, real));
    }
    sums[thread] = sum.x + sum.y + sum.z + sum.w;
    maxima[thread] = max(max(most.x, most.y), max(most.z, most.w));
    for (var half = $HALFu; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            sums[thread] += sums[thread + half];
            maxima[thread] = max(maxima[thread], maxima[thread + half]);
        }
    }
    if thread == 0u {
        output[index] = vec4<f32>(sums[0] / f32(parameters.channels_in), maxima[0], 0.0, 0.0);
    }
}
