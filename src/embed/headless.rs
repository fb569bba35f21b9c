//! `Moue`: reads pictures for a program, shows nothing.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::events::{EventDispatcher, to_error};
use super::parts;
use super::reader::Reader;
use crate::page::host::options::Options;

/// The options of `Moue.create`, and the attributes whose names they stand for.
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
    /// Starts an engine, or joins the one that runs. Comes back when it is ready.
    ///
    /// # Errors
    /// Options that make no sense, a purpose that is prohibited, an engine that does not start: as
    /// JavaScript errors with a code.
    pub async fn create(options: &JsValue, parts: &JsValue) -> Result<Self, JsValue> {
        let options = read(options)?;
        options.admitted().map_err(|fault| to_error(&fault))?;
        let dispatcher = Rc::new(EventDispatcher::new(None));
        let place = parts::read(parts)?;
        let reader = Reader::start(place, options.engine, dispatcher.clone());
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

    /// Lets go of the engine.
    pub fn close(&self) {
        self.dispatcher.fall_silent();
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
        set.map_err(|fault| to_error(&fault))?;
    }
    Ok(options)
}
