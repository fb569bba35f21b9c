// What every kernel starts with. A map is [image, row, column, quad], four channels a quad.

struct Parameters {
    rows_in: u32,
    columns_in: u32,
    channels_in: u32,
    quads_in: u32,
    rows_out: u32,
    columns_out: u32,
    channels_out: u32,
    quads_out: u32,
    kernel: u32,
    stride: u32,
    rows_before: u32,
    columns_before: u32,
    added: u32,
    gate_quads: u32,
    // Of the kernel that reads single numbers: how many a pixel has.
    pixel_length: u32,
    unused: u32,
}

@group(0) @binding($PARAMETERS) var<uniform> parameters: Parameters;

fn sigmoid(x: vec4<f32>) -> vec4<f32> {
    return 1.0 / (1.0 + exp(-x));
}

// One function a pipeline: to choose among them at run time costs little, but to compile all of them
// wherever a sum is finished costs seconds on a software GPU.
fn activate(x: vec4<f32>) -> vec4<f32> {
//: if ACTIVATION==0
    return x;
//: end
//: if ACTIVATION==1
    return max(x, vec4<f32>(0.0));
//: end
//: if ACTIVATION==2
    return clamp(x, vec4<f32>(0.0), vec4<f32>(6.0));
//: end
//: if ACTIVATION==3
    return x * sigmoid(x);
//: end
//: if ACTIVATION==4
    return sigmoid(x);
//: end
}
