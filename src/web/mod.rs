//! The page and its worker.
//!
//! The page shows pictures, takes camera frames and draws readings; it never decodes, detects or
//! infers. All of that happens in a dedicated worker, behind typed messages
//! ([`crate::page::protocol`]).
//!
//! Two things are implemented here to save bytes, which every visitor fetches before the page is
//! usable. The five icons are paths in `components::icon`, which need fewer bytes than the code of
//! an icon crate. [`input::camera`] opens the camera with `web-sys` alone: leptos-use would be
//! needed for only one browser call.
//!
//! | module | answers for |
//! |---|---|
//! | [`engine`] | the worker, and the page's handle to it |
//! | [`input`] | camera, frames, folders |
//! | [`session`] | the page's state and everything that changes it |
//! | [`components`] | the views |
//! | [`annotate`], [`save`], [`storage`] | files for the visitor, and settings kept on the device |
//! | [`offline`] | the copy that works without a network connection |
//! | [`task`] | futures that end with their owner |

pub mod annotate;
pub mod components;
pub mod engine;
pub mod input;
pub mod offline;
pub mod save;
pub mod session;
pub mod storage;
pub mod task;

use wasm_bindgen::JsCast;

/// Id of the element of `index.html` whose content the page replaces.
const MOUNT: &str = "app";

/// Mounts the page. Does nothing if the document lacks the element.
pub fn start() {
    console_error_panic_hook::set_once();
    let document = web_sys::window().and_then(|window| window.document());
    let mount = document.and_then(|document| document.get_element_by_id(MOUNT));
    let Some(mount) = mount.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return;
    };
    // Removes the placeholder that is shown while the program is being fetched.
    mount.set_inner_html("");
    leptos::mount::mount_to(mount, components::App).forget();
}

/// Returns a query parameter of the page's URL: `value` of `?name=value`.
pub(crate) fn address_parameter(name: &str) -> Option<String> {
    let query = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&query)
        .ok()?
        .get(name)
}
