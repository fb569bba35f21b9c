//! Converts the picture objects that a host page passes to pictures for the worker.

use js_sys::{ArrayBuffer, Uint8ClampedArray};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, HtmlVideoElement,
    ImageBitmap, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

use crate::page::geometry::capture_size;
use crate::page::host::error::HostError;
use crate::page::protocol::Picture;
use crate::web::input::capture;

/// Longest side in pixels; larger pictures are scaled down. The detector works at a few hundred
/// pixels a side, and a face is read at 224 or less.
const MAX_SIDE: u32 = 2048;

/// Takes the picture of a `Blob`, image, video, canvas, `ImageData` or `ImageBitmap`. Its bytes
/// stay outside of this program's memory.
///
/// # Errors
/// Code `source-unknown` for any other value, `source-empty` if there is no picture yet,
/// `source-unreadable` if the browser withholds the pixels (a picture of another origin), and
/// `canvas-withheld` if it withholds those of every picture.
pub async fn take(source: &JsValue) -> Result<Picture<ArrayBuffer>, HostError> {
    if let Some(blob) = source.dyn_ref::<Blob>() {
        let bytes = JsFuture::from(blob.array_buffer()).await;
        let bytes = bytes.ok().and_then(|bytes| bytes.dyn_into().ok());
        return bytes.map(Picture::Encoded).ok_or_else(unreadable);
    }
    if let Some(data) = source.dyn_ref::<ImageData>() {
        return pixels(data);
    }
    let size = if let Some(image) = source.dyn_ref::<HtmlImageElement>() {
        (image.natural_width(), image.natural_height())
    } else if let Some(video) = source.dyn_ref::<HtmlVideoElement>() {
        match video.ready_state() >= web_sys::HtmlMediaElement::HAVE_CURRENT_DATA {
            true => (video.video_width(), video.video_height()),
            false => (0, 0),
        }
    } else if let Some(canvas) = source.dyn_ref::<HtmlCanvasElement>() {
        (canvas.width(), canvas.height())
    } else if let Some(canvas) = source.dyn_ref::<OffscreenCanvas>() {
        (canvas.width(), canvas.height())
    } else if let Some(bitmap) = source.dyn_ref::<ImageBitmap>() {
        (bitmap.width(), bitmap.height())
    } else {
        return Err(HostError::new(
            "source-unknown",
            "This is no picture: hand over a Blob or File, an <img>, <video> or <canvas> element, an \
             ImageData or an ImageBitmap.",
        ));
    };
    let Some((width, height)) = capture_size(size.0, size.1, MAX_SIDE) else {
        return Err(HostError::new(
            "source-empty",
            "This has no picture yet: wait until it is loaded (image.decode(), the video's \
             loadeddata event), then hand it over again.",
        ));
    };
    if !capture::is_readable() {
        return Err(HostError::new(
            "canvas-withheld",
            "This browser hides pictures from pages (privacy.resistFingerprinting): the visitor can allow \
             canvas data with the symbol next to the address. A Blob of a PNG or JPEG file is read \
             nevertheless.",
        ));
    }
    draw(source, width, height).map_err(|_| unreadable())
}

fn unreadable() -> HostError {
    HostError::new(
        "source-unreadable",
        "The browser does not let this page read the picture. One of another origin needs the \
         attribute crossorigin and a server that allows it (CORS); a file may have been moved.",
    )
}

/// Draws the source to a canvas and returns the pixels. The browser scales the picture and rotates
/// images according to their metadata.
fn draw(source: &JsValue, width: u32, height: u32) -> Result<Picture<ArrayBuffer>, JsValue> {
    let canvas = OffscreenCanvas::new(width, height)?;
    let context = canvas.get_context("2d")?.ok_or("no 2D context")?;
    let context: OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    let (wide, high) = (f64::from(width), f64::from(height));
    // In JavaScript the five overloads are one function, which accepts all of these sources.
    let context: &CanvasRenderingContext2d = context.unchecked_ref();
    context.draw_image_with_html_canvas_element_and_dw_and_dh(
        source.unchecked_ref(),
        0.0,
        0.0,
        wide,
        high,
    )?;
    let data = context.get_image_data(0.0, 0.0, wide, high)?;
    pixels(&data).map_err(|_| "no pixels".into())
}

fn pixels(data: &ImageData) -> Result<Picture<ArrayBuffer>, HostError> {
    // By reflection: the typed accessor copies the pixels into this program's memory.
    let bytes = js_sys::Reflect::get(data, &"data".into());
    let bytes = bytes
        .ok()
        .and_then(|it| it.dyn_into::<Uint8ClampedArray>().ok());
    let bytes = bytes.ok_or_else(unreadable)?;
    // A copy, because the buffer is transferred and the host may need its own.
    let copy = bytes.slice(0, bytes.length());
    let buffer: ArrayBuffer = copy.buffer().unchecked_into();
    Ok(Picture::Pixels {
        rgba: buffer,
        width: data.width(),
        height: data.height(),
    })
}
