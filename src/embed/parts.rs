//! What `www/embed.js` hands over with an element: where the worker and the model come from.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

use super::events::to_error;
use crate::page::host::fault::Fault;
use crate::page::protocol::ModelAddress;
use crate::web::engine::place::{EnginePlace, WorkerSource};

/// Reads `{ startWorker, manifest, manifestSha256, weights, key }`.
///
/// # Errors
/// Code `two-versions` where something is missing, as in the script of another release.
pub fn read(parts: &JsValue) -> Result<EnginePlace, JsValue> {
    let get = |name: &str| Reflect::get(parts, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| get(name).as_string();
    let make = get("startWorker").dyn_into().ok();
    let (Some(make), Some(manifest)) = (make, text("manifest")) else {
        return Err(to_error(&Fault::new(
            "two-versions",
            "embed.js and element.js are from different releases: publish all files of one release \
             together, and load the page without its cache.",
        )));
    };
    Ok(EnginePlace {
        key: text("key").unwrap_or_else(|| manifest.clone()),
        model: ModelAddress {
            manifest,
            manifest_sha256: text("manifestSha256"),
            weights: text("weights"),
        },
        worker: WorkerSource::Made(make),
    })
}
