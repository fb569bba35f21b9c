//! From the file of a photo to the worker.

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::intake::Waiting;
use super::{InFlight, Session, album};
use crate::page::protocol::RequestHead;
use crate::page::words::advice;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::engine::shared;

/// Larger files are refused before they are read into memory. No decoder takes a picture that
/// needs more.
const MAX_FILE_BYTES: f64 = 256e6;

impl Session {
    /// Reads a photo. It is shown once it was read, so that the browser never has to display what
    /// the decoder refused.
    pub fn read_photo(self, file: File) {
        self.stop_stream();
        self.close_album();
        self.notice.set(None);
        if file.size() > MAX_FILE_BYTES {
            self.busy.set(false);
            self.notice.set(Some(too_large(&file)));
            return;
        }
        self.busy.set(true);
        let wish = self.wish();
        if !self.state.with_untracked(|state| state.is_ready()) {
            self.held
                .update_value(|held| held.waiting = Some(Waiting::Photo(file)));
            return;
        }
        spawn_local(async move {
            let bytes = bytes(&file).await;
            if !self.is_wanted(wish) {
                return;
            }
            match bytes {
                // The engine went away meanwhile, and another one is on its way.
                Ok(_) if !self.state.with_untracked(|state| state.is_ready()) => {
                    self.held
                        .update_value(|held| held.waiting = Some(Waiting::Photo(file)));
                }
                Ok(bytes) => {
                    let id = shared::next_number();
                    let name = file.name();
                    let url = album::address(file);
                    let picture = InFlight::Photo { id, url, name };
                    self.held
                        .update_value(|held| held.in_flight = Some(picture));
                    let ask = self.ask.get_untracked().with_attention(true);
                    self.send(id, &RequestHead::Photo { id, ask }, &bytes);
                }
                Err(notice) => {
                    self.busy.set(false);
                    self.notice.set(Some(notice));
                }
            }
        });
    }
}

/// The bytes of a file.
///
/// # Errors
/// What to say of a file that is too large, or that the browser cannot open.
pub(super) async fn bytes(file: &File) -> Result<ArrayBuffer, Notice> {
    if file.size() > MAX_FILE_BYTES {
        return Err(too_large(file));
    }
    let bytes = JsFuture::from(file.array_buffer()).await;
    bytes
        .ok()
        .and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok())
        .ok_or_else(|| Notice::error("file-unreadable", Message::new("file-unreadable")))
}

fn too_large(file: &File) -> Notice {
    let message = Message::new("file-too-large")
        .with("size", advice::megabytes(file.size() as u64))
        .with("limit", advice::megabytes(MAX_FILE_BYTES as u64));
    Notice::error("file-too-large", message)
}
