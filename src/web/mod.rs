//! The page and its worker.
//!
//! The page shows pictures, takes camera frames and draws readings; it never decodes, detects or
//! infers. All of that happens in a dedicated worker, behind typed messages
//! ([`crate::page::protocol`]).
//!
//! Two things are our own for the sake of bytes, which every visitor fetches before the page is
//! usable. The icons are paths in `components::icon`: they are five, fewer bytes than the code
//! around those of an icon crate. The camera is opened by [`input::camera`] with `web-sys` alone:
//! leptos-use would come for one call of the browser's.
//!
//! | module | answers for |
//! |---|---|
//! | [`engine`] | the worker, and the page's handle on it |
//! | [`input`] | camera, frames, folders |
//! | [`session`] | the page's state and everything that changes it |
//! | [`components`] | what is drawn |
//! | [`annotate`], [`save`], [`storage`] | files for the visitor, and what the device keeps |
//! | [`offline`] | the copy that works without a network |
//! | [`task`] | futures that end with their owner |
//! | [`attention`] | whether the network's attention is shown |

pub mod annotate;
pub mod attention;
pub mod components;
pub mod engine;
pub mod input;
pub mod offline;
pub mod save;
pub mod session;
pub mod storage;
pub mod task;

use wasm_bindgen::JsCast;

/// The element of `index.html` that the page takes over.
const MOUNT: &str = "app";

/// Shows the page.
pub fn start() {
    console_error_panic_hook::set_once();
    let document = web_sys::window().and_then(|window| window.document());
    let mount = document.and_then(|document| document.get_element_by_id(MOUNT));
    let Some(mount) = mount.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return;
    };
    // What stands there is the picture of a page that is still being fetched.
    mount.set_inner_html("");
    leptos::mount::mount_to(mount, components::App).forget();
}

/// A parameter of the page's address, `value` of `?name=value`.
pub(crate) fn address_parameter(name: &str) -> Option<String> {
    let query = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&query)
        .ok()?
        .get(name)
}
