//! The recording, below the stage: its chart, its summary and its export.

mod export;
mod summary;
mod table;
mod timeline;
mod values;

use leptos::prelude::*;

use crate::page::state::PageState;
use crate::web::session::Source;
use crate::web::session::album::Album;
use crate::web::session::i18n::use_i18n;
use crate::web::session::record::Record;
use crate::web::session::stage::StageState;

/// The panel of the recording, once there is one, or the export of a photo.
#[component]
pub fn RecordPanel(
    state: RwSignal<PageState>,
    stage: StageState,
    album: Album,
    record: Record,
) -> impl IntoView {
    let i18n = use_i18n();
    let exists = Memo::new(move |_| record.exists());
    let shows_photo =
        Memo::new(move |_| stage.source.with(|it| matches!(it, Source::Photo { .. })));
    view! {
        <Show when=move || shows_photo.get()>
            <section class="record record--photo" aria-labelledby="export-photo">
                <h2 id="export-photo" class="record__title" prop:textContent=move || i18n.text("export-photo")></h2>
                <export::ExportBar state subject=export::Subject::Photos(album, stage) />
            </section>
        </Show>
        <Show when=move || exists.get()>
            <section class="record" aria-labelledby="record-title" data-testid="record">
                <timeline::Timeline record />
                <summary::SummaryPanel record />
                <div class="record__part">
                    <h3 class="record__subtitle" prop:textContent=move || i18n.text("export-recording")></h3>
                    <export::ExportBar state subject=export::Subject::Recording(record) />
                </div>
            </section>
        </Show>
    }
}
