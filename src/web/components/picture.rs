//! The picture and the layers over it.

use leptos::prelude::*;

use super::face::attention::AttentionLayer;
use super::face::boxes::{Boxes, MaybeBoxes};
use super::face::edit::DrawLayer;
use crate::vision::Rect;
use crate::web::session::Source;
use crate::web::session::i18n::use_i18n;
use crate::web::session::stage::StageState;

/// A photo or the playing stream, with boxes and attention.
#[component]
pub fn Picture(
    stage: StageState,
    /// Called with the box of a face that was missed: one that may hold a face, or that the visitor drew.
    on_add: impl Fn(Rect) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_stream = move || stage.source.with(Source::is_stream);
    let photo = move || {
        stage.source.with(|source| match source {
            Source::Photo { url, .. } => Some(url.clone()),
            _ => None,
        })
    };
    let is_empty = move || stage.is_empty();
    // The ratio is kept while another camera opens, so that the layout does not jump.
    let ratio = Memo::new(move |before: Option<&String>| {
        let of_video = stage.source.with(|source| match source {
            Source::Video { width, height, .. } => Some((*width, *height)),
            _ => None,
        });
        let of_reading = || {
            stage
                .reading
                .with(|it| it.as_ref().map(|it| (it.width, it.height)))
        };
        let kept = || before.filter(|_| stage.is_camera_on()).cloned();
        let known = of_video.or_else(of_reading);
        known
            .map(|(width, height)| (f64::from(width) / f64::from(height)).to_string())
            .or_else(kept)
            .unwrap_or_else(|| "1.3333".to_owned())
    });
    view! {
        <div
            class="picture"
            class:picture--mirrored=move || stage.is_mirrored()
            hidden=is_empty
            style=("--ratio", move || ratio.get())
        >
            {move || photo().map(|url| view! {
                <img src=url alt=move || i18n.text("photo-alt") data-testid="photo" />
            })}
            <video
                node_ref=stage.video
                hidden=move || !is_stream()
                autoplay
                muted
                prop:muted=true
                playsinline
                // Firefox makes every media element a stop of the Tab key.
                tabindex="-1"
                aria-label=move || match stage.source.get() {
                    Source::Video { name, .. } => name,
                    _ if stage.is_mirrored() => i18n.text("camera-picture-mirrored"),
                    _ => i18n.text("camera-picture"),
                }
                data-testid="video"
            ></video>
            <AttentionLayer stage />
            <Boxes stage />
            <MaybeBoxes stage on_add />
            <DrawLayer stage on_add />
        </div>
    }
}
