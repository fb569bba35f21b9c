//! What this device keeps for the page: a few choices as short texts, never a picture or a reading.
//!
//! Browsers may keep nothing for a page (private windows, a rule of the device, a full disk). Then
//! every choice holds until the tab is closed, and nothing here fails.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under a key.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value, where the browser keeps anything.
pub fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Keeps nothing more under a key.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
