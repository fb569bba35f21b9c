//! Errors as the host page receives them: a stable code and a sentence that names the remedy.

use std::borrow::Cow;

use serde::Serialize;

use crate::page::protocol::error_code::ErrorCode;

/// An error for the host page. The message is in English, for the developer of the host page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostError {
    /// Code for programs.
    pub code: Cow<'static, str>,
    /// Message for people.
    pub message: String,
}

impl HostError {
    /// Creates an error.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }

    /// Returns the error of an element that was closed or removed from its page.
    pub fn closed() -> Self {
        Self::new(
            "closed",
            "This was closed, so nothing more is read: make a new one.",
        )
    }

    /// Returns the error for an error of the worker. Its message is kept, except that `no-worker`
    /// gets a remedy and an empty message is replaced.
    pub fn from_worker(code: ErrorCode, message: &str) -> Self {
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
                let error = HostError::from_worker(code, message);
                assert_eq!(error.code, code.name());
                assert!(error.message.len() > 20, "{error:?}");
            }
        }
        let blocked = HostError::from_worker(ErrorCode::NoWorker, "refused by policy");
        assert!(
            blocked.message.contains("(refused by policy)"),
            "{blocked:?}"
        );
        assert!(blocked.message.contains("worker-src"), "{blocked:?}");
    }
}
