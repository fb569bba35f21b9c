//! Handles files that a visitor drops, pastes or chooses, reads photos, and what the visitor changes about
//! their faces.

use js_sys::ArrayBuffer;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransfer, File, FileList, FileSystemEntry};

use super::{Held, Reading, Session, Source, sample};
use crate::page::corrections::Correction;
use crate::page::engine_handle::{EngineFailure, ReadError};
use crate::page::file_choice::{Choice, FileKind, choose};
use crate::page::protocol::{ErrorCode, Picture};
use crate::page::words::advice;
use crate::page::words::advice::CameraError;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::page::words::verdict;
use crate::pipeline;
use crate::vision::Rect;
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
                    self.show_photo(shown, file.name(), reading);
                }
                Err(unread) => self.show_unread(unread),
            }
        });
        self.held.update_value(|held| held.task = Some(task));
    }

    /// Says why a photo was not read, unless the visitor was told.
    pub(super) fn show_unread(self, unread: Unread) {
        match unread {
            Unread::Unopened(notice) => self.show_notice(notice),
            Unread::Refused(error) | Unread::Crashed(error) => {
                self.show_notice(super::notice_of(&error));
            }
            Unread::Interrupted | Unread::NoEngine => (),
        }
    }

    /// Reads a photo as soon as the engine is free. Returns the file to show as well: a copy where
    /// browsers show the file itself otherwise than it was read, or where only the browser decodes it.
    pub(super) async fn read_file(self, file: &Blob) -> Result<(Reading, Blob), Unread> {
        check_size(file).map_err(Unread::Unopened)?;
        let copy = photo::upright_copy(file).await.ok().flatten();
        let shown = copy.unwrap_or_else(|| file.clone());
        match self.read_blob(&shown, vec![]).await {
            Err(Unread::Refused(error)) if photo::browser_may_decode(error.code, file) => {
                // The refusal stands if the browser cannot decode it either.
                match photo::browser_copy(file).await {
                    Ok(copy) => Ok((self.read_blob(&copy, vec![]).await?, copy)),
                    Err(_) => Err(Unread::Refused(error)),
                }
            }
            reading => Ok((reading?, shown)),
        }
    }

    /// Reads a photo's file, and the faces in the boxes that the visitor added.
    pub(super) async fn read_blob(self, file: &Blob, added: Vec<Rect>) -> Result<Reading, Unread> {
        let answer = loop {
            let bytes = bytes(file).await.map_err(Unread::Unopened)?;
            let mut options = self.options(pipeline::FrameSource::Photo);
            options.added.clone_from(&added);
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

    /// Leaves out the face with this number, which the visitor calls none.
    pub fn dismiss(self, number: u32) {
        let rect = self.stage.reading.with_untracked(|reading| {
            let face = reading.as_ref()?.analysis.face(number)?;
            Some(face.rect_in_frame)
        });
        let Some(rect) = rect else {
            return;
        };
        self.stage
            .corrections
            .update(|it| it.make(Correction::Dismissed(rect)));
        if self.stage.source.with_untracked(Source::is_stream) {
            self.held
                .update_value(|held| held.stream.live.dismiss(number, rect));
            self.record.dismiss(number);
        }
        self.apply_corrections();
        self.announcement
            .set(vec![Message::new("said-face-dismissed")]);
    }

    /// Reads the face in a box that the visitor drew, in pixels of the picture.
    pub fn add_face(self, rect_in_frame: Rect) {
        self.stage.drawing.set(false);
        self.stage
            .corrections
            .update(|it| it.make(Correction::Added(rect_in_frame)));
        self.apply_corrections();
    }

    /// Takes the visitor's last change back.
    pub fn undo_correction(self) {
        let undone = self.stage.corrections.try_update(|it| it.undo()).flatten();
        if matches!(undone, Some(Correction::Dismissed(_)))
            && self.stage.source.with_untracked(Source::is_stream)
        {
            self.held
                .update_value(|held| held.stream.live.undo_dismissal());
            self.record.undo_dismissal();
        }
        self.apply_corrections();
    }

    /// Turns the shown photo by a quarter, clockwise, and reads it as a new one.
    pub fn turn_photo(self) {
        let Some((file, name)) = self.shown_photo() else {
            return;
        };
        let pending = self.pending();
        let task = Task::spawn(async move {
            let answer = match photo::turned_copy(&file).await {
                Ok(copy) => self.read_blob(&copy, vec![]).await.map(|it| (it, copy)),
                Err(_) => Err(Unread::Unopened(Notice::error(
                    "photo-not-turned",
                    Message::new("photo-not-turned"),
                ))),
            };
            drop(pending);
            match answer {
                Ok((reading, copy)) => {
                    self.album.was_corrected(&reading, Some(copy.clone()));
                    self.show_photo(copy, name, reading);
                }
                Err(unread) => self.show_unread(unread),
            }
        });
        self.held.update_value(|held| held.task = Some(task));
    }

    /// Returns the file of the photo on the stage, and its name.
    fn shown_photo(self) -> Option<(Blob, String)> {
        let name = self.stage.source.with_untracked(|source| match source {
            Source::Photo { name, .. } => Some(name.clone()),
            _ => None,
        })?;
        let file = |held: &Held| held.shown_photo.as_ref().map(|it| it.0.clone());
        Some((self.held.with_value(file)?, name))
    }

    /// Reads the shown photo again with the visitor's changes; a stream's next frame is read with them.
    fn apply_corrections(self) {
        let Some((file, _)) = self.shown_photo() else {
            return;
        };
        let corrections = self.stage.corrections.get_untracked();
        let pending = self.pending();
        let task = Task::spawn(async move {
            let answer = self.read_blob(&file, corrections.added()).await;
            drop(pending);
            match answer {
                Ok(reading) => self.was_corrected(reading.corrected(corrections)),
                Err(unread) => self.show_unread(unread),
            }
        });
        self.held.update_value(|held| held.task = Some(task));
    }

    fn was_corrected(self, reading: Reading) {
        self.album.was_corrected(&reading, None);
        self.announcement.set(verdict::summary(&reading.analysis));
        self.stage.reading.set(Some(reading));
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
