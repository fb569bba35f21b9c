//! Whatever a visitor gives the page, dropped, pasted or chosen, and who takes it from there.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DataTransfer, File, FileList, FileSystemEntry};

use super::Session;
use crate::page::given::{Choice, Kind, choose};
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::input::folder;
use crate::web::input::folder::Dropped;

/// What came before the engine was ready.
pub(super) enum Waiting {
    Photo(File),
    Video(File),
}

impl Session {
    /// Reads what was dropped or pasted; says so where there is nothing to read.
    pub fn read_transfer(self, transfer: Option<DataTransfer>) {
        match transfer.as_ref().map(folder::dropped) {
            Some(Dropped::Files(files)) => self.read_files(files, false),
            Some(Dropped::Folders(entries)) => self.read_entries(entries),
            None => self.read_files(vec![], false),
        }
    }

    /// Reads the files that were chosen.
    pub fn read_chosen(self, files: FileList) {
        self.read_files(folder::list(files), false);
    }

    /// Reads the folder that was chosen.
    pub fn read_folder(self, files: FileList) {
        self.read_files(folder::chosen(files), true);
    }

    /// Looks through dropped folders. What is shown stays until something readable was found in
    /// them; whatever the visitor asks for meanwhile goes before them.
    fn read_entries(self, entries: Vec<FileSystemEntry>) {
        let asked = self.held.try_update_value(|held| {
            held.walk += 1;
            (held.wish, held.walk)
        });
        self.walking.set(true);
        spawn_local(async move {
            let files = folder::walk(entries).await;
            let now = self.held.try_with_value(|held| (held.wish, held.walk));
            if now.map(|(_, walk)| walk) == asked.map(|(_, walk)| walk) {
                self.walking.try_set(false);
            }
            if now == asked {
                self.read_files(files, true);
            }
        });
    }

    fn read_files(self, mut files: Vec<File>, is_folder: bool) {
        let kinds: Vec<Kind> = files.iter().map(folder::kind).collect();
        let choice = choose(&kinds, is_folder);
        let left_out = kinds.len() - choice.count();
        match choice {
            Choice::Photo(place) => {
                self.read_photo(files.swap_remove(place));
                self.tell_left_out(left_out);
            }
            Choice::Video(place) => {
                self.open_video(files.swap_remove(place));
                self.tell_left_out(left_out);
            }
            Choice::Photos(places) => {
                let photos = places.into_iter().filter_map(|place| files.get(place));
                self.open_album(photos.cloned().collect(), left_out);
            }
            Choice::Sound => self.tell_error("video-no-picture", Message::new("video-no-picture")),
            Choice::Nothing => {
                let code = match (is_folder, files.is_empty()) {
                    (false, _) => "nothing-to-read",
                    (true, true) => "folder-empty",
                    (true, false) => "folder-no-pictures",
                };
                self.tell_error(code, Message::new(code));
            }
        }
    }

    /// Says of a photo or a video that is read alone how many files came with it.
    fn tell_left_out(self, count: usize) {
        if count > 0 && self.notice.with_untracked(Option::is_none) {
            let message = Message::new("album-left-out").with("count", count);
            self.notice.set(Some(Notice::news("left-out", message)));
        }
    }

    /// Takes up, now that the engine is ready, what came before or was interrupted.
    pub(super) fn read_what_waits(self) {
        let waiting = self.held.try_update_value(|held| held.waiting.take());
        match waiting.flatten() {
            Some(Waiting::Photo(file)) => self.read_photo(file),
            Some(Waiting::Video(file)) => self.open_video(file),
            None => {
                self.resume_album();
                self.schedule_frame();
            }
        }
    }
}

/// Whether a transfer holds files at all; a paste of text is none of ours.
pub fn has_files(transfer: &DataTransfer) -> bool {
    transfer.files().is_some_and(|files| files.length() > 0)
}
