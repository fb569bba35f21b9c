//! An album of several photos, read one after the other. Each keeps its reading but not its pixels.

use std::sync::Arc;

use gloo::file::ObjectUrl;
use leptos::prelude::*;
use web_sys::{Blob, File};

use super::{Reading, Session, Unread};
use crate::page::words::advice;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::task::Task;

/// A photo of the album.
#[derive(Clone)]
pub struct AlbumPhoto {
    /// Its index in the album, from 0.
    pub index: usize,
    /// Its file's name.
    pub name: String,
    /// Its state.
    pub state: ArcRwSignal<PhotoState>,
}

/// State of a photo.
#[derive(Clone)]
pub enum PhotoState {
    /// It waits for its turn.
    Waiting,
    /// It is being read.
    BeingRead,
    /// It was read.
    Read(Arc<Reading>),
    /// It could not be read; the notice says why.
    Refused(Arc<Notice>),
}

impl PhotoState {
    /// Returns the value of the page's `data-state` attribute.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::BeingRead => "reading",
            Self::Read(_) => "read",
            Self::Refused(_) => "refused",
        }
    }
}

/// The photos and the progress of reading them. An album without photos is closed.
#[derive(Clone, Copy)]
pub struct Album {
    /// The photos in the order in which they are read.
    pub photos: RwSignal<Vec<AlbumPhoto>>,
    /// Index of the photo that is shown, or that will be shown once it is read.
    pub chosen: RwSignal<Option<usize>>,
    /// Number of photos that were read or refused.
    pub done: RwSignal<usize>,
    /// Number of photos that were refused.
    pub refused: RwSignal<usize>,
    /// Number of files that are not in the album: not pictures, or too many.
    pub left_out: RwSignal<usize>,
    /// Whether the remaining photos are being read one after the other.
    pub running: RwSignal<bool>,
    files: StoredValue<AlbumFiles, LocalStorage>,
}

impl Default for Album {
    fn default() -> Self {
        Self {
            photos: RwSignal::new(vec![]),
            chosen: RwSignal::new(None),
            done: RwSignal::new(0),
            refused: RwSignal::new(0),
            left_out: RwSignal::new(0),
            running: RwSignal::new(false),
            files: StoredValue::new_local(AlbumFiles::default()),
        }
    }
}

impl Album {
    /// Returns the name and the reading of every photo that was read so far, in order; empty
    /// without an album.
    pub fn read_photos(self) -> Vec<(String, Arc<Reading>)> {
        let photos = self.photos.get();
        let read = photos.into_iter().filter_map(|photo| {
            let state = photo.state.get();
            match state {
                PhotoState::Read(reading) => Some((photo.name, reading)),
                _ => None,
            }
        });
        read.collect()
    }

    fn name(self, index: usize) -> String {
        let name = |photos: &Vec<AlbumPhoto>| photos.get(index).map(|photo| photo.name.clone());
        self.photos.with_untracked(name).unwrap_or_default()
    }

    fn state(self, index: usize) -> Option<ArcRwSignal<PhotoState>> {
        self.photos
            .with_untracked(|photos| photos.get(index).map(|photo| photo.state.clone()))
    }

    fn waits(self, index: usize) -> bool {
        self.state(index)
            .is_some_and(|state| matches!(*state.read_untracked(), PhotoState::Waiting))
    }

    /// Returns the index of the photo to read next: the chosen one if it waits, else the first that
    /// waits unless the album is paused.
    fn next(self) -> Option<usize> {
        let wanted = self.chosen.get_untracked();
        if let Some(wanted) = wanted.filter(|wanted| self.waits(*wanted)) {
            return Some(wanted);
        }
        if !self.running.get_untracked() {
            return None;
        }
        let count = self.photos.with_untracked(Vec::len);
        (0..count).find(|index| self.waits(*index))
    }

    /// Whether the visitor waits for a photo to be shown. Tracks its signals.
    pub(super) fn is_awaited(self) -> bool {
        match self.chosen.get() {
            Some(chosen) => self.state(chosen).is_some_and(|state| {
                matches!(*state.read(), PhotoState::Waiting | PhotoState::BeingRead)
            }),
            None => self.running.get(),
        }
    }

    /// Opens an album and reads its photos; the first that can be read is shown.
    pub(super) fn open(self, session: Session, files: Vec<File>, left_out: usize) {
        let photos = files.iter().enumerate().map(|(index, file)| AlbumPhoto {
            index,
            name: file.name(),
            state: ArcRwSignal::new(PhotoState::Waiting),
        });
        self.photos.set(photos.collect());
        self.left_out.set(left_out);
        self.running.set(true);
        self.files.set_value(AlbumFiles {
            files: files.into_iter().map(Blob::from).collect(),
            ..AlbumFiles::default()
        });
        self.read_on(session);
    }

    /// Closes the album and releases its files.
    pub(super) fn close(self) {
        self.files.set_value(AlbumFiles::default());
        if self.photos.with_untracked(Vec::is_empty) {
            return;
        }
        self.running.set(false);
        self.photos.set(vec![]);
        self.chosen.set(None);
        self.done.set(0);
        self.refused.set(0);
        self.left_out.set(0);
    }

    /// Pauses reading after the photo that is being read.
    pub fn pause(self) {
        self.running.set(false);
    }

    /// Continues with the remaining photos after a pause.
    pub fn resume(self, session: Session) {
        self.running.set(true);
        self.read_on(session);
    }

