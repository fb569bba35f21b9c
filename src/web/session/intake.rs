//! Handles files that a visitor drops, pastes or chooses, and reads photos.

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransfer, File, FileList, FileSystemEntry};

use super::{Reading, Session, album, sample};
use crate::page::engine_handle::{EngineFailure, ReadError};
use crate::page::file_choice::{Choice, FileKind, choose};
use crate::page::protocol::{ErrorCode, Picture};
use crate::page::words::advice;
use crate::page::words::advice::CameraError;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::pipeline;
use crate::web::input::folder::Dropped;
use crate::web::input::{capture, folder, photo};
use crate::web::task::Task;

/// Maximum size of a photo's file in bytes; larger files are refused before they are read into
/// memory. No decoder accepts a picture that needs more.
const MAX_FILE_BYTES: f64 = 256e6;

/// Why a photo was not read.
pub(super) enum Unread {
    /// It was refused before it was read, for the reason in the notice.
    Unopened(Notice),
    /// It was refused by the decoder or the engine.
    Refused(EngineFailure),
    /// The engine crashed while it read the photo.
    Crashed(EngineFailure),
    /// Another engine takes over; the visitor has been told.
    Interrupted,
    /// There is no engine; the visitor has been told.
    NoEngine,
}

impl Session {
    /// Reads what was dropped or pasted; shows a notice if there is nothing to read.
    pub fn read_transfer(self, transfer: Option<DataTransfer>) {
        let dropped = transfer.as_ref().map(folder::dropped);
        match dropped {
            Some(Dropped::Files(files)) if files.is_empty() && transfer.is_some_and(names_file) => {
                let message = Message::new("file-not-handed-over");
                self.show_error("file-not-handed-over", message);
            }
            Some(Dropped::Files(files)) => self.read_files(files, false),
            Some(Dropped::Folders(entries)) => self.read_entries(entries),
            None => self.read_files(vec![], false),
        }
    }

    /// Reads the chosen files.
    pub fn read_chosen(self, files: FileList) {
        self.read_files(folder::list(files), false);
    }

    /// Reads the files of the chosen folder.
    pub fn read_folder(self, files: FileList) {
        self.read_files(folder::chosen(files), true);
    }

    /// Searches dropped folders. The current picture stays until something readable is found;
    /// anything else that the visitor opens meanwhile ends the search.
    fn read_entries(self, entries: Vec<FileSystemEntry>) {
        let pending = self.pending();
        let search = Task::spawn(async move {
            let files = folder::walk(entries).await;
            drop(pending);
            self.read_files(files, true);
        });
        self.held.update_value(|held| held.search = Some(search));
    }

