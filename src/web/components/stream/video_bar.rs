//! The controls of a video: play and pause, position, speed.

use leptos::prelude::*;

use crate::page::record::clock::clock;
use crate::page::state::Source;
use crate::web::session::i18n::use_i18n;
use crate::web::session::video::Playback;

/// The playback speeds that are offered; 1 is normal.
const PLAYBACK_RATES: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// The controls of a video file; nothing if none is open.
#[component]
pub fn VideoBar(playback: Playback, source: RwSignal<Source>) -> impl IntoView {
    let i18n = use_i18n();
    let plays = move || source.with(|it| matches!(it, Source::Video { .. }));
    let plain = |number: u32| number.to_string();
    let at = move || clock(playback.seconds.get(), plain);
    let total = move || clock(playback.duration.get(), plain);
    let spoken = move || {
        i18n.format(
            "video-at",
            &[("time", at().into()), ("total", total().into())],
        )
    };
    // Small enough for a short clip, large enough to move through hours with the arrow keys.
    let step = move || {
        (playback.duration.get() / 200.0)
            .clamp(0.1, 5.0)
            .to_string()
    };
    view! {
        <Show when=plays>
            <div
                class="player"
                role="group"
                aria-label=move || i18n.text("video-controls")
                data-testid="video-bar"
            >
                <button
                    type="button"
                    class="button button--small"
                    data-testid="video-toggle"
                    data-paused=move || playback.paused.get().to_string()
                    on:click=move |_| playback.toggle()
                    prop:textContent=move || i18n.text(
                        if playback.paused.get() { "video-play" } else { "video-pause" }
                    )
                ></button>
                <input
                    class="player__progress"
                    type="range"
                    min="0"
                    max=move || playback.duration.get().to_string()
                    step=step
                    prop:value=move || playback.seconds.get().to_string()
                    aria-label=move || i18n.text("video-progress")
                    aria-valuetext=spoken
                    data-testid="video-progress"
                    data-ended=move || playback.ended.get().to_string()
                    on:input=move |event| {
                        if let Ok(seconds) = event_target_value(&event).parse() {
                            playback.seek(seconds);
                        }
                    }
                />
                <span class="player__time" dir="ltr" data-testid="video-time" aria-hidden="true" prop:textContent={move || format!("{} / {}", at(), total())}></span>
                <label class="player__speed">
                    <span prop:textContent=move || i18n.text("video-speed")></span>
                    <select
                        data-testid="video-speed"
                        prop:value=move || playback.playback_rate.get().to_string()
                        on:change=move |event| {
                            if let Ok(playback_rate) = event_target_value(&event).parse() {
                                playback.set_playback_rate(playback_rate);
                            }
                        }
                    >
                        {PLAYBACK_RATES.map(|playback_rate| view! {
                            <option value=playback_rate.to_string() selected=move || playback.playback_rate.get() == playback_rate prop:textContent={move || format!("{playback_rate}×")}></option>
                        })}
                    </select>
                </label>
            </div>
        </Show>
    }
}
