//! Several photos: read one after the other, each kept with its reading and never with its pixels.

use std::sync::Arc;

use gloo::file::{Blob, ObjectUrl};
use leptos::prelude::*;
use web_sys::File;

use super::{Reading, Session, Unread};
use crate::page::words::advice;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::task::Task;

/// A photo among several.
#[derive(Clone)]
pub struct AlbumPhoto {
    /// Its place, from 0.
    pub index: usize,
    /// Its file's name.
    pub name: String,
    /// How far it is.
    pub state: ArcRwSignal<PhotoState>,
}

/// How far a photo is.
#[derive(Clone)]
pub enum PhotoState {
    /// Its turn is to come.
    Waiting,
    /// It is being read.
    BeingRead,
    /// What was read in it.
    Read(Arc<Reading>),
    /// Why it could not be read.
    Refused(Arc<Notice>),
}

impl PhotoState {
    /// The name in the page's `data-state`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::BeingRead => "reading",
            Self::Read(_) => "read",
            Self::Refused(_) => "refused",
        }
    }
}

/// The photos and how far their reading is; without photos there is no album.
#[derive(Clone, Copy)]
pub struct Album {
    /// In the order in which they are read.
    pub photos: RwSignal<Vec<AlbumPhoto>>,
    /// The place of the one on the stage, or on its way there.
    pub chosen: RwSignal<Option<usize>>,
    /// How many were read or refused.
    pub done: RwSignal<usize>,
    /// How many of them were refused.
    pub refused: RwSignal<usize>,
    /// How many files are not in it: no pictures, or too many.
    pub left_out: RwSignal<usize>,
    /// Whether one is read after the other.
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
    /// The name and the reading of every photo that was read so far, in their order; none without
    /// an album.
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

    /// The photo whose turn it is: the one that somebody asked to see, else the next one.
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

    /// Whether the visitor waits for a photo to be shown. Tracked.
    pub(super) fn is_awaited(self) -> bool {
        match self.chosen.get() {
            Some(chosen) => self.state(chosen).is_some_and(|state| {
                matches!(*state.read(), PhotoState::Waiting | PhotoState::BeingRead)
            }),
            None => self.running.get(),
        }
    }

    /// Reads several photos; the first that can be read is shown.
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
            files,
            ..AlbumFiles::default()
        });
        self.read_on(session);
    }

    /// Lets go of the photos.
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

    /// Reads no more photos than the one that is being read.
    pub fn pause(self) {
        self.running.set(false);
    }

    /// Goes on with the photos that are left after a pause.
    pub fn resume(self, session: Session) {
        self.running.set(true);
        self.read_on(session);
    }

    /// Shows a photo of the album, now or as soon as it is read; says why where it was refused.
    pub fn show(self, session: Session, index: usize) {
        let Some(state) = self.state(index) else {
            return;
        };
        let state = state.get_untracked();
        session.notice.set(None);
        match state {
            PhotoState::Refused(notice) => session.tell((*notice).clone()),
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

    /// A photo's file under an address, for as long as the address is held.
    pub fn photo_address(self, index: usize) -> Option<ObjectUrl> {
        let file = self.files.try_with_value(|it| it.files.get(index).cloned());
        Some(address(file.flatten()?))
    }

    /// Reads one photo after the other, unless that is under way.
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

    /// Reads a photo. False where there is no engine to read any.
    async fn read(self, session: Session, index: usize) -> bool {
        let file = self.files.with_value(|it| it.files.get(index).cloned());
        let (Some(state), Some(file)) = (self.state(index), file) else {
            return false;
        };
        state.set(PhotoState::BeingRead);
        match session.read_file(&file).await {
            Ok(reading) => self.was_read(session, index, reading),
            // Another engine takes over, and reads it.
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
            Err(Unread::Refused(notice)) => self.was_refused(session, index, notice),
        }
        true
    }

    fn end(self, session: Session) {
        if !self.running.get_untracked() {
            return;
        }
        self.running.set(false);
        let count = self.photos.with_untracked(Vec::len);
        let refused = self.refused.get_untracked();
        session.said.set(vec![
            Message::new("album-said-done").with("count", count - refused),
        ]);
        if refused == count {
            session.tell_error("album-none-read", Message::new("album-none-read"));
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
            session.tell(notice);
        }
    }

    fn put_on_stage(self, session: Session, index: usize, reading: &Reading) {
        if let Some(url) = self.photo_address(index) {
            self.files.update_value(|it| it.shown = Some(index));
            session.show_photo(url, self.name(index), reading.clone());
        }
    }
}

/// What the album holds and never shows.
#[derive(Default)]
struct AlbumFiles {
    files: Vec<File>,
    /// The photo on the stage.
    shown: Option<usize>,
    /// Reads one after the other.
    task: Option<Task>,
}

/// An address for a file.
pub(super) fn address(file: File) -> ObjectUrl {
    ObjectUrl::from(Blob::from(web_sys::Blob::from(file)))
}