    fn read_files(self, mut files: Vec<File>, is_folder: bool) {
        let kinds: Vec<FileKind> = files.iter().map(folder::kind).collect();
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
                self.clear();
                self.album.open(self, photos.cloned().collect(), left_out);
            }
            Choice::Sound => self.show_error("video-no-picture", Message::new("video-no-picture")),
            Choice::Nothing => {
                let code = match (is_folder, files.is_empty()) {
                    (false, _) => "nothing-to-read",
                    (true, true) => "folder-empty",
                    (true, false) => "folder-no-pictures",
                };
                self.show_error(code, Message::new(code));
            }
        }
    }

    /// Shows how many further files came with a photo or a video that is read alone.
    fn tell_left_out(self, count: usize) {
        if count > 0 && self.notice.with_untracked(Option::is_none) {
            let message = Message::new("album-left-out").with("count", count);
            self.show_notice(Notice::news("left-out", message));
        }
    }

    /// Reads the sample picture, and says that its faces are drawn.
    pub fn read_sample(self) {
        if let Ok(file) = sample::file() {
            self.read_photo(file);
            self.show_notice(Notice::news("sample", Message::new("sample-drawn")));
        }
    }

    /// Reads a photo, in place of whatever was requested before. It is shown only after it was
    /// read, so that the browser never displays a file that the decoder refused.
    pub fn read_photo(self, file: File) {
        self.stop_stream();
        self.album.close();
        self.supersede();
        self.notice.set(None);
        let pending = self.pending();
        let task = Task::spawn(async move {
            let answer = self.read_file(&file).await;
            drop(pending);
            match answer {
                Ok((reading, shown)) => {
                    self.show_photo(album::address(shown), file.name(), reading);
                }
                Err(Unread::Unopened(notice)) => self.show_notice(notice),
                Err(Unread::Refused(error) | Unread::Crashed(error)) => {
                    self.show_notice(super::notice_of(&error));
                }
                Err(Unread::Interrupted | Unread::NoEngine) => (),
            }
        });
        self.held.update_value(|held| held.task = Some(task));
    }

    /// Reads a photo as soon as the engine is free. Returns the file to show as well: a copy where
    /// browsers show the file itself otherwise than it was read, or where only the browser decodes it.
    pub(super) async fn read_file(self, file: &Blob) -> Result<(Reading, Blob), Unread> {
        check_size(file).map_err(Unread::Unopened)?;
        let copy = photo::upright_copy(file).await.ok().flatten();
        let shown = copy.unwrap_or_else(|| file.clone());
        match self.read_blob(&shown).await {
            Err(Unread::Refused(error)) if photo::browser_may_decode(error.code, file) => {
                // The refusal stands if the browser cannot decode it either.
                match photo::browser_copy(file).await {
                    Ok(copy) => Ok((self.read_blob(&copy).await?, copy)),
                    Err(_) => Err(Unread::Refused(error)),
                }
            }
            reading => Ok((reading?, shown)),
        }
    }

    async fn read_blob(self, file: &Blob) -> Result<Reading, Unread> {
        let answer = loop {
            let bytes = bytes(file).await.map_err(Unread::Unopened)?;
            let options = self.options(pipeline::FrameSource::Photo);
            let answer = match self.turn().await {
                Ok(turn) => turn.read(Picture::Encoded(bytes), options).await,
                Err(error) => Err(error),
            };
            // If there is an engine, another one was chosen during the read: try again.
            if !matches!(answer, Err(ReadError::Closed)) || self.engine().is_none() {
                break answer;
            }
        };
        let answer = answer.map_err(|error| match error {
            ReadError::Picture(error) if error.code == ErrorCode::EngineCrashed => {
                Unread::Crashed(error)
            }
            ReadError::Picture(error) => Unread::Refused(error),
            ReadError::Interrupted(_) => Unread::Interrupted,
            ReadError::Engine(_) | ReadError::Closed => Unread::NoEngine,
        })?;
        Ok(Reading::new(answer, None))
    }

    /// Plays a video file and reads its frames.
    pub fn open_video(self, file: File) {
        if file.size() == 0.0 {
            self.show_error(
                ErrorCode::EmptyFile.name(),
                advice::remedy(ErrorCode::EmptyFile),
            );
            return;
        }
        if !capture::is_readable() {
            let code = CameraError::CanvasWithheld.code();
            return self.show_error(code, Message::new(code));
        }
        self.clear();
        let pending = self.pending();
        let task = Task::spawn(async move {
            // Before the engine is ready the video would play without being read.
            let is_ready = self.turn().await.is_ok();
            let video = self.stage.video.try_get_untracked().flatten();
            if let Some(video) = video.filter(|_| is_ready) {
                self.playback.open(self, file, video, pending);
            }
        });
        self.held.update_value(|held| held.task = Some(task));
    }
}

/// Whether a paste is for the page: it contains files, or nothing at all, as where the browser
/// withholds a picture. Text is not handled.
pub fn has_files(transfer: &DataTransfer) -> bool {
    transfer.files().is_some_and(|files| files.length() > 0) || transfer.types().length() == 0
}

/// Whether a transfer without files is about one, which the browser did not hand over.
fn names_file(transfer: DataTransfer) -> bool {
    let list = transfer.get_data("text/uri-list").unwrap_or_default();
    list.starts_with("file:") || transfer.types().length() == 0
}

/// Refuses a file that is too large.
fn check_size(file: &Blob) -> Result<(), Notice> {
    if file.size() <= MAX_FILE_BYTES {
        return Ok(());
    }
    let message = Message::new("file-too-large")
        .with("size", advice::megabytes(file.size() as u64))
        .with("limit", advice::megabytes(MAX_FILE_BYTES as u64));
    Err(Notice::error("file-too-large", message))
}

/// Reads the bytes of a file.
///
/// # Errors
/// The notice to show if the browser cannot open it.
async fn bytes(file: &Blob) -> Result<ArrayBuffer, Notice> {
    let bytes = JsFuture::from(file.array_buffer()).await;
    bytes
        .ok()
        .and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok())
        .ok_or_else(|| Notice::error("file-unreadable", Message::new("file-unreadable")))
}
