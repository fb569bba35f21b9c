//! Fetches the model's files and reports progress. The pipeline checks their content.

use js_sys::{Array, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ReadableStreamDefaultReader, RequestCache, RequestInit, Response, Url, WorkerGlobalScope,
};

use crate::spec::manifest;

/// Maximum size of a file in bytes, so that an endless response cannot fill the memory.
const MAX_BYTES: usize = 256 << 20;

/// Why a file did not arrive.
#[derive(Debug, Error)]
pub enum FetchError {
    /// There was no response, or the connection broke.
    #[error("{file} did not arrive ({reason}). Check the connection and try again.")]
    Network {
        /// The file's name.
        file: String,
        /// The browser's error message.
        reason: String,
    },
    /// The response has an error status.
    #[error(
        "The server answered {status} for {file}. Try again later; whoever runs this site should \
         look whether the file is there."
    )]
    Status {
        /// The file's name.
        file: String,
        /// The HTTP status.
        status: u16,
    },
    /// The file has more bytes than any model.
    #[error(
        "{file} is larger than {MAX_BYTES} bytes, so it is no model. Tell whoever runs this site."
    )]
    TooLarge {
        /// The file's name.
        file: String,
    },
}

/// Fetches the file at `url`, and calls `on_progress` with the number of bytes received so far and
/// the total, if the server states it.
///
/// # Errors
/// Every [`FetchError`].
pub async fn fetch(
    url: &str,
    cache: RequestCache,
    mut on_progress: impl FnMut(u64, Option<u64>),
) -> Result<Vec<u8>, FetchError> {
    let file = name(url);
    let network = |reason: JsValue| FetchError::Network {
        file: file.into(),
        reason: text(&reason),
    };
    let options = RequestInit::new();
    options.set_cache(cache);
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = JsFuture::from(scope.fetch_with_str_and_init(url, &options))
        .await
        .map_err(network)?;
    let response: Response = response.dyn_into().map_err(network)?;
    if !response.ok() {
        return Err(FetchError::Status {
            file: file.into(),
            status: response.status(),
        });
    }

    let total = content_length(&response);
    // The stated length is not trusted, so it reserves no memory.
    let mut bytes = vec![];
    on_progress(0, total);
    let Some(body) = response.body() else {
        return Ok(bytes);
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(network)?;
        let done = Reflect::get(&chunk, &"done".into()).map_err(network)?;
        if done.is_truthy() {
            return Ok(bytes);
        }
        let value = Reflect::get(&chunk, &"value".into()).map_err(network)?;
        let part: Uint8Array = value.dyn_into().map_err(network)?;
        if bytes.len() + part.length() as usize > MAX_BYTES {
            let _ = reader.cancel();
            return Err(FetchError::TooLarge { file: file.into() });
        }
        let start = bytes.len();
        bytes.resize(start + part.length() as usize, 0);
        part.copy_to(&mut bytes[start..]);
        on_progress(bytes.len() as u64, total);
    }
}

/// Returns the URL of `file` in the same folder as the file at `url`.
///
/// # Errors
/// [`FetchError::Network`] if `url` is not a valid URL.
pub fn beside(url: &str, file: &str) -> Result<String, FetchError> {
    let address = Url::new_with_base(file, url).map_err(|reason| FetchError::Network {
        file: file.into(),
        reason: text(&reason),
    })?;
    Ok(address.href())
}

/// Returns the file name of a URL: the part after the last slash, without the query.
fn name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the `content-length` of a response. `None` with a content encoding, because the header
/// then counts encoded bytes, not those that arrive here.
fn content_length(response: &Response) -> Option<u64> {
    let header = |name| response.headers().get(name).ok().flatten();
    if header("content-encoding").is_some_and(|encoding| encoding != "identity") {
        return None;
    }
    header("content-length")?.parse().ok()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = digest)]
    async fn digest(algorithm: &str, bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// Returns the SHA-256 in hexadecimal, by the browser, which needs a tenth of this program's time. It
/// refuses on pages that are not secure, as those of http from another device.
pub async fn sha256(bytes: &[u8]) -> String {
    match digest("SHA-256", &bytes.into()).await {
        Ok(hash) => manifest::hex(&Uint8Array::new(&hash).to_vec()),
        Err(_) => manifest::sha256(bytes),
    }
}

/// Converts a thrown value to text.
pub fn text(value: &JsValue) -> String {
    // By reflection: not everything that browsers throw is an `Error`.
    let message = Reflect::get(value, &"message".into()).ok();
    message
        .and_then(|message| message.as_string())
        .unwrap_or_else(|| Array::of1(value).join("").into())
}
