//! What can be done with a camera that runs.

use leptos::prelude::*;

use crate::web::components::icon::{Icon, IconKind};
use crate::web::input::camera::CameraDevice;
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// Pause, mirror, and the choice among several cameras.
#[component]
pub fn CameraBar(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let paused = session.camera.paused;
    let several = Memo::new(move |_| session.camera.devices.with(|devices| devices.len() > 1));
    view! {
        <Show when=move || session.is_camera_on()>
            <div class="bar-row" role="group" aria-label=move || i18n.text("camera-choice")>
                <button
                    type="button"
                    class="button button--small"
                    data-testid="camera-pause"
                    data-state=move || if paused.get() { "paused" } else { "live" }
                    on:click=move |_| session.toggle_pause()
                >
                    <Icon kind=Signal::derive(move || {
                        if paused.get() { IconKind::Play } else { IconKind::Pause }
                    }) />
                    <span prop:textContent=move || i18n.text(
                        if paused.get() { "camera-resume" } else { "camera-pause" }
                    )></span>
                </button>
                <label class="tick">
                    <input
                        type="checkbox"
                        data-testid="mirror"
                        prop:checked=move || session.camera.mirrored.get()
                        on:change=move |event| {
                            session.camera.mirrored.set(event_target_checked(&event));
                        }
                    />
                    <span prop:textContent=move || i18n.text("camera-mirror")></span>
                </label>
                <Show when=move || several.get()>
                    <CameraChoice session />
                </Show>
            </div>
        </Show>
    }
}

/// The cameras of this device, and which one runs.
#[component]
fn CameraChoice(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let devices = move || {
        let devices = session.camera.devices.get();
        (1i32..).zip(devices).collect::<Vec<_>>()
    };
    let option = move |(number, device): (i32, CameraDevice)| {
        let CameraDevice { id, name } = device;
        let is_chosen = {
            let id = id.clone();
            move || {
                session
                    .camera
                    .chosen
                    .with(|chosen| *chosen == Some(id.clone()))
            }
        };
        view! {
            <option value=id prop:selected=is_chosen prop:textContent={move || if name.is_empty() {
                    i18n.format("camera-unnamed", &[("number", number.into())])
                } else {
                    name.clone()
                }}></option>
        }
    };
    view! {
        <label class="choice">
            <span prop:textContent=move || i18n.text("camera-choice")></span>
            <select
                data-testid="camera-choice"
                on:change=move |event| session.choose_camera(event_target_value(&event))
            >
                <For
                    each=devices
                    key=|(number, device)| (*number, device.id.clone(), device.name.clone())
                    children=option
                />
            </select>
        </label>
    }
}
