//! Which engine computes, in the page's corner.

use leptos::prelude::*;

use crate::page::protocol::{Engine, EngineInfo};
use crate::page::state::PageState;
use crate::page::words::advice;
use crate::page::words::message::{Message, Value};
use crate::web::session::Session;

/// Says which engine computes, and on which adapter.
#[component]
pub fn EngineBadge(session: Session) -> impl IntoView {
    move || {
        session.state.with(|state| match state {
            PageState::Ready(info) => Some(badge(session, info)),
            _ => None,
        })
    }
}

fn badge(session: Session, info: &EngineInfo) -> impl IntoView + use<> {
    let (id, short) = match info.engine {
        Engine::WebGpu => ("webgpu", info.detail.clone()),
        Engine::Cpu => ("cpu", "WebAssembly SIMD".to_owned()),
    };
    let title = match (info.engine, info.cpu_reason) {
        (Engine::Cpu, Some(reason)) => {
            Message::new("engine-cpu").with("reason", Value::Said(advice::cpu_reason_key(reason)))
        }
        _ => Message::new("engine-webgpu").with("adapter", info.detail.as_str()),
    };
    view! {
        <p class="badge" data-testid="engine" data-engine=id data-detail=info.detail.clone() title=move || session.speak(&title)>
            <span class="badge__dot" aria-hidden="true"></span>
            <span class="badge__name" prop:textContent=info.engine.name()></span>
            <span class="badge__detail" prop:textContent=short></span>
        </p>
    }
}
