//! The badge with the engine that is used, in the page's corner.

use leptos::prelude::*;

use crate::page::protocol::{Engine, EngineInfo};
use crate::page::state::PageState;
use crate::page::words::advice;
use crate::page::words::message::{Message, Value};
use crate::web::session::i18n::{I18n, use_i18n};

/// Shows the engine that is used, and its adapter.
#[component]
pub fn EngineBadge(state: RwSignal<PageState>) -> impl IntoView {
    let i18n = use_i18n();
    move || state.with(|state| Some(badge(i18n, state.info()?)))
}

fn badge(i18n: I18n, info: &EngineInfo) -> impl IntoView + use<> {
    let (id, short) = match info.engine {
        Engine::WebGpu => ("webgpu", info.detail.clone()),
        Engine::Cpu => ("cpu", "WebAssembly SIMD".to_owned()),
    };
    let title = match (info.engine, info.cpu_reason) {
        (Engine::Cpu, Some(reason)) => Message::new("engine-cpu")
            .with("reason", Value::Message(advice::cpu_reason_key(reason))),
        _ if info.detail.is_empty() => Message::new("engine-webgpu-unnamed"),
        _ => Message::new("engine-webgpu").with("adapter", info.detail.as_str()),
    };
    view! {
        <p class="badge" data-testid="engine" data-engine=id data-detail=info.detail.clone() title=move || i18n.message(&title)>
            <span class="badge__dot" aria-hidden="true"></span>
            <span class="badge__name" prop:textContent=info.engine.name()></span>
            <span class="badge__detail" prop:textContent=short></span>
        </p>
    }
}
