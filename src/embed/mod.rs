//! The page's session, worker and engine for use in other people's pages.
//!
//! `www/embed.js` defines `<moue-face>` and the class `Moue`, and loads this program (bin
//! `element`) when it is first needed. The program builds the element's view from the page's own
//! components, in a shadow root, and informs the host page with events.
//!
//! | module | answers for |
//! |---|---|
//! | [`element`] | one `<moue-face>`: [`view`] is its view, [`events`] are its events for the host |
//! | [`headless`] | the class `Moue`: [`reader`] reads pictures that the host passes, [`source`] gets their pixels |
//! | [`parts`] | the locations of worker and model, for both |
//!
//! The host's options and the data that it receives are plain data: [`crate::page::host`].
//!
//! The host receives no readings of what the element sees unless the person in front of it agrees
//! by ticking a box. For pictures that the host passes itself, it always gets the readings.

pub mod element;
pub mod events;
pub mod headless;
pub mod parts;
pub mod reader;
pub mod source;
pub mod view;

/// Prepares the program: installs the panic hook and adds the element's messages.
pub fn start() {
    console_error_panic_hook::set_once();
    crate::page::words::add_messages(crate::page::host::words::files);
}