    /// Shows a photo of the album, now or as soon as it is read. If it was refused, shows the
    /// notice that says why.
    pub fn show(self, session: Session, index: usize) {
        let Some(state) = self.state(index) else {
            return;
        };
        let state = state.get_untracked();
        session.notice.set(None);
        match state {
            PhotoState::Refused(notice) => session.show_notice((*notice).clone()),
            PhotoState::Read(reading) => {
                self.chosen.set(Some(index));
                self.put_on_stage(session, index, &reading);
            }
            PhotoState::Waiting | PhotoState::BeingRead => {
                self.chosen.set(Some(index));
                self.read_on(session);
            }
        }
    }

    /// Returns an object URL of a photo's file, valid until it is dropped.
    pub fn photo_address(self, index: usize) -> Option<ObjectUrl> {
        Some(address(&self.file(index)?))
    }

    fn file(self, index: usize) -> Option<Blob> {
        self.files
            .try_with_value(|it| it.files.get(index).cloned())?
    }

    /// Starts the task that reads one photo after the other, unless it is running.
    fn read_on(self, session: Session) {
        if self.files.with_value(|it| it.task.is_some()) {
            return;
        }
        let task = Task::spawn(async move {
            while let Some(index) = self.next() {
                if !self.read(session, index).await {
                    break;
                }
            }
            self.files.update_value(|it| it.task = None);
            self.end(session);
        });
        self.files.update_value(|it| it.task = Some(task));
    }

    /// Reads a photo. Returns false if there is no engine or no such photo.
    async fn read(self, session: Session, index: usize) -> bool {
        let (Some(state), Some(file)) = (self.state(index), self.file(index)) else {
            return false;
        };
        state.set(PhotoState::BeingRead);
        match session.read_file(&file).await {
            Ok((reading, shown)) => {
                self.show_copy(index, shown);
                self.was_read(session, index, reading);
            }
            // Another engine takes over and will read it.
            Err(Unread::Interrupted) => state.set(PhotoState::Waiting),
            Err(Unread::Crashed(error)) => {
                let detail = advice::detail(error.code, &error.message);
                let notice = Notice::error("photo-crashed", Message::new("photo-crashed"));
                self.was_refused(session, index, notice.with_detail(detail));
            }
            Err(Unread::NoEngine) => {
                state.set(PhotoState::Waiting);
                self.running.set(false);
                return false;
            }
            Err(Unread::Unopened(notice)) => self.was_refused(session, index, notice),
            Err(Unread::Refused(error)) => {
                self.was_refused(session, index, super::notice_of(&error));
            }
        }
        true
    }

    /// Shows this file for a photo from now on.
    fn show_copy(self, index: usize, shown: Blob) {
        self.files.update_value(|it| {
            if let Some(file) = it.files.get_mut(index) {
                *file = shown;
            }
        });
    }

    fn end(self, session: Session) {
        if !self.running.get_untracked() {
            return;
        }
        self.running.set(false);
        let count = self.photos.with_untracked(Vec::len);
        let refused = self.refused.get_untracked();
        session.announcement.set(vec![
            Message::new("album-said-done").with("count", count - refused),
        ]);
        if refused == count {
            session.show_error("album-none-read", Message::new("album-none-read"));
        }
    }

    fn was_read(self, session: Session, index: usize, reading: Reading) {
        let Some(state) = self.state(index) else {
            return;
        };
        let reading = Arc::new(reading);
        state.set(PhotoState::Read(reading.clone()));
        self.done.update(|done| *done += 1);
        if self.chosen.get_untracked().is_none() {
            self.chosen.set(Some(index));
        }
        if self.chosen.get_untracked() == Some(index) {
            self.put_on_stage(session, index, &reading);
        }
    }

    fn was_refused(self, session: Session, index: usize, notice: Notice) {
        let Some(state) = self.state(index) else {
            return;
        };
        let was_wanted = self.chosen.get_untracked() == Some(index);
        state.set(PhotoState::Refused(Arc::new(notice.clone())));
        self.done.update(|done| *done += 1);
        self.refused.update(|refused| *refused += 1);
        if was_wanted {
            self.chosen.set(self.files.with_value(|it| it.shown));
            session.show_notice(notice);
        }
    }

    fn put_on_stage(self, session: Session, index: usize, reading: &Reading) {
        if let Some(file) = self.file(index) {
            self.files.update_value(|it| it.shown = Some(index));
            session.show_photo(file, self.name(index), reading.clone());
        }
    }

    /// Puts another reading in place of that of the photo on the stage, if it is one of the album's, and
    /// another file, if there is one.
    pub(super) fn was_corrected(self, reading: &Reading, turned: Option<Blob>) {
        let shown = self.files.try_with_value(|it| it.shown).flatten();
        let Some((index, state)) = shown.and_then(|index| Some((index, self.state(index)?))) else {
            return;
        };
        if let Some(file) = turned {
            self.show_copy(index, file);
        }
        state.set(PhotoState::Read(Arc::new(reading.clone())));
    }
}

/// The data of the album that is not displayed.
#[derive(Default)]
struct AlbumFiles {
    files: Vec<Blob>,
    /// Index of the photo on the stage.
    shown: Option<usize>,
    /// The task that reads one photo after the other.
    task: Option<Task>,
}

/// Creates an object URL for a file.
pub(super) fn address(file: &Blob) -> ObjectUrl {
    ObjectUrl::from(gloo::file::Blob::from(file.clone()))
}
