//! Several photos: read one after the other, each kept with its reading and never with its pixels.

use std::sync::Arc;

use gloo::file::{Blob, ObjectUrl};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::{InFlight, Reading, Session, Source, photo};
use crate::page::protocol::{ErrorCode, RequestHead};
use crate::page::state::PageState;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::page::words::{advice, verdict};
use crate::web::engine::shared;

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
        }
    }
}

impl Album {
    /// The name and the reading of every photo that was read so far, in their order; none without an
    /// album.
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
}

/// What the album holds and never shows.
#[derive(Default)]
pub(super) struct AlbumFiles {
    files: Vec<File>,
    /// The photo on the stage.
    shown: Option<usize>,
}

impl Session {
    /// Reads several photos; the first that can be read is shown.
    pub(super) fn open_album(self, files: Vec<File>, left_out: usize) {
        self.clear();
        self.wish();
        let photos = files.iter().enumerate().map(|(index, file)| AlbumPhoto {
            index,
            name: file.name(),
            state: ArcRwSignal::new(PhotoState::Waiting),
        });
        self.album.photos.set(photos.collect());
        self.album.left_out.set(left_out);
        self.album.running.set(true);
        self.busy.set(true);
        self.held
            .update_value(|held| held.album = AlbumFiles { files, shown: None });
        self.read_next_photo();
    }

    /// Lets go of the photos.
    pub(super) fn close_album(self) {
        let album = self.album;
        self.held
            .update_value(|held| held.album = AlbumFiles::default());
        if album.photos.with_untracked(Vec::is_empty) {
            return;
        }
        album.running.set(false);
        album.photos.set(vec![]);
        album.chosen.set(None);
        album.done.set(0);
        album.refused.set(0);
        album.left_out.set(0);
    }

    /// Reads no more photos than the one that is being read.
    pub fn pause_album(self) {
        self.album.running.set(false);
        let shows_none = self.held.with_value(|held| held.album.shown.is_none());
        if shows_none {
            self.busy.set(false);
        }
    }

    /// Reads the photos that are left.
    pub fn resume_album(self) {
        // An engine that went away took the photo with it that it was reading.
        let in_flight = self.held.with_value(|held| held.in_flight.is_some());
        if !in_flight {
            for photo in self.album.photos.get_untracked() {
                if matches!(*photo.state.read_untracked(), PhotoState::BeingRead) {
                    photo.state.set(PhotoState::Waiting);
                }
            }
        }
        self.read_next_photo();
    }

    /// Goes on with the photos that are left after a pause.
    pub fn continue_album(self) {
        self.album.running.set(true);
        self.read_next_photo();
    }

    /// Shows a photo of the album, now or as soon as it is read; says why where it was refused.
    pub fn show_photo(self, index: usize) {
        let Some(state) = self.album.state(index) else {
            return;
        };
        let state = state.get_untracked();
        self.notice.set(None);
        match state {
            PhotoState::Refused(notice) => self.notice.set(Some((*notice).clone())),
            PhotoState::Read(reading) => {
                self.album.chosen.set(Some(index));
                self.put_on_stage(index, &reading);
            }
            PhotoState::Waiting | PhotoState::BeingRead => {
                self.album.chosen.set(Some(index));
                self.busy.set(true);
                self.read_next_photo();
            }
        }
    }

    /// A photo's file under an address, for as long as the address is held.
    pub fn photo_address(self, index: usize) -> Option<ObjectUrl> {
        let file = self
            .held
            .try_with_value(|held| held.album.files.get(index).cloned());
        Some(address(file.flatten()?))
    }

    fn read_next_photo(self) {
        let is_ready = self.state.with_untracked(|state| state.is_ready());
        let in_flight = self.held.with_value(|held| held.in_flight.is_some());
        if !is_ready || in_flight || self.is_opening() {
            return;
        }
        let Some(index) = self.album.next() else {
            self.end_album();
            return;
        };
        let wish = self.held.with_value(|held| held.wish);
        let file = self
            .held
            .with_value(|held| held.album.files.get(index).cloned());
        let (Some(state), Some(file)) = (self.album.state(index), file) else {
            return;
        };
        state.set(PhotoState::BeingRead);
        spawn_local(async move {
            let bytes = photo::bytes(&file).await;
            if !self.is_wanted(wish) {
                return;
            }
            match bytes {
                // The engine went away meanwhile, and another one is on its way.
                Ok(_) if !self.state.with_untracked(|state| state.is_ready()) => {
                    self.photo_put_back(index);
                }
                Ok(bytes) => {
                    let id = shared::next_number();
                    let picture = InFlight::Album { id, index };
                    self.held
                        .update_value(|held| held.in_flight = Some(picture));
                    let ask = self.ask.get_untracked().with_attention(true);
                    self.send(id, &RequestHead::Photo { id, ask }, &bytes);
                }
                Err(notice) => self.photo_refused(index, notice),
            }
        });
    }

