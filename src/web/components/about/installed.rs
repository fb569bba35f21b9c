//! Updates of the page, and whether it works offline.

use leptos::prelude::*;

use crate::page::installed::Offline;
use crate::web::components::text_button::TextButton;
use crate::web::engine::location;
use crate::web::offline::Installation;
use crate::web::session::i18n::use_i18n;

/// Number of digits of the build identifier that are shown.
const SHORT_BUILD: usize = 8;

/// The question whether to switch to a newer build.
#[component]
pub fn UpdatePrompt(installation: Installation) -> impl IntoView {
    let i18n = use_i18n();
    // Not stored: the question comes again when the page is next opened.
    let declined = RwSignal::new(false);
    let shown = move || installation.has_update.get() && !declined.get();
    view! {
        <Show when=shown>
            <div class="notice" role="status" data-testid="update">
                <p prop:textContent=move || i18n.text("update-here")></p>
                <div class="notice__actions">
                    <TextButton
                        key="update-reload"
                        testid="update-reload"
                        class="button button--small button--primary"
                        on_press=move |_| installation.switch()
                    />
                    <TextButton
                        key="update-later"
                        testid="update-later"
                        class="button button--small button--plain"
                        on_press=move |_| declined.set(true)
                    />
                </div>
            </div>
        </Show>
    }
}

/// Whether the page works offline, its version, and the button that installs it.
#[component]
pub fn InstalledLine(installation: Installation) -> impl IntoView {
    let i18n = use_i18n();
    let offline = move || installation.offline.get();
    let sentence = move || match offline() {
        Offline::Preparing => i18n.text("offline-preparing"),
        Offline::Works => i18n.text("offline-works"),
        Offline::Unavailable => i18n.text("offline-unavailable"),
        Offline::Incomplete => i18n.text("offline-incomplete"),
        Offline::NoRoom => i18n.text("offline-no-room"),
        Offline::Disabled => i18n.text("offline-disabled"),
    };
    view! {
        <p class="installed" data-testid="installed" data-offline=move || offline().name()>
            <span prop:textContent=sentence></span>
            <span data-testid="version" prop:textContent=move || i18n.format("installed-version", &[("version", version().into())])></span>
            <Show when=move || installation.offers_app.get()>
                <TextButton
                    key="install-app"
                    testid="install"
                    on_press=move |_| installation.install_app()
                />
            </Show>
        </p>
    }
}

/// Returns the release and the build.
fn version() -> String {
    let build = location::build();
    let short = build.get(..SHORT_BUILD).unwrap_or(&build);
    format!("{} ({short})", env!("CARGO_PKG_VERSION"))
}
