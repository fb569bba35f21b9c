//! The strip of an album's photos, each with its verdicts.

use gloo::file::ObjectUrl;
use leptos::prelude::*;

use crate::page::words::verdict;
use crate::web::session::album::{Album, AlbumPhoto, PhotoState};
use crate::web::session::i18n::use_i18n;

/// Maximum number of a photo's faces that are named in the strip.
const MOST_NAMED: usize = 3;

/// The progress of the album and a button for each photo; nothing without an album.
#[component]
pub fn AlbumStrip(
    album: Album,
    /// Called to continue after a pause.
    #[prop(into)]
    on_resume: Callback<()>,
    /// Called with the index of a photo to show.
    #[prop(into)]
    on_show: Callback<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || album.photos.with(Vec::len);
    let is_open = Memo::new(move |_| count() > 0);
    let is_done = move || album.done.get() == count();
    let progress = move || {
        i18n.format(
            "album-progress",
            &[("done", album.done.get().into()), ("count", count().into())],
        )
    };
    let refused = move || {
        let refused = album.refused.get();
        (refused > 0).then(|| i18n.format("album-refused", &[("count", refused.into())]))
    };
    let left_out = move || {
        let left_out = album.left_out.get();
        (left_out > 0).then(|| i18n.format("album-left-out", &[("count", left_out.into())]))
    };
    view! {
        <Show when=move || is_open.get()>
            <section class="album" aria-label=move || i18n.text("album") data-testid="album">
                <div class="album__head">
                    <p
                        data-testid="album-progress"
                        data-done=move || album.done.get()
                        data-count=count
                        data-refused=move || album.refused.get()
                    >
                        <span prop:textContent=progress></span> " " <span prop:textContent=refused></span> " "
                        <span prop:textContent=left_out></span>
                    </p>
                    <Show when=move || !is_done()>
                        <button
                            type="button"
                            class="button button--small"
                            data-testid="album-toggle"
                            data-running=move || album.running.get().to_string()
                            on:click=move |_| if album.running.get_untracked() {
                                album.pause();
                            } else {
                                on_resume.run(());
                            }
                            prop:textContent={move || i18n.text(
                                if album.running.get() { "album-stop" } else { "album-continue" }
                            )}
                        ></button>
                    </Show>
                </div>
                <Show when=move || !is_done()>
                    <progress
                        max=move || count().to_string()
                        prop:value=move || album.done.get() as f64
                        aria-label=progress
                    ></progress>
                </Show>
                <ul class="album__strip" role="list">
                    <For
                        each=move || album.photos.get()
                        key=|photo| photo.index
                        children=move |photo| view! { <AlbumItem album photo on_show /> }
                    />
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn AlbumItem(album: Album, photo: AlbumPhoto, on_show: Callback<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let AlbumPhoto { index, name, state } = photo;
    let kind = {
        let state = state.clone();
        Memo::new(move |_| state.with(PhotoState::name))
    };
    // Only a photo that was read has a thumbnail; its object URL is released with the item.
    let address = StoredValue::new_local(None::<ObjectUrl>);
    let src = move || {
        (kind.get() == "read").then(|| {
            let url = album.photo_address(index);
            let text = url.as_ref().map(|url| url.to_string());
            address.set_value(url);
            text
        })
    };
    let said = move || match &*state.read() {
        PhotoState::Waiting => i18n.text("album-waits"),
        PhotoState::BeingRead => i18n.text("busy"),
        PhotoState::Refused(notice) => i18n.message(&notice.message),
        PhotoState::Read(reading) => {
            let faces = &reading.analysis.faces;
            let shown = faces.iter().take(MOST_NAMED);
            let named = shown.map(|face| i18n.message(&verdict::phrase(face)));
            let named: Vec<String> = named.collect();
            match faces.len() {
                0 => i18n.text("status-no-face"),
                count if count > MOST_NAMED => {
                    format!("{} +{}", named.join(" · "), count - MOST_NAMED)
                }
                _ => named.join(" · "),
            }
        }
    };
    view! {
        <li class="album__item">
            <button
                type="button"
                class="album__photo"
                data-testid="album-photo"
                data-state=move || kind.get()
                aria-current=move || (album.chosen.get() == Some(index)).then_some("true")
                on:click=move |_| on_show.run(index)
            >
                <span class="album__picture">
                    {move || src().flatten().map(|src| view! {
                        <img src=src alt="" loading="lazy" decoding="async" />
                    })}
                    <span hidden=move || kind.get() != "refused" aria-hidden="true">"!"</span>
                </span>
                <span class="album__name" prop:textContent=name></span>
                <span class="album__said" data-testid="album-verdict" prop:textContent=said></span>
            </button>
        </li>
    }
}
