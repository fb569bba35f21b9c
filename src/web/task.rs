//! Futures that are aborted when their owner drops them, and a future for the browser's next frame.

use std::pin::Pin;

use futures_channel::oneshot;
use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::request_animation_frame;
use wasm_bindgen_futures::spawn_local;

/// A running future. Dropping the task aborts it: the future is not polled again.
pub struct Task(AbortHandle);

impl Task {
    /// Runs `future`, starting with the next microtask.
    pub fn spawn(future: impl Future<Output = ()> + 'static) -> Self {
        // Boxed, so that the following code is compiled only once.
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

/// Waits for the browser's next animation frame. A hidden tab has none until it is visible again.
pub async fn animation_frame() {
    let (sender, receiver) = oneshot::channel();
    request_animation_frame(move || {
        // An error only means that the future was dropped.
        let _ = sender.send(());
    });
    let _ = receiver.await;
}
