//! What other people's pages embed: the inside of `<moue-face>` and the class `Moue`.
//! `www/embed.js` loads this program when somebody first needs it.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let _ = writeln!(
        std::io::stderr(),
        "element: this is what other pages embed and runs only in a browser. `make package` builds it."
    );
    std::process::ExitCode::from(2)
}

#[cfg(target_arch = "wasm32")]
fn main() {
    moue::embed::start();
}

/// The classes that `www/embed.js` uses.
#[cfg(target_arch = "wasm32")]
mod shell {
    use std::rc::Rc;

    use moue::embed::element::Element;
    use moue::embed::headless::Headless;
    use moue::embed::parts;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::{HtmlElement, ShadowRoot};

    /// One `<moue-face>` element.
    #[wasm_bindgen]
    pub struct FaceElement(Rc<Element>);

    #[wasm_bindgen]
    impl FaceElement {
        /// Creates an element that has done nothing yet.
        #[wasm_bindgen(constructor)]
        pub fn new(host: HtmlElement, root: ShadowRoot, parts: &JsValue) -> Result<Self, JsValue> {
            Ok(Self(Rc::new(Element::new(host, root, parts::read(parts)?))))
        }

        /// Sets an attribute, or removes it where `value` is `None`.
        pub fn set(&self, name: &str, value: Option<String>) {
            self.0.set(name, value.as_deref());
        }

        /// Shows the element and requests what it needs: consent, the camera, the engine.
        pub async fn start(&self) -> Result<(), JsValue> {
            let element = self.0.clone();
            element.start().await
        }

        /// Closes the camera.
        pub fn stop(&self) {
            self.0.stop();
        }

        /// Reads a picture and returns the reading.
        pub async fn analyze(&self, source: JsValue) -> Result<JsValue, JsValue> {
            let element = self.0.clone();
            element.analyze(source).await
        }

        /// Returns the recording as text in `format`, `json` or `csv`; `None` means `json`.
        #[wasm_bindgen(js_name = exportData)]
        pub fn export_data(&self, format: Option<String>) -> Result<String, JsValue> {
            self.0.export(format.as_deref().unwrap_or("json"))
        }

        /// Tells the element that it was moved in its document.
        pub fn resumed(&self) {
            self.0.resumed();
        }

        /// Frees everything that the element holds.
        pub fn close(&self) {
            self.0.close();
        }
    }

    /// Reads pictures without showing anything.
    #[wasm_bindgen]
    pub struct Moue(Headless);

    #[wasm_bindgen]
    impl Moue {
        /// Creates a reader that is ready to read.
        pub async fn create(options: JsValue, parts: JsValue) -> Result<Self, JsValue> {
            Headless::create(&options, &parts).await.map(Self)
        }

        /// Reads a picture and returns the reading.
        pub async fn analyze(&self, source: JsValue) -> Result<JsValue, JsValue> {
            let reading = self.0.analyze(source);
            reading.await
        }

        /// Frees everything that the reader holds.
        pub fn close(&self) {
            self.0.close();
        }
    }
}