    /// Whether a photo's file is on its way from the disk.
    fn is_opening(self) -> bool {
        self.album.photos.with_untracked(|photos| {
            photos
                .iter()
                .any(|photo| matches!(*photo.state.read_untracked(), PhotoState::BeingRead))
        })
    }

    fn end_album(self) {
        if !self.album.running.get_untracked() {
            return;
        }
        self.album.running.set(false);
        let count = self.album.photos.with_untracked(Vec::len);
        let refused = self.album.refused.get_untracked();
        self.said.set(vec![
            Message::new("album-said-done").with("count", count - refused),
        ]);
        if refused == count {
            self.busy.set(false);
            self.tell_error("album-none-read", Message::new("album-none-read"));
        }
    }

    pub(super) fn photo_read(self, index: usize, reading: Reading) {
        let Some(state) = self.album.state(index) else {
            return;
        };
        let reading = Arc::new(reading);
        state.set(PhotoState::Read(reading.clone()));
        self.album.done.update(|done| *done += 1);
        if self.album.chosen.get_untracked().is_none() {
            self.album.chosen.set(Some(index));
        }
        if self.album.chosen.get_untracked() == Some(index) {
            self.put_on_stage(index, &reading);
        }
        self.read_next_photo();
    }

    /// Marks a photo that could not be read, and goes on with the others.
    pub(super) fn photo_refused(self, index: usize, notice: Notice) {
        let Some(state) = self.album.state(index) else {
            return;
        };
        let was_wanted = self.album.chosen.get_untracked() == Some(index);
        state.set(PhotoState::Refused(Arc::new(notice.clone())));
        self.album.done.update(|done| *done += 1);
        self.album.refused.update(|refused| *refused += 1);
        if was_wanted {
            let shown = self.held.with_value(|held| held.album.shown);
            self.album.chosen.set(shown);
            self.busy.set(false);
            self.notice.set(Some(notice));
        }
        self.read_next_photo();
    }

    /// Refuses the photo of the album under which the engine crashed, and goes on with the others in a new
    /// one. False where there is none.
    pub(super) fn photo_crashed(self, code: ErrorCode, message: &str) -> bool {
        let index = self.held.with_value(|held| match held.in_flight {
            Some(InFlight::Album { index, .. }) => Some(index),
            _ => None,
        });
        let Some(index) = index.filter(|_| code == ErrorCode::EngineCrashed) else {
            return false;
        };
        self.held.update_value(|held| held.in_flight = None);
        self.state.set(PageState::START);
        let notice = Notice::error("photo-crashed", Message::new("photo-crashed"));
        self.photo_refused(index, notice.with_detail(advice::detail(code, message)));
        // Later, because the worker that is to go is the one whose message is being handled.
        spawn_local(async move { self.retry() });
        true
    }

    /// Puts a photo back that an engine which is being replaced was reading.
    pub(super) fn photo_put_back(self, index: usize) {
        if let Some(state) = self.album.state(index) {
            state.set(PhotoState::Waiting);
        }
    }

    fn put_on_stage(self, index: usize, reading: &Reading) {
        let Some(url) = self.photo_address(index) else {
            return;
        };
        let name = self.album.name(index);
        self.said.set(verdict::summary(&reading.analysis));
        self.reading.set(Some(reading.clone()));
        self.source.set(Source::Photo {
            url: url.to_string(),
            name,
        });
        self.busy.set(false);
        self.held.update_value(|held| {
            held.album.shown = Some(index);
            held.shown_photo = Some(url);
        });
    }
}

/// An address for a file.
pub(super) fn address(file: File) -> ObjectUrl {
    ObjectUrl::from(Blob::from(web_sys::Blob::from(file)))
}
