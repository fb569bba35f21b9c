//! The page's copy on this device: the service worker that keeps it, newer builds, and installing.
//!
//! What is requested when: the page and its engine first, until the page is ready. Then, once, the
//! service worker's script and with it every file of the build that the browser's own cache has not
//! got. Once [`Installation::offline`] has left [`Offline::Preparing`], which the root element
//! tells as `data-offline`, the page requests nothing. On later visits everything comes from the
//! copy. Once a visit the browser by itself looks at the script to see whether there is a newer
//! build, whose changed files follow: a second or so after it opened the page, on the first visit
//! when it puts the service worker to rest, half a minute later in Chromium.

use gloo::events::{EventListener, EventListenerOptions};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    CacheStorage, Event, RegistrationOptions, ServiceWorker, ServiceWorkerContainer,
    ServiceWorkerRegistration, ServiceWorkerUpdateViaCache,
};

use super::engine::place;
use crate::page::installed::{Copies, Offline};
use crate::page::state::PageState;

/// The service worker's script, relative to the page.
const SCRIPT: &str = "service-worker.js";
/// What makes a worker that waits take over; `www/service-worker.js` spells it alike.
const SWITCH: &str = "switch";

/// What the page knows of its copy on this device.
#[derive(Clone, Copy)]
pub struct Installation {
    /// Whether the page opens without a network.
    pub offline: RwSignal<Offline>,
    /// Whether a reload would bring another build.
    pub has_update: RwSignal<bool>,
    /// Whether the browser would install the page as an app.
    pub offers_app: RwSignal<bool>,
    held: StoredValue<Held, LocalStorage>,
}

#[derive(Default)]
struct Held {
    listeners: Vec<EventListener>,
    registration: Option<ServiceWorkerRegistration>,
    /// The browser's offer to install the page.
    offer: Option<Event>,
    /// Whether the visitor agreed to another build.
    switching: bool,
}

