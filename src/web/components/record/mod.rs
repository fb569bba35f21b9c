//! What was recorded, below the work: lines over time, what is said of the whole, and files of it.

mod export;
mod summary;
mod table;
mod timeline;
mod values;

use leptos::prelude::*;

use crate::web::session::i18n::use_i18n;
use crate::web::session::{Session, Source};

/// Everything about the recording, once there is one, and the files of a photo.
#[component]
pub fn RecordPanel(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let exists = Memo::new(move |_| session.record.exists());
    let shows_photo =
        Memo::new(move |_| session.source.with(|it| matches!(it, Source::Photo { .. })));
    view! {
        <Show when=move || shows_photo.get()>
            <section class="record record--photo" aria-labelledby="export-photo">
                <h2 id="export-photo" class="record__title" prop:textContent=move || i18n.text("export-photo")></h2>
                <export::ExportBar session subject=export::Subject::Photos />
            </section>
        </Show>
        <Show when=move || exists.get()>
            <section class="record" aria-labelledby="record-title" data-testid="record">
                <timeline::Timeline record=session.record />
                <summary::SummaryPanel record=session.record />
                <div class="record__part">
                    <h3 class="record__subtitle" prop:textContent=move || i18n.text("export-recording")></h3>
                    <export::ExportBar session subject=export::Subject::Recording />
                </div>
            </section>
        </Show>
    }
}
