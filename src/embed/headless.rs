//! The class `Moue`: reads pictures for a program and shows nothing.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::events::{EventDispatcher, to_error};
use super::parts;
use super::reader::Reader;
use crate::page::host::options::Options;

/// The options of `Moue.create`, each with the name of the corresponding attribute.
const OPTIONS: [(&str, &str); 4] = [
    ("purpose", "purpose"),
    ("legalBasis", "legal-basis"),
    ("engine", "engine"),
    ("maxFaces", "max-faces"),
];

/// Reads pictures with an engine of this page.
pub struct Headless {
    reader: Rc<Reader>,
    dispatcher: Rc<EventDispatcher>,
    max_faces: Option<usize>,
}

impl Headless {
    /// Starts an engine, or joins the one that is running, and returns when it is ready.
    ///
    /// # Errors
    /// Invalid options, a prohibited purpose, or an engine that does not start, as JavaScript
    /// errors with a code.
    pub async fn create(options: &JsValue, parts: &JsValue) -> Result<Self, JsValue> {
        let options = read(options)?;
        options.check_purpose().map_err(|error| to_error(&error))?;
        let dispatcher = Rc::new(EventDispatcher::new(None));
        let location = parts::read(parts)?;
        let reader = Reader::start(location, options.engine, dispatcher.clone());
        let headless = Self {
            reader,
            dispatcher,
            max_faces: options.max_faces,
        };
        JsFuture::from(headless.dispatcher.engine()).await?;
        Ok(headless)
    }

    /// Reads a picture; see [`Reader::analyze`].
    pub fn analyze(
        &self,
        source: JsValue,
    ) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
        self.reader.clone().analyze(source, self.max_faces)
    }

    /// Releases the engine.
    pub fn close(&self) {
        self.dispatcher.close();
        self.reader.close();
    }
}

impl Drop for Headless {
    fn drop(&mut self) {
        self.close();
    }
}

fn read(given: &JsValue) -> Result<Options, JsValue> {
    let mut options = Options::default();
    for (property, attribute) in OPTIONS {
        let value = match Reflect::get(given, &property.into()) {
            Ok(value) if !value.is_undefined() && !value.is_null() => value,
            _ => continue,
        };
        let number = value.as_f64().map(|number| number.to_string());
        let text = value
            .as_string()
            .or(number)
            .unwrap_or_else(|| format!("{value:?}"));
        let set = options.set(attribute, Some(&text));
        set.map_err(|error| to_error(&error))?;
    }
    Ok(options)
}
