//! The choice of the engines: the CPU, and WebGPU beside it if the browser has a hardware adapter.

use js_sys::{Function, Promise, Reflect};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::page::protocol::{CpuReason, EngineChoice};

/// The engines to start.
pub struct Selection {
    /// Name of the adapter that WebGPU is to use; `None` to leave WebGPU alone.
    pub adapter: Option<String>,
    /// Reason for using the CPU until WebGPU is there.
    pub cpu_reason: CpuReason,
}

/// Why an engine is not available.
#[derive(Debug, Error)]
pub enum DeviceError {
    /// WebGPU was asked for by name and there is no adapter.
    #[error(
        "This browser offers no WebGPU adapter. Choose the engine \"auto\" instead of \"webgpu\" to \
         compute on the CPU."
    )]
    NoAdapter,
    /// There is an adapter, but the program that uses it did not arrive, or its device did not
    /// start.
    #[error("WebGPU did not start ({0}). Choose the engine \"cpu\" to do without.")]
    Init(String),
}

/// The browser's description of its adapter.
struct Adapter {
    name: String,
    is_fallback: bool,
    /// burn-wgpu needs timestamp queries in a browser.
    has_timestamps: bool,
}

/// Returns the engines to start.
///
/// # Errors
/// [`DeviceError::NoAdapter`] if WebGPU was asked for by name and there is no adapter.
pub async fn select(choice: EngineChoice) -> Result<Selection, DeviceError> {
    let cpu = |cpu_reason| Selection {
        adapter: None,
        cpu_reason,
    };
    let both = |adapter: Adapter| Selection {
        adapter: Some(adapter.name),
        cpu_reason: CpuReason::WebGpuStarts,
    };
    Ok(match choice {
        EngineChoice::Cpu => cpu(CpuReason::Chosen),
        EngineChoice::CpuFallback => cpu(CpuReason::Crashed),
        EngineChoice::WebGpu => both(adapter().await.ok_or(DeviceError::NoAdapter)?),
        EngineChoice::Auto => match adapter().await {
            None => cpu(CpuReason::NoAdapter),
            Some(adapter) if adapter.is_fallback => cpu(CpuReason::SoftwareAdapter),
            Some(adapter) if !adapter.has_timestamps => cpu(CpuReason::WebGpuDidNotStart),
            Some(adapter) => both(adapter),
        },
    })
}

/// Asks `navigator.gpu` for its adapter; `None` if there is none or anything fails.
///
/// Uses reflection, because many browsers lack the interface and web-sys marks it as unstable.
async fn adapter() -> Option<Adapter> {
    let navigator = property(&js_sys::global(), "navigator")?;
    let gpu = property(&navigator, "gpu")?;
    let request: Function = property(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    Reflect::set(
        &options,
        &"powerPreference".into(),
        &"high-performance".into(),
    )
    .ok()?;
    let promise: Promise = request.call1(&gpu, &options).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise)
        .await
        .ok()
        .filter(|adapter| !is_nothing(adapter))?;
    let info = property(&adapter, "info").unwrap_or(JsValue::UNDEFINED);
    // Newer browsers have the flag on the adapter's info, older ones on the adapter.
    let is_fallback = [&info, &adapter]
        .into_iter()
        .filter_map(|holder| property(holder, "isFallbackAdapter"))
        .any(|flag| flag.is_truthy());
    let features = property(&adapter, "features")?;
    let has: Function = property(&features, "has")?.dyn_into().ok()?;
    let has_timestamps = has
        .call1(&features, &"timestamp-query".into())
        .ok()?
        .is_truthy();
    Some(Adapter {
        name: adapter_name(&info),
        is_fallback,
        has_timestamps,
    })
}

/// Returns the adapter's description, else its vendor and architecture. Firefox tells none of them.
fn adapter_name(info: &JsValue) -> String {
    let text = |name| {
        property(info, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    };
    let description = text("description");
    let parts = if description.trim().is_empty() {
        format!("{} {}", text("vendor"), text("architecture"))
    } else {
        description
    };
    parts.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn property(holder: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(holder, &name.into()).ok()?;
    (!is_nothing(&value)).then_some(value)
}

fn is_nothing(value: &JsValue) -> bool {
    value.is_null() || value.is_undefined()
}
