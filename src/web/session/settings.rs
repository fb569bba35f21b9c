//! How the camera is shown and which one it is: for this visit only, nothing of it is stored.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::web::input::camera;
use crate::web::input::camera::{Camera, CameraDevice};

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
    /// The one that is open. Dropping it closes it.
    pub(super) running: StoredValue<Option<Camera>, LocalStorage>,
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
            running: StoredValue::new_local(None),
        }
    }
}

impl CameraSettings {
    /// Whether its picture stands still. Not tracked.
    pub(super) fn stands_still(self) -> bool {
        self.paused.get_untracked() || self.muted.get_untracked()
    }

    /// Closes the one that runs.
    pub(super) fn close(self) {
        drop(self.running.try_update_value(Option::take));
    }

    /// Whether it was paused by the visitor, from now on.
    pub(super) fn pause(self, paused: bool) {
        self.paused.set(paused);
        self.freeze(paused);
    }

    /// Plays on after the element that plays was moved, which pauses it.
    pub fn play_on(self) {
        if !self.paused.get_untracked() {
            self.freeze(false);
        }
    }

    fn freeze(self, paused: bool) {
        self.running.with_value(|camera| {
            if let Some(camera) = camera {
                camera.freeze(paused);
            }
        });
    }

    /// Asks which cameras there are, after one was opened and whenever that changes.
    pub(super) fn list_devices(self) {
        spawn_local(async move {
            let devices = camera::devices().await;
            // Whoever asked may be gone.
            let is_news = self.devices.try_with_untracked(|known| *known != devices);
            if is_news == Some(true) {
                self.devices.set(devices);
            }
        });
    }

    /// Takes a camera that was opened. One that looks away from the visitor is no mirror; the
    /// visitor's own setting stays with the camera that it was made for.
    pub(super) fn opened(self, camera: Camera) {
        let (id, faces_away) = (camera.id(), camera.faces_away());
        self.running.set_value(Some(camera));
        if id != self.noted.get_value() {
            let always = self.mirror_always.get_untracked();
            self.mirrored.set(always.unwrap_or(!faces_away));
            self.noted.set_value(id.clone());
        }
        self.chosen.set(id);
        self.list_devices();
    }
}
