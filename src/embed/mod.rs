//! The same session, worker and engine as the page's, for other people's pages.
//!
//! `www/embed.js` defines `<moue-face>` and the class `Moue`, and loads this program (bin
//! `element`) when somebody first needs it. The program makes the element's inside from the page's
//! own components, in a shadow root, and tells the host page what happens as events.
//!
//! | module | answers for |
//! |---|---|
//! | [`element`] | one `<moue-face>`: [`view`] what it shows, [`events`] what it tells the host |
//! | [`headless`] | the class `Moue`: [`reader`] pictures that the host hands over, [`source`] their pixels |
//! | [`parts`] | what both come with |
//!
//! What the host may ask for and what it is handed is plain data: [`crate::page::host`].
//!
//! The host learns nothing of a face that the element sees unless the person in front of it ticks
//! that it may. What the host hands over itself, it gets back read.

pub mod element;
pub mod events;
pub mod headless;
pub mod parts;
pub mod reader;
pub mod source;
pub mod view;

/// Makes the program ready; it does nothing by itself.
pub fn start() {
    console_error_panic_hook::set_once();
    crate::page::words::speak_also(crate::page::host::words::files);
}
