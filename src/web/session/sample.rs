//! The sample picture: three drawn faces, included in the program, so that trying the page needs
//! neither a request nor a photo of a person. `tests/fixtures/draw_faces.py` draws it.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{File, FilePropertyBag};

const JPEG: &[u8] = include_bytes!("../../../www/sample.jpg");

/// Returns the sample picture as a file.
///
/// # Errors
/// What the browser throws if it cannot create files.
pub fn file() -> Result<File, JsValue> {
    let parts = Array::of1(&Uint8Array::from(JPEG));
    let options = FilePropertyBag::new();
    options.set_type("image/jpeg");
    File::new_with_u8_array_sequence_and_options(&parts, "sample.jpg", &options)
}