impl Installation {
    /// Sees to the copy as soon as the page is out of [`PageState::Loading`].
    pub fn follow(state: RwSignal<PageState>) -> Self {
        let installation = Self {
            offline: RwSignal::new(Offline::Preparing),
            has_update: RwSignal::new(false),
            offers_app: RwSignal::new(false),
            held: StoredValue::new_local(Held::default()),
        };
        installation.listen_for_offer();
        let stage = Memo::new(move |_| state.with(PageState::name));
        Effect::new(move |begun: Option<bool>| {
            let is_begun = begun.unwrap_or(false);
            let is_over = stage.get() != PageState::START.name();
            if is_over && !is_begun {
                // What failed to start is not kept; an older copy's successor may be the remedy.
                let may_keep = state.with_untracked(PageState::is_ready);
                spawn_local(installation.begin(may_keep));
            }
            is_begun || is_over
        });
        Effect::new(move || {
            let name = installation.offline.get().name();
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-offline", name);
            }
        });
        on_cleanup(move || {
            let _ = installation
                .held
                .try_update_value(|held| held.listeners.clear());
        });
        installation
    }

    async fn begin(self, may_keep: bool) {
        let found = match container() {
            Some(container) if may_keep => register(&container).await,
            Some(container) => existing(&container).await,
            None => None,
        };
        let (Some(container), Some(registration)) = (container(), found) else {
            self.offline.set(Offline::Unavailable);
            return;
        };
        let settle = move |_: &Event| spawn_local(self.settle());
        let listeners = [
            EventListener::new(&registration, "updatefound", settle),
            EventListener::new(&container, "controllerchange", move |event| {
                let switching = self.held.try_with_value(|held| held.switching);
                match switching {
                    Some(true) => reload(),
                    _ => settle(event),
                }
            }),
        ];
        let _ = self.held.try_update_value(|held| {
            held.listeners.extend(listeners);
            held.registration = Some(registration.clone());
        });
        self.settle().await;
    }

    /// Waits until no worker is being installed and tells what there is then.
    async fn settle(self) {
        let registration = self.held.try_with_value(|held| held.registration.clone());
        let Some(registration) = registration.flatten() else {
            return;
        };
        while let Some(worker) = on_its_way(&registration) {
            state_change(&worker).await;
        }
        let family = format!("moue {} ", registration.scope());
        let this_build = format!("{family}{}", place::build());
        let names = cache_names().await;
        let copies = Copies {
            has_worker: registration.active().is_some(),
            has_waiting: registration.waiting().is_some(),
            keeps_this_build: names.contains(&this_build),
            keeps_any_build: names.iter().any(|name| name.starts_with(&family)),
        };
        self.has_update.try_set(copies.has_update());
        self.offline.try_set(Offline::of(copies));
    }

    /// Brings the other build, by a reload. Call it when the visitor agreed.
    pub fn switch(self) {
        let waiting = self.held.try_update_value(|held| {
            held.switching = true;
            held.registration.as_ref()?.waiting()
        });
        let told = waiting
            .flatten()
            .map(|worker| worker.post_message(&SWITCH.into()));
        // The worker that was told takes over in a moment, and the page follows it.
        if !matches!(told, Some(Ok(()))) {
            reload();
        }
    }

    /// Shows the browser's question whether to install the page. Call it from a click.
    pub fn install_app(self) {
        let offer = self.held.try_update_value(|held| held.offer.take());
        if let Some(offer) = offer.flatten()
            && let Ok(prompt) = Reflect::get(&offer, &"prompt".into())
            && let Ok(prompt) = prompt.dyn_into::<Function>()
        {
            // An offer is good for one question; the browser makes another one if it was declined.
            let _ = prompt.call0(&offer);
        }
        self.offers_app.set(false);
    }

    fn listen_for_offer(self) {
        let takes_over = EventListenerOptions::enable_prevent_default();
        let keep = move |event: &Event| {
            event.prevent_default();
            let _ = self
                .held
                .try_update_value(|held| held.offer = Some(event.clone()));
            self.offers_app.try_set(true);
        };
        let listeners = [
            EventListener::new_with_options(&window(), "beforeinstallprompt", takes_over, keep),
            EventListener::new(&window(), "appinstalled", move |_| {
                self.offers_app.try_set(false);
            }),
        ];
        self.held
            .update_value(|held| held.listeners.extend(listeners));
    }
}

/// The browser's service workers, where it has any for this page.
fn container() -> Option<ServiceWorkerContainer> {
    let container = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    container.dyn_into().ok()
}

async fn register(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let url = web_sys::Url::new_with_base(SCRIPT, &place::base_url()).ok()?;
    let registered = container.register_with_options(&url.href(), &options);
    JsFuture::from(registered).await.ok()?.dyn_into().ok()
}

async fn existing(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    let found = container.get_registration_with_document_url(&place::base_url());
    JsFuture::from(found).await.ok()?.dyn_into().ok()
}

/// The worker whose next state is to be waited for.
fn on_its_way(registration: &ServiceWorkerRegistration) -> Option<ServiceWorker> {
    let active = registration.active();
    registration.installing().or_else(|| {
        active.filter(|worker| worker.state() == web_sys::ServiceWorkerState::Activating)
    })
}

async fn state_change(worker: &ServiceWorker) {
    let changed = Promise::new(&mut |resolve, _| {
        let heard = move |_: &Event| {
            let _ = resolve.call0(&JsValue::NULL);
        };
        // Gone with the first change.
        EventListener::once(worker, "statechange", heard).forget();
    });
    let _ = JsFuture::from(changed).await;
}

async fn cache_names() -> Vec<String> {
    // Where storage is blocked, asking for it throws.
    let caches = Reflect::get(&window(), &"caches".into()).ok();
    let Some(caches) = caches.and_then(|caches| caches.dyn_into::<CacheStorage>().ok()) else {
        return vec![];
    };
    let keys = JsFuture::from(caches.keys()).await;
    let keys = keys.ok().and_then(|keys| keys.dyn_into::<Array>().ok());
    keys.iter()
        .flat_map(|keys| keys.iter())
        .filter_map(|name| name.as_string())
        .collect()
}

fn reload() {
    let _ = window().location().reload();
}
