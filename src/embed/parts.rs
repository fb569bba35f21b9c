//! The locations of the worker and the model, which `www/embed.js` passes with an element.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

use super::events::to_error;
use crate::page::host::error::HostError;
use crate::page::protocol::ModelAddress;
use crate::web::engine::location::{EngineLocation, WorkerSource};

/// Reads `{ startWorker, manifest, manifestSha256, weights, key }`.
///
/// # Errors
/// Code `two-versions` if a required property is missing, as in a script of another release.
pub fn read(parts: &JsValue) -> Result<EngineLocation, JsValue> {
    let get = |name: &str| Reflect::get(parts, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| get(name).as_string();
    let make = get("startWorker").dyn_into().ok();
    let (Some(make), Some(manifest)) = (make, text("manifest")) else {
        return Err(to_error(&HostError::new(
            "two-versions",
            "embed.js and element.js are from different releases: publish all files of one release \
             together, and load the page without its cache.",
        )));
    };
    Ok(EngineLocation {
        key: text("key").unwrap_or_else(|| manifest.clone()),
        model: ModelAddress {
            manifest,
            manifest_sha256: text("manifestSha256"),
            weights: text("weights"),
        },
        worker: WorkerSource::Factory(make),
    })
}
