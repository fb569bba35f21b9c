//! Copies of photos that are shown and read in place of the file: one that is upright where browsers
//! ignore the file's EXIF orientation, and one of a file that only the browser can decode.

use gloo::file::ObjectUrl;
use image::metadata::Orientation;
use js_sys::{Array, ArrayBuffer, DataView, Function, Promise, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, ImageBitmap};

use crate::page::geometry::capture_size;
use crate::page::protocol::ErrorCode;
use crate::web::input::capture;

/// The longest side of a copy, in pixels.
const MAX_SIDE: u32 = 4096;
/// The most pixels that the browser decodes: 2²⁷, above the 108 megapixels of telephones. As RGBA
/// they take 512 MiB.
const MOST_PIXELS: f64 = 134_217_728.0;
/// Length of the signature of a WebP file: "RIFF", a size, "WEBP".
const HEAD: usize = 12;
/// The signature of a PNG file.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether to let the browser decode a `Blob` that was refused with this code. No drawings, whose
/// size is not in pixels.
pub fn browser_may_decode(refusal: ErrorCode, source: &JsValue) -> bool {
    let is_for_browser = matches!(
        refusal,
        ErrorCode::UnsupportedFormat | ErrorCode::PictureTooLarge
    );
    let is_picture = |blob: &Blob| blob.type_() != "image/svg+xml";
    is_for_browser && source.dyn_ref().is_some_and(is_picture) && capture::is_readable()
}

/// Returns the photo as a PNG with sides of at most [`MAX_SIDE`] pixels, decoded and turned upright
/// by the browser.
///
/// # Errors
/// What the browser throws if it cannot decode the file or memory is short.
pub async fn browser_copy(file: &Blob) -> Result<Blob, JsValue> {
    draw(file, Orientation::NoTransforms).await
}

/// Returns the photo turned by a quarter, clockwise, as a PNG.
///
/// # Errors
/// As [`browser_copy`].
pub async fn turned_copy(file: &Blob) -> Result<Blob, JsValue> {
    draw(file, Orientation::Rotate90).await
}

/// Returns an upright copy of a PNG or WebP file whose EXIF orientation asks for a turn, which WebP
/// in every browser, and PNG in WebKit, is shown without; `None` for any other file.
///
/// # Errors
/// As [`browser_copy`].
pub async fn upright_copy(file: &Blob) -> Result<Option<Blob>, JsValue> {
    // Most photos are JPEG, and are not read here.
    let head = file.slice_with_f64_and_f64(0.0, HEAD as f64)?;
    let head = Uint8Array::new(&JsFuture::from(head.array_buffer()).await?).to_vec();
    let is_png = head.starts_with(PNG);
    let is_webp = head.starts_with(b"RIFF") && head.ends_with(b"WEBP");
    if !is_png && !is_webp {
        return Ok(None);
    }
    let buffer: ArrayBuffer = JsFuture::from(file.array_buffer()).await?.dyn_into()?;
    let Some((name_at, orientation)) = orientation(&buffer, is_png) else {
        return Ok(None);
    };
    // Under another name the chunk is ignored, so that no browser turns the picture as well.
    Uint8Array::new_with_byte_offset_and_length(&buffer, name_at, 4).copy_from(b"moUe");
    let plain = Blob::new_with_u8_array_sequence(&Array::of1(&buffer))?;
    draw(&plain, orientation).await.map(Some)
}

