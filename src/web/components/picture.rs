//! The picture and what is drawn over it.

use leptos::prelude::*;

use super::face::attention::AttentionLayer;
use super::face::boxes::Boxes;
use crate::web::session::i18n::use_i18n;
use crate::web::session::{Session, Source};

/// What is looked at, a photo or what plays, with boxes and attention.
#[component]
pub fn Picture(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let is_stream = move || session.source.with(Source::is_stream);
    let photo = move || {
        session.source.with(|source| match source {
            Source::Photo { url, .. } => Some(url.clone()),
            _ => None,
        })
    };
    let is_empty = move || session.source.with(Source::is_empty);
    // Kept while another camera opens, so that the page does not jump.
    let ratio = Memo::new(move |before: Option<&String>| {
        let of_video = session.source.with(|source| match source {
            Source::Video { width, height, .. } => Some((*width, *height)),
            _ => None,
        });
        let of_reading = || {
            session
                .reading
                .with(|it| it.as_ref().map(|it| (it.width, it.height)))
        };
        let kept = || before.filter(|_| session.is_camera_on()).cloned();
        let known = of_video.or_else(of_reading);
        known
            .map(|(width, height)| (f64::from(width) / f64::from(height)).to_string())
            .or_else(kept)
            .unwrap_or_else(|| "1.3333".to_owned())
    });
    view! {
        <div
            class="picture"
            class:picture--mirrored=move || session.is_mirrored()
            hidden=is_empty
            style=("--ratio", move || ratio.get())
        >
            {move || photo().map(|url| view! {
                <img src=url alt=move || i18n.text("photo-alt") data-testid="photo" />
            })}
            <video
                node_ref=session.video
                hidden=move || !is_stream()
                autoplay
                muted
                prop:muted=true
                playsinline
                aria-label=move || match session.source.get() {
                    Source::Video { name, .. } => name,
                    _ if session.is_mirrored() => i18n.text("camera-picture-mirrored"),
                    _ => i18n.text("camera-picture"),
                }
                data-testid="video"
            ></video>
            <AttentionLayer session />
            <Boxes session />
        </div>
    }
}
