//! Saving files and copying to the clipboard, all on this device.

use gloo::file::{Blob, ObjectUrl};
use gloo::timers::callback::Timeout;
use js_sys::{Date, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, ClipboardItem, HtmlElement};

/// Time after which the object URL of a saved file is released, in milliseconds. Browsers have
/// begun to save long before.
const SAVING_MILLIS: u32 = 5_000;

/// Returns a file name with the local date and time: "moue-2026-05-01-17-30-05.csv".
pub fn file_name(ending: &str) -> String {
    let now = Date::new_0();
    let parts = [
        now.get_month() + 1,
        now.get_date(),
        now.get_hours(),
        now.get_minutes(),
        now.get_seconds(),
    ];
    let parts: String = parts.iter().map(|part| format!("-{part:02}")).collect();
    format!("moue-{}{parts}.{ending}", now.get_full_year())
}

/// Returns the current time in ISO 8601.
pub fn now_iso() -> String {
    Date::new_0().to_iso_string().into()
}

/// Makes the browser save a file.
///
/// # Errors
/// What the browser throws.
pub fn save(name: &str, content: Blob) -> Result<(), JsValue> {
    let url = ObjectUrl::from(content);
    let link: HtmlElement = document().create_element("a")?.dyn_into()?;
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.click();
    Timeout::new(SAVING_MILLIS, move || drop(url)).forget();
    Ok(())
}

/// Copies text to the clipboard.
///
/// # Errors
/// What the browser throws, for example if the visitor does not allow it.
pub async fn copy_text(text: &str) -> Result<(), JsValue> {
    JsFuture::from(clipboard()?.write_text(text))
        .await
        .map(drop)
}

/// Copies a PNG to the clipboard.
///
/// # Errors
/// What the browser throws, for example if it cannot copy pictures.
pub async fn copy_picture(png: &web_sys::Blob) -> Result<(), JsValue> {
    let clipboard = clipboard()?;
    let types = js_sys::Object::new();
    Reflect::set(&types, &"image/png".into(), png)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&types)?;
    let items = js_sys::Array::of1(&item);
    JsFuture::from(clipboard.write(&items)).await.map(drop)
}

/// Whether this browser can copy pictures.
pub fn copies_pictures() -> bool {
    clipboard().is_ok() && Reflect::has(&window(), &"ClipboardItem".into()).unwrap_or(false)
}

/// Returns the clipboard; an error on pages without a secure connection.
fn clipboard() -> Result<Clipboard, JsValue> {
    Reflect::get(&window().navigator(), &"clipboard".into())?.dyn_into()
}
