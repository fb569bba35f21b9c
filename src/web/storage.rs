//! Settings kept on this device: a few choices as short texts, never a picture or a reading.
//!
//! A browser may refuse to store anything (private windows, a policy, a full disk). Every choice
//! then holds until the tab is closed, and nothing here fails.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Returns the value of a key; `None` if there is none or the browser stores nothing.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Stores a value, if the browser allows it.
pub fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Removes a key.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
