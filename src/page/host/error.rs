//! What failed, as the host page gets it: a stable code and a sentence that names the remedy.

use std::borrow::Cow;

use serde::Serialize;

use crate::page::protocol::error_code::ErrorCode;

/// What failed. The sentence is English: it is for whoever builds the host page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// For programs.
    pub code: Cow<'static, str>,
    /// For people.
    pub message: String,
}

impl Fault {
    /// A fault of this code.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }

    /// The element was closed, or removed from its page.
    pub fn closed() -> Self {
        Self::new(
            "closed",
            "This was closed, so nothing more is read: make a new one.",
        )
    }

    /// What the worker reports. Its sentence is kept.
    pub fn of_worker(code: ErrorCode, message: &str) -> Self {
        let message = match (code, message.trim()) {
            (ErrorCode::NoWorker, reason) => format!(
                "The browser starts no worker for this page{}. Allow workers in the page's content \
                 security policy: worker-src 'self', or blob: where moue comes from another origin.",
                if reason.is_empty() {
                    String::new()
                } else {
                    format!(" ({reason})")
                }
            ),
            (code, "") => format!("The engine reports {} and nothing more.", code.name()),
            (_, message) => message.to_owned(),
        };
        Self::new(code.name(), message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_the_worker_has_a_sentence() {
        for code in ErrorCode::ALL {
            for message in ["", "Something broke. Try again."] {
                let fault = Fault::of_worker(code, message);
                assert_eq!(fault.code, code.name());
                assert!(fault.message.len() > 20, "{fault:?}");
            }
        }
        let blocked = Fault::of_worker(ErrorCode::NoWorker, "refused by policy");
        assert!(
            blocked.message.contains("(refused by policy)"),
            "{blocked:?}"
        );
        assert!(blocked.message.contains("worker-src"), "{blocked:?}");
    }
}
