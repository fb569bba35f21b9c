//! How the camera is shown and which one it is: for this visit only, nothing of it is stored.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Session, Source};
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::input::camera;
use crate::web::input::camera::CameraDevice;

/// The camera's settings.
#[derive(Clone, Copy)]
pub struct CameraSettings {
    /// Whether the picture stands still and nothing is read. The camera is on all the same.
    pub paused: RwSignal<bool>,
    /// Whether it sends no picture, by the device's own doing.
    pub muted: RwSignal<bool>,
    /// Whether it is shown like a mirror. What is read is never mirrored.
    pub mirrored: RwSignal<bool>,
    /// The cameras of this device, once one was allowed: before, browsers name none.
    pub devices: RwSignal<Vec<CameraDevice>>,
    /// The one that runs or ran last.
    pub chosen: RwSignal<Option<String>>,
    /// Whether it is a mirror whichever camera it is; `None` decides by camera.
    pub mirror_always: RwSignal<Option<bool>>,
    /// The one that was opened last.
    noted: StoredValue<Option<String>>,
}

impl Default for CameraSettings {
    fn default() -> Self {
        Self {
            paused: RwSignal::new(false),
            muted: RwSignal::new(false),
            mirrored: RwSignal::new(true),
            devices: RwSignal::new(vec![]),
            chosen: RwSignal::new(None),
            mirror_always: RwSignal::new(None),
            noted: StoredValue::new(None),
        }
    }
}

impl Session {
    /// Whether the camera is open, paused or not.
    pub fn is_camera_on(self) -> bool {
        self.source.with(|source| *source == Source::Camera)
    }

    /// Whether the picture is shown mirrored, which only a camera's is.
    pub fn is_mirrored(self) -> bool {
        self.is_camera_on() && self.camera.mirrored.get()
    }

    /// Whether the camera is on and its picture stands still. Not tracked.
    pub(super) fn is_paused(self) -> bool {
        let stands_still = self.camera.paused.get_untracked() || self.camera.muted.get_untracked();
        stands_still && self.source.with_untracked(|it| *it == Source::Camera)
    }

    /// Says that the camera sends no picture, and reads none, for as long as that lasts.
    pub(super) fn camera_muted(self, muted: bool) {
        if self.camera.muted.get_untracked() == muted {
            return;
        }
        self.camera.muted.set(muted);
        if !muted {
            self.take_back("camera-muted");
            self.schedule_frame();
            return;
        }
        // What was seen last is not what is before the camera now.
        self.held.update_value(|held| held.in_flight = None);
        self.reading.set(None);
        let notice = Notice::news("camera-muted", Message::new("camera-muted"));
        self.notice.set(Some(notice));
    }

    /// Freezes the camera's picture, or lets it go on.
    pub fn toggle_pause(self) {
        if self.source.with_untracked(|it| *it != Source::Camera) {
            return;
        }
        let paused = !self.camera.paused.get_untracked();
        self.camera.paused.set(paused);
        self.held.with_value(|held| {
            if let Some(camera) = &held.camera {
                camera.freeze(paused);
            }
        });
        if !paused {
            self.schedule_frame();
        }
    }

    /// Plays on after the element that plays was moved, which pauses it.
    pub fn play_on(self) {
        if self.camera.paused.get_untracked() {
            return;
        }
        self.held.with_value(|held| {
            if let Some(camera) = &held.camera {
                camera.freeze(false);
            }
        });
    }

    /// Takes another camera: the one that runs is closed first, since many devices open only one.
    pub fn choose_camera(self, id: String) {
        self.camera.chosen.set(Some(id));
        if self.source.with_untracked(|it| *it == Source::Camera) {
            self.reopen_camera();
        }
    }

    /// Asks which cameras there are, after one was opened and whenever that changes.
    pub(super) fn learn_cameras(self) {
        spawn_local(async move {
            let devices = camera::devices().await;
            let known = self.camera.devices;
            if known.with_untracked(|known| *known != devices) {
                known.set(devices);
            }
        });
    }

    /// Takes note of which camera was opened. A camera that looks away from the visitor is no
    /// mirror; the visitor's own setting stays with the camera that it was made for.
    pub(super) fn note_camera(self) {
        let opened = self
            .held
            .try_with_value(|held| held.camera.as_ref().map(|it| (it.id(), it.faces_away())));
        if let Some(Some((id, faces_away))) = opened {
            if id != self.camera.noted.get_value() {
                let always = self.camera.mirror_always.get_untracked();
                self.camera.mirrored.set(always.unwrap_or(!faces_away));
                self.camera.noted.set_value(id.clone());
            }
            self.camera.chosen.set(id);
        }
        self.learn_cameras();
    }
}
