//! The page's copy on this device: the service worker that stores it, updates, and installation.
//!
//! Order of requests: first the page and its engine, until the page is ready. Then, once, the
//! service worker's script and with it every file of the build that is not in the browser's own
//! cache, those of the WebGPU engine only where there is an adapter for it. After
//! [`Installation::offline`] has left [`Offline::Preparing`], which the root element shows as
//! `data-offline`, the page requests nothing. On later visits everything comes from the
//! copy. Once a visit the browser itself checks the script for a newer build, whose changed files
//! are then fetched: about a second after it opened the page, or on the first visit when it stops
//! the idle service worker, half a minute later in Chromium.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    CacheStorage, Event, MessageEvent, RegistrationOptions, ServiceWorker, ServiceWorkerContainer,
    ServiceWorkerRegistration, ServiceWorkerUpdateViaCache,
};

use super::engine::location;
use crate::page::installed::{Copies, Offline};
use crate::page::state::PageState;

/// URL of the service worker's script, relative to the page.
const SCRIPT: &str = "service-worker.js";
/// Message that makes a waiting worker take over; `www/service-worker.js` uses the same text.
const SWITCH: &str = "switch";
/// Maximum wait for a worker that is being activated: WebKit does not tell a page that loads
/// meanwhile when it is done.
const ACTIVATION_MILLIS: u32 = 2_000;

/// State of the page's copy on this device.
#[derive(Clone, Copy)]
pub struct Installation {
    /// Whether the page can be opened without a network connection.
    pub offline: RwSignal<Offline>,
    /// Whether a reload would start another build.
    pub has_update: RwSignal<bool>,
    /// Whether the browser offers to install the page as an app.
    pub offers_app: RwSignal<bool>,
    held: StoredValue<Held, LocalStorage>,
}

#[derive(Default)]
struct Held {
    listeners: Vec<EventListener>,
    registration: Option<ServiceWorkerRegistration>,
    /// The browser's `beforeinstallprompt` event, its offer to install the page.
    offer: Option<Event>,
    /// Whether the visitor agreed to switch to another build.
    switching: bool,
    /// The service worker's reason for keeping no copy.
    told: Option<Offline>,
}

impl Installation {
    /// Registers the service worker as soon as `state` leaves [`PageState::Loading`], and follows
    /// its changes.
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
                // A build that failed to start is not stored; an update of an older copy may help.
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
            EventListener::new(&container, "message", move |event| {
                let name = event.unchecked_ref::<MessageEvent>().data().as_string();
                let told = name.and_then(|name| Offline::told(&name));
                let _ = self.held.try_update_value(|held| held.told = told);
                settle(event);
            }),
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

    /// Waits until no worker is being installed, then updates the signals.
    async fn settle(self) {
        let registration = self.held.try_with_value(|held| held.registration.clone());
        let Some(registration) = registration.flatten() else {
            return;
        };
        while let Some(worker) = registration.installing() {
            state_change(&worker, None).await;
        }
        if let Some(worker) = registration.active().filter(is_activating) {
            state_change(&worker, Some(ACTIVATION_MILLIS)).await;
        }
        let family = format!("moue {} ", registration.scope());
        let this_build = format!("{family}{}", location::build());
        let names = cache_names().await;
        let copies = Copies {
            has_worker: registration.active().is_some(),
            has_waiting: registration.waiting().is_some(),
            keeps_this_build: names.contains(&this_build),
            keeps_any_build: names.iter().any(|name| name.starts_with(&family)),
        };
        self.has_update.try_set(copies.has_update());
        let told = self.held.try_with_value(|held| held.told).flatten();
        self.offline.try_set(Offline::of(copies, told));
    }

    /// Switches to the other build with a reload. Call it when the visitor has agreed.
    pub fn switch(self) {
        let waiting = self.held.try_update_value(|held| {
            held.switching = true;
            held.registration.as_ref()?.waiting()
        });
        let told = waiting
            .flatten()
            .map(|worker| worker.post_message(&SWITCH.into()));
        // The worker takes over shortly, and `controllerchange` then reloads the page.
        if !matches!(told, Some(Ok(()))) {
            reload();
        }
    }

    /// Shows the browser's dialog that installs the page. Must be called from a click.
    pub fn install_app(self) {
        let offer = self.held.try_update_value(|held| held.offer.take());
        if let Some(offer) = offer.flatten()
            && let Ok(prompt) = Reflect::get(&offer, &"prompt".into())
            && let Ok(prompt) = prompt.dyn_into::<Function>()
        {
            // An offer can be used once; the browser makes another one if it was declined.
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

/// Returns the browser's service workers; `None` if it offers none to this page.
fn container() -> Option<ServiceWorkerContainer> {
    let container = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    container.dyn_into().ok()
}

async fn register(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let url = web_sys::Url::new_with_base(SCRIPT, &location::base_url()).ok()?;
    let registered = container.register_with_options(&url.href(), &options);
    JsFuture::from(registered).await.ok()?.dyn_into().ok()
}

async fn existing(container: &ServiceWorkerContainer) -> Option<ServiceWorkerRegistration> {
    let found = container.get_registration_with_document_url(&location::base_url());
    JsFuture::from(found).await.ok()?.dyn_into().ok()
}

fn is_activating(worker: &ServiceWorker) -> bool {
    worker.state() == web_sys::ServiceWorkerState::Activating
}

/// Waits until the state of `worker` changes, at most `limit_millis`.
async fn state_change(worker: &ServiceWorker, limit_millis: Option<u32>) {
    let mut timer = None;
    let changed = Promise::new(&mut |resolve, _| {
        timer = limit_millis.map(|millis| {
            let resolve = resolve.clone();
            Timeout::new(millis, move || drop(resolve.call0(&JsValue::NULL)))
        });
        let heard = move |_: &Event| {
            let _ = resolve.call0(&JsValue::NULL);
        };
        // The listener is removed at the first change.
        EventListener::once(worker, "statechange", heard).forget();
    });
    let _ = JsFuture::from(changed).await;
}

async fn cache_names() -> Vec<String> {
    // The accessor throws if storage is blocked.
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
