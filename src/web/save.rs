//! Files and the clipboard: what the visitor takes along, made on this device.

use gloo::file::{Blob, ObjectUrl};
use gloo::timers::callback::Timeout;
use js_sys::{Date, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, ClipboardItem, HtmlElement};

/// A browser has begun to save a file long before this; then its address is released.
const SAVING_MILLIS: u32 = 5_000;

/// A name with the day and the time of the device's clock: "moue-2026-05-01-17-30-05.csv".
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

/// Now, in ISO 8601.
pub fn now_iso() -> String {
    Date::new_0().to_iso_string().into()
}

/// Has the browser save a file.
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

/// Puts text on the clipboard.
///
/// # Errors
/// What the browser throws, as where the visitor does not allow it.
pub async fn copy_text(text: &str) -> Result<(), JsValue> {
    JsFuture::from(clipboard()?.write_text(text))
        .await
        .map(drop)
}

/// Puts a PNG on the clipboard.
///
/// # Errors
/// What the browser throws, as where it copies no pictures.
pub async fn copy_picture(png: &web_sys::Blob) -> Result<(), JsValue> {
    let clipboard = clipboard()?;
    let types = js_sys::Object::new();
    Reflect::set(&types, &"image/png".into(), png)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&types)?;
    let items = js_sys::Array::of1(&item);
    JsFuture::from(clipboard.write(&items)).await.map(drop)
}

/// Whether this browser copies pictures.
pub fn copies_pictures() -> bool {
    clipboard().is_ok() && Reflect::has(&window(), &"ClipboardItem".into()).unwrap_or(false)
}

/// Pages that did not come over a secure connection have none.
fn clipboard() -> Result<Clipboard, JsValue> {
    Reflect::get(&window().navigator(), &"clipboard".into())?.dyn_into()
}
