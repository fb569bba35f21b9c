//! The few things that differ by platform, one signature each.
//!
//! Everything else in the crate compiles the same for a browser and for a desktop.

#[cfg(feature = "native")]
pub mod files;
pub mod simd;

/// Returns milliseconds on a clock that never runs backwards. Only differences mean anything.
#[cfg(target_arch = "wasm32")]
pub fn now_millis() -> f64 {
    // `performance` exists in pages and in workers alike, so no `window` is asked for.
    #[wasm_bindgen::prelude::wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn performance_now() -> f64;
    }
    performance_now()
}

/// Returns milliseconds on a clock that never runs backwards. Only differences mean anything.
#[cfg(not(target_arch = "wasm32"))]
pub fn now_millis() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
}

/// Lets other work on this thread run: messages, timers and painting.
///
/// A microtask (an already resolved promise) would not do: the browser delivers messages only
/// between macrotasks, and the newest frame could then never overtake an older one.
#[cfg(target_arch = "wasm32")]
pub async fn yield_now() {
    sleep(0).await;
}

/// Lets other work on this thread run for so long.
#[cfg(target_arch = "wasm32")]
pub async fn sleep(millis: u32) {
    // Kept until it has fired: a forgotten timer would leak its function, one for every frame.
    let mut timer = None;
    let passed = js_sys::Promise::new(&mut |resolve, _reject| {
        timer = Some(gloo::timers::callback::Timeout::new(millis, move || {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        }));
    });
    let _ = wasm_bindgen_futures::JsFuture::from(passed).await;
    drop(timer);
}

/// Does nothing: natively nothing else runs on the caller's thread.
#[cfg(not(target_arch = "wasm32"))]
pub async fn yield_now() {}

/// Runs the constructors of linked crates, once; for the `main` of a program with such crates.
/// The linker otherwise lets every call from JavaScript run all of them, which takes seconds.
#[cfg(target_arch = "wasm32")]
pub fn run_constructors() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: the linker defines it, and does not call it itself where the program does.
    unsafe { __wasm_call_ctors() }
}

/// Does nothing: natively constructors run before `main`.
#[cfg(not(target_arch = "wasm32"))]
pub fn run_constructors() {}

/// Why a GPU cannot be used from the command line.
#[cfg(feature = "native")]
#[derive(Debug, thiserror::Error)]
pub enum GpuUnavailable {
    /// There is no adapter, or its driver refuses.
    #[error("no usable Vulkan GPU ({reason}); install its driver, or use --device cpu")]
    NoVulkan {
        /// Message of the failed attempt.
        reason: String,
    },
    /// The program was built without CUDA.
    #[error(
        "this moue was built without CUDA; build it with `cargo build --release --features cuda`, \
         or use --device vulkan"
    )]
    NotBuilt,
}

/// Opens the discrete Vulkan GPU of this number; with 0, any GPU where there is no discrete one.
///
/// # Errors
/// [`GpuUnavailable::NoVulkan`] if there is none.
#[cfg(feature = "native")]
pub fn vulkan(number: usize) -> Result<burn::tensor::Device, GpuUnavailable> {
    let options =
        burn::tensor::Device::wgpu_options().graphics_api(burn::tensor::wgpu::WgpuBackend::Vulkan);
    match number {
        0 => options.init(),
        _ => options
            .device_kind(burn::tensor::DeviceKind::DiscreteGpu(number))
            .init(),
    }
    .map_err(|error| GpuUnavailable::NoVulkan {
        reason: error.to_string(),
    })
}

/// Opens the CUDA GPU of this number.
///
/// # Errors
/// [`GpuUnavailable::NotBuilt`] without the `cuda` feature.
#[cfg(feature = "native")]
pub fn cuda(number: usize) -> Result<burn::tensor::Device, GpuUnavailable> {
    #[cfg(feature = "cuda")]
    return Ok(burn::tensor::Device::cuda(number));
    #[cfg(not(feature = "cuda"))]
    {
        let _ = number;
        Err(GpuUnavailable::NotBuilt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_forward_in_milliseconds() {
        let before = now_millis();
        std::thread::sleep(std::time::Duration::from_millis(20));
        let elapsed = now_millis() - before;
        assert!((20.0..2000.0).contains(&elapsed), "{elapsed} ms");
    }
}
