//! The page and its worker.
//!
//! The page shows pictures, takes camera frames and draws readings; it never decodes, detects or
//! infers. All of that happens in a dedicated worker, behind typed messages ([`protocol`]).
//!
//! Two things are our own for the sake of bytes, which every visitor fetches before the page is usable. The icons are
//! paths in `components::icon`: they are five, fewer bytes than the code around those of an icon crate. The camera is
//! opened by [`camera`] with `web-sys` alone: leptos-use would come for one call of the browser's.
//!
//! | plain data, tested everywhere | the page | the worker |
//! |---|---|---|
//! | [`protocol`] messages | [`session`] the page's state | [`worker`] reads one picture at a time |
//! | [`state`] what the page is in | [`engines`] that run and who shares them, [`engine_place`] whence, [`engine`] the handle on a worker | [`model_loading`] from address to warm engine |
//! | [`mailbox`] the newest of each wins | [`photo`] from file to worker, [`album`] several, [`sample`] ours | [`device`] WebGPU or CPU |
//! | [`geometry`] boxes and sizes | [`live`] the frames of whatever plays, [`video`] a file | [`loader`] fetches files |
//! | [`verdict`] readings in words | [`camera`], [`capture`], [`consent`] before it, [`settings`] of it, [`visibility`] of the page | |
//! | [`advice`] errors in words, [`error_code`] their names | [`language`] which words, [`storage`] what the device keeps | |
//! | [`history`] what a recording keeps, [`summary`] what is said of it | [`record`] the recording, [`save`] and [`annotate`] files of it | |
//! | [`chart`] its lines, [`export`] its files, [`clock`] its seconds | | |
//! | [`announcer`] what is said aloud, and when | | |
//! | [`given`] what a pile of files is | [`intake`] who takes it, [`folder`] its files | |
//! | [`words`] every word, in every language | [`numbers`] as the language writes them | |
//! | [`colours`] of faces, [`meter`] and [`pace`] of the page | [`details`] what it measures of itself | |
//! | [`message`], [`notice`] words to be said | [`components`] | |
//! | [`installed`] what the copy on this device is worth | [`offline`] that copy | |

pub mod advice;
pub mod album;
pub mod annotate;
pub mod announcer;
pub mod attention;
pub mod baseline;
pub mod camera;
pub mod capture;
pub mod chart;
pub mod clock;
pub mod colours;
pub mod columns;
pub mod components;
pub mod consent;
pub mod coverage;
pub mod details;
pub mod device;
pub mod engine;
pub mod engine_info;
pub mod engine_place;
pub mod engines;
pub mod error_code;
pub mod export;
pub mod folder;
pub mod geometry;
pub mod given;
pub mod history;
pub mod installed;
pub mod intake;
pub mod language;
pub mod live;
pub mod loader;
pub mod mailbox;
pub mod message;
pub mod meter;
pub mod model_loading;
pub mod notice;
pub mod numbers;
pub mod offline;
pub mod pace;
pub mod photo;
pub mod protocol;
pub mod record;
pub mod sample;
pub mod samples;
pub mod save;
pub mod session;
pub mod settings;
pub mod state;
pub mod storage;
pub mod summary;
pub mod verdict;
pub mod video;
pub mod visibility;
pub mod words;
pub mod worker;

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
