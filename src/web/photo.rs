//! From a chosen, dropped or pasted file to the worker.

use gloo::file::ObjectUrl;
use js_sys::ArrayBuffer;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DataTransfer, File};

use super::advice;
use super::message::Message;
use super::protocol::RequestHead;
use super::session::{InFlight, Session};

/// Larger files are refused before they are read into memory. No decoder takes a picture that
/// needs more.
const MAX_FILE_BYTES: f64 = 256e6;

impl Session {
    /// Reads the first file of a drop or a paste; says so where there is none.
    pub fn read_transfer(self, transfer: Option<DataTransfer>) {
        match transfer.and_then(|transfer| first_file(&transfer)) {
            Some(file) => self.read_photo(file),
            None => self.tell_error("nothing-to-read", Message::new("nothing-to-read")),
        }
    }

    /// Reads a photo. It is shown once it was read, so that the browser never has to display what
    /// the decoder refused.
    pub fn read_photo(self, file: File) {
        self.stop_stream();
        self.notice.set(None);
        if file.size() > MAX_FILE_BYTES {
            self.tell_error(
                "file-too-large",
                Message::new("file-too-large")
                    .with("size", advice::megabytes(file.size() as u64))
                    .with("limit", advice::megabytes(MAX_FILE_BYTES as u64)),
            );
            return;
        }
        self.busy.set(true);
        let wish = self.wish();
        if !self.state.with_untracked(|state| state.is_ready()) {
            self.held
                .update_value(|held| held.waiting_photo = Some(file));
            return;
        }
        spawn_local(async move {
            let bytes = JsFuture::from(file.array_buffer()).await;
            if !self.is_wanted(wish) {
                return;
            }
            let Some(bytes) = bytes
                .ok()
                .and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok())
            else {
                self.busy.set(false);
                self.tell_error("file-unreadable", Message::new("file-unreadable"));
                return;
            };
            let id = self.next_id();
            let url = ObjectUrl::from(gloo::file::Blob::from(web_sys::Blob::from(file)));
            self.held
                .update_value(|held| held.in_flight = Some(InFlight::Photo { id, url }));
            self.send(&RequestHead::Photo { id }, Some(&bytes));
        });
    }
}

/// The first picture of a transfer, else its first file: the decoder judges better than a name.
fn first_file(transfer: &DataTransfer) -> Option<File> {
    let files = transfer.files()?;
    let all = || (0..files.length()).filter_map(|index| files.get(index));
    all()
        .find(|file| file.type_().starts_with("image/"))
        .or_else(|| all().next())
}

/// Whether a transfer holds files at all; a paste of text is none of ours.
pub fn has_files(transfer: &DataTransfer) -> bool {
    transfer.files().is_some_and(|files| files.length() > 0)
}