/// Returns the orientation of a PNG or WebP file, unless it is upright, and the position of the name
/// of its EXIF chunk (<https://www.w3.org/TR/png-3/#11eXIf>,
/// <https://developers.google.com/speed/webp/docs/riff_container>). The file stays outside of this
/// program's memory.
fn orientation(file: &ArrayBuffer, is_png: bool) -> Option<(u32, Orientation)> {
    let view = DataView::new(file, 0, file.byte_length() as usize);
    let length = view.byte_length();
    let bytes = |at: usize, count: usize| {
        let end = at.checked_add(count).filter(|end| *end <= length)?;
        Some(Uint8Array::new(file).slice(at as u32, end as u32).to_vec())
    };
    let mut at = if is_png { PNG.len() } else { HEAD };
    loop {
        let (size_at, name_at) = if is_png { (at, at + 4) } else { (at + 4, at) };
        bytes(at, 8)?;
        let size = view.get_uint32_endian(size_at, !is_png) as usize;
        if matches!(bytes(name_at, 4)?.as_slice(), b"eXIf" | b"EXIF") {
            let orientation = Orientation::from_exif_chunk(&bytes(at + 8, size)?)?;
            return (orientation != Orientation::NoTransforms)
                .then_some((name_at as u32, orientation));
        }
        // A PNG's checksum follows the data, and WebP pads it to an even size.
        at = at.checked_add(8)?.checked_add(size)?;
        at = at.checked_add(if is_png { 4 } else { size % 2 })?;
    }
}

/// Draws a picture, turned by `orientation`, as a PNG.
async fn draw(file: &Blob, orientation: Orientation) -> Result<Blob, JsValue> {
    check_pixels(file).await?;
    // Unlike an image element, it fails where a part of the picture is missing.
    let bitmap = window().create_image_bitmap_with_blob(file)?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await?.dyn_into()?;
    let size = capture_size(bitmap.width(), bitmap.height(), MAX_SIDE);
    let (width, height) = size.ok_or("the picture has no pixels")?;
    let (wide, high) = (f64::from(width), f64::from(height));
    // The columns of the matrix, and the sides that the picture is moved by.
    let [[a, b], [c, d], [e, f]] = match orientation {
        Orientation::NoTransforms => [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]],
        Orientation::FlipHorizontal => [[-1.0, 0.0], [0.0, 1.0], [wide, 0.0]],
        Orientation::Rotate180 => [[-1.0, 0.0], [0.0, -1.0], [wide, high]],
        Orientation::FlipVertical => [[1.0, 0.0], [0.0, -1.0], [0.0, high]],
        Orientation::Rotate90FlipH => [[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]],
        Orientation::Rotate90 => [[0.0, 1.0], [-1.0, 0.0], [high, 0.0]],
        Orientation::Rotate270FlipH => [[0.0, -1.0], [-1.0, 0.0], [high, wide]],
        Orientation::Rotate270 => [[0.0, -1.0], [1.0, 0.0], [0.0, wide]],
    };
    let lies = a == 0.0;
    let (canvas, context) = match lies {
        true => canvas(height, width)?,
        false => canvas(width, height)?,
    };
    context.set_transform(a, b, c, d, e, f)?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, wide, high)?;
    bitmap.close();
    to_png(&canvas).await
}

/// Refuses a picture of more than [`MOST_PIXELS`] before the browser decodes it.
async fn check_pixels(file: &Blob) -> Result<(), JsValue> {
    let url = ObjectUrl::from(gloo::file::Blob::from(file.clone()));
    let image = HtmlImageElement::new()?;
    let loaded = Promise::new(&mut |resolve, reject| {
        image.set_onload(Some(&resolve));
        image.set_onerror(Some(&reject));
    });
    image.set_src(&url);
    JsFuture::from(loaded).await?;
    let pixels = f64::from(image.natural_width()) * f64::from(image.natural_height());
    match pixels <= MOST_PIXELS {
        true => Ok(()),
        false => Err("the picture has too many pixels".into()),
    }
}

/// Creates a canvas of this size in pixels, outside of the document.
///
/// # Errors
/// What the browser throws, for example if memory is short.
pub fn canvas(
    width: u32,
    height: u32,
) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d")?.ok_or("no 2D context")?;
    Ok((canvas, context.dyn_into()?))
}

/// Returns the canvas as a PNG.
///
/// # Errors
/// What the browser throws, for example if memory is short.
pub async fn to_png(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        if let Err(error) = canvas.to_blob(done.unchecked_ref()) {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await?.dyn_into()
}
