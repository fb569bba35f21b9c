// The input plus a map of half its size, each of whose pixels counts for two by two.

@group(0) @binding($INPUT) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding($ADDED) var<storage, read> added: array<vec4<f32>>;
@group(0) @binding($OUTPUT) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = parameters.quads_in;
    let rows = parameters.rows_in;
    let columns = parameters.columns_in;
    let quad = id.x % quads;
    let pixel = id.x / quads;
    if pixel >= rows * columns {
        return;
    }
    let row = pixel / columns / 2u;
    let column = pixel % columns / 2u;
    let small = (id.z * ((rows + 1u) / 2u) + row) * ((columns + 1u) / 2u) + column;
    let index = (id.z * rows * columns + pixel) * quads + quad;
    output[index] = input[index] + added[small * quads + quad];
}
