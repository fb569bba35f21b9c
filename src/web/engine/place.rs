//! Where an engine comes from: its worker's script and its model.

use js_sys::{Function, Promise};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Url, Worker, WorkerOptions, WorkerType};

use crate::page::protocol::ModelAddress;
use crate::spec::manifest::MANIFEST_FILE;

/// The worker's script, relative to the page: a shim that starts `src/bin/engine.rs`.
const SCRIPT: &str = "engine-worker.js";
/// The folder of the model, relative to the page.
const FOLDER: &str = "model/";

/// Where an engine comes from.
#[derive(Clone, Debug)]
pub struct EnginePlace {
    /// Engines of the same key are the same.
    pub key: String,
    /// Its model.
    pub model: ModelAddress,
    /// Its worker.
    pub worker: WorkerSource,
}

/// How a worker is made.
#[derive(Clone, Debug)]
pub enum WorkerSource {
    /// From a module's address on this origin.
    Script(String),
    /// By a function that returns a promise of it.
    Made(Function),
}

impl EnginePlace {
    /// The page's own.
    ///
    /// # Errors
    /// What the browser throws where the page has no address that others can be relative to.
    pub fn of_page() -> Result<Self, JsValue> {
        let base = base_url();
        let address = |relative: &str| Url::new_with_base(relative, &base).map(|url| url.href());
        // The build in the address keeps a cached worker of another release out of the way.
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
    /// Makes a worker.
    ///
    /// # Errors
    /// What the browser throws where it starts none.
    pub async fn make(&self) -> Result<Worker, JsValue> {
        match self {
            Self::Script(url) => {
                let options = WorkerOptions::new();
                options.set_type(WorkerType::Module);
                options.set_name("moue engine");
                Worker::new_with_options(url, &options)
            }
            Self::Made(make) => {
                let promise: Promise = make.call0(&JsValue::NULL)?.dyn_into()?;
                JsFuture::from(promise).await?.dyn_into()
            }
        }
    }
}

/// The address from which the page's relative addresses start.
pub fn base_url() -> String {
    document().base_uri().ok().flatten().unwrap_or_default()
}

/// What tells this build of the page from others; `start.js` leaves it at the root element.
pub fn build() -> String {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("data-build"))
        .unwrap_or_default()
}
