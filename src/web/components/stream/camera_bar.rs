//! The controls of a running camera.

use leptos::prelude::*;

use crate::web::components::icon::{Icon, IconKind};
use crate::web::input::camera::CameraDevice;
use crate::web::session::i18n::use_i18n;
use crate::web::session::settings::CameraSettings;

/// Controls to pause, to mirror, and to choose among several cameras.
#[component]
pub fn CameraBar(
    camera: CameraSettings,
    #[prop(into)] is_on: Signal<bool>,
    /// Called to pause or resume.
    #[prop(into)]
    on_pause: Callback<()>,
    /// Called with the device id of the camera to use.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let paused = camera.paused;
    let several = Memo::new(move |_| camera.devices.with(|devices| devices.len() > 1));
    view! {
        <Show when=move || is_on.get()>
            <div class="bar-row" role="group" aria-label=move || i18n.text("camera-choice")>
                <button
                    type="button"
                    class="button button--small"
                    data-testid="camera-pause"
                    data-state=move || if paused.get() { "paused" } else { "live" }
                    on:click=move |_| on_pause.run(())
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
                        prop:checked=move || camera.mirrored.get()
                        on:change=move |event| {
                            camera.mirrored.set(event_target_checked(&event));
                        }
                    />
                    <span prop:textContent=move || i18n.text("camera-mirror")></span>
                </label>
                <Show when=move || several.get()>
                    <CameraChoice camera on_choose />
                </Show>
            </div>
        </Show>
    }
}

/// The choice among the cameras of this device.
#[component]
fn CameraChoice(camera: CameraSettings, on_choose: Callback<String>) -> impl IntoView {
    let i18n = use_i18n();
    let devices = move || {
        let devices = camera.devices.get();
        (1i32..).zip(devices).collect::<Vec<_>>()
    };
    let option = move |(number, device): (i32, CameraDevice)| {
        let CameraDevice { id, name } = device;
        let is_chosen = {
            let id = id.clone();
            move || camera.chosen.with(|chosen| *chosen == Some(id.clone()))
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
                on:change=move |event| on_choose.run(event_target_value(&event))
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
