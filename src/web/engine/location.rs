//! The location of an engine: its worker's script and its model.

use js_sys::{Function, Promise};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Url, Worker, WorkerOptions, WorkerType};

use crate::page::protocol::ModelAddress;
use crate::spec::manifest::MANIFEST_FILE;

/// URL of the worker's script, relative to the page: a shim that starts `src/bin/engine.rs`.
const SCRIPT: &str = "engine-worker.js";
/// URL of the model's folder, relative to the page.
const FOLDER: &str = "model/";

/// The location of an engine.
#[derive(Clone, Debug)]
pub struct EngineLocation {
    /// Identifies the engine: engines with the same key and choice are shared.
    pub key: String,
    /// Location of its model.
    pub model: ModelAddress,
    /// How its worker is created.
    pub worker: WorkerSource,
}

/// How a worker is created.
#[derive(Clone, Debug)]
pub enum WorkerSource {
    /// From the URL of a module script on this origin.
    Script(String),
    /// By a JavaScript function that returns a promise of a `Worker`.
    Factory(Function),
}

impl EngineLocation {
    /// Returns the location of the page's own engine.
    ///
    /// # Errors
    /// What the browser throws if the page has no valid base URL.
    pub fn of_page() -> Result<Self, JsValue> {
        let base = base_url();
        let address = |relative: &str| Url::new_with_base(relative, &base).map(|url| url.href());
        // The build in the URL avoids a cached worker of another release.
        let script = address(&format!("{SCRIPT}?build={}", build()))?;
        let manifest = address(&format!("{FOLDER}{MANIFEST_FILE}"))?;
        Ok(Self {
            key: base,
            model: ModelAddress {
                manifest,
                ..ModelAddress::default()
            },
            worker: WorkerSource::Script(script),
        })
    }
}

impl WorkerSource {
    /// Creates a worker.
    ///
    /// # Errors
    /// What the browser throws if it does not start a worker.
    pub async fn make(&self) -> Result<Worker, JsValue> {
        match self {
            Self::Script(url) => {
                let options = WorkerOptions::new();
                options.set_type(WorkerType::Module);
                options.set_name("moue engine");
                Worker::new_with_options(url, &options)
            }
            Self::Factory(make) => {
                let promise: Promise = make.call0(&JsValue::NULL)?.dyn_into()?;
                JsFuture::from(promise).await?.dyn_into()
            }
        }
    }
}

/// Returns the document's base URL; empty if it has none.
pub fn base_url() -> String {
    document().base_uri().ok().flatten().unwrap_or_default()
}

/// Returns the identifier of this build of the page, which `start.js` sets on the root element;
/// empty if it is missing.
pub fn build() -> String {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("data-build"))
        .unwrap_or_default()
}
