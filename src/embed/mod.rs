//! The same session, worker and engine as the page's, for other people's pages.
//!
//! `www/embed.js` defines `<moue-face>` and the class `Moue`, and loads this program (bin `element`)
//! when somebody first needs it. The program makes the element's inside from the page's own
//! components, in a shadow root, and tells the host page what happens as events.
//!
//! | plain data, tested everywhere | in the browser |
//! |---|---|
//! | [`purpose`] what the host says it is for, and whether that is allowed | [`element`] one `<moue-face>` |
//! | [`options`] the attributes | [`view`] what it shows |
//! | [`reading`] readings as the host gets them | [`events`] what it tells the host |
//! | [`words`] what it says besides the page's words | [`headless`] the class `Moue`, [`parts`] what both come with |
//! | [`fault`] what failed, for programs and people | [`reader`] pictures that the host hands over, [`source`] their pixels |
//!
//! The host learns nothing of a face that the element sees unless the person in front of it ticks
//! that it may. What the host hands over itself, it gets back read.

pub mod element;
pub mod events;
pub mod fault;
pub mod headless;
pub mod options;
pub mod parts;
pub mod purpose;
pub mod reader;
pub mod reading;
pub mod source;
pub mod view;
pub mod words;

/// Makes the program ready; it does nothing by itself.
pub fn start() {
    console_error_panic_hook::set_once();
    crate::web::words::speak_also(words::files);
}
