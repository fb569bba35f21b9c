//! Draws a photo with its faces marked, on this device, as a PNG.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlImageElement};

use crate::page::colours::FaceColour;
use crate::vision::Rect;
use crate::web::input::photo;

/// Maximum number of pixels: Safari's limit for a canvas
/// (<https://developer.mozilla.org/docs/Web/HTML/Element/canvas#maximum_canvas_size>).
const MOST_PIXELS: f64 = 16_777_216.0;

/// A face to mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Box around the face, in pixels of the picture that was read.
    pub rect_in_frame: Rect,
    /// Text of the label.
    pub words: String,
    /// Colour of the face.
    pub colour: FaceColour,
}

/// Draws the photo at `url` with its marks and returns it as a PNG. `width` is the width in pixels
/// of the picture that was read, and `direction` the text direction, `ltr` or `rtl`.
///
/// # Errors
/// What the browser throws, for example if memory is short.
pub async fn annotate(
    url: &str,
    width: u32,
    marks: &[Mark],
    direction: &str,
) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let (wide, high) = (
        f64::from(image.natural_width()),
        f64::from(image.natural_height()),
    );
    let shrink = (MOST_PIXELS / (wide * high)).sqrt().min(1.0);
    let (wide, high) = ((wide * shrink).floor(), (high * shrink).floor());
    let (canvas, context) = photo::canvas(wide as u32, high as u32)?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, wide, high)?;
    Reflect::set(&context, &"direction".into(), &direction.into())?;
    let scale = wide / f64::from(width.max(1));
    for mark in marks {
        draw(&context, mark, scale, (wide, high))?;
    }
    photo::to_png(&canvas).await
}

/// Draws a face's box and label. As on the page, the face's colour lies between white lines with
/// dark ones around them, so that it is visible on any picture.
fn draw(
    context: &CanvasRenderingContext2d,
    mark: &Mark,
    scale: f64,
    (wide, high): (f64, f64),
) -> Result<(), JsValue> {
    let Rect {
        x,
        y,
        width,
        height,
    } = mark.rect_in_frame;
    // On whole pixels, so that the lines are sharp.
    let [left, right] = [x, x + width].map(|value| (f64::from(value) * scale).round());
    let [top, bottom] = [y, y + height].map(|value| (f64::from(value) * scale).round());
    let letter = (wide.max(high) / 45.0).max(12.0);
    let rim = (letter / 14.0).round().max(1.0);
    let FaceColour { fill, on_fill, .. } = mark.colour;
    for (style, thickness) in [
        ("#141413", 8.0 * rim),
        ("#ffffff", 6.0 * rim),
        (fill, 4.0 * rim),
    ] {
        context.set_stroke_style_str(style);
        context.set_line_width(thickness);
        context.stroke_rect(left, top, right - left, bottom - top);
    }
    context.set_font(&format!("600 {letter:.0}px system-ui, sans-serif"));
    context.set_text_align("left");
    context.set_text_baseline("middle");
    let label = context.measure_text(&mark.words)?.width() + letter;
    let tall = 1.6 * letter;
    // Above the box if there is room, else below its top edge.
    let top = if top >= tall {
        top - tall
    } else {
        top.max(0.0)
    };
    let left = left.min(wide - label).max(0.0);
    context.set_fill_style_str(fill);
    context.fill_rect(left, top, label, tall);
    context.set_fill_style_str(on_fill);
    context.fill_text(&mark.words, left + letter / 2.0, top + tall / 2.0)
}
