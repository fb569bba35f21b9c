//! Futures that end when their owner drops them, and futures of the browser's.

use std::pin::Pin;

use futures_channel::oneshot;
use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::request_animation_frame;
use wasm_bindgen_futures::spawn_local;

/// A future that runs by itself. Dropping this ends it: it is not polled again.
pub struct Task(AbortHandle);

impl Task {
    /// Runs `future`, from the next microtask on.
    pub fn spawn(future: impl Future<Output = ()> + 'static) -> Self {
        // Boxed, so that what follows is compiled once.
        let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
        let (future, handle) = abortable(future);
        spawn_local(async move {
            let _ = future.await;
        });
        Self(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits until the browser paints next. In a hidden tab that is not before it is seen.
pub async fn animation_frame() {
    let (sender, receiver) = oneshot::channel();
    request_animation_frame(move || {
        // Whoever waited may be gone.
        let _ = sender.send(());
    });
    let _ = receiver.await;
}
