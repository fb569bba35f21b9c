//! Captures the pixels of a frame from a playing video.

use js_sys::{ArrayBuffer, Reflect, Uint8ClampedArray};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ContextAttributes2d, HtmlCanvasElement, HtmlVideoElement};

use crate::page::geometry::{CAPTURE_MAX_SIDE, capture_size};
use crate::page::protocol::Picture;

/// Side of the test pattern of [`is_readable`], in pixels.
const PATTERN_SIDE: u32 = 8;
/// The largest error of a channel that is read back, 0 to 255: some browsers change the lowest bits.
const MAX_ERROR: u8 = 24;

/// Whether the browser lets this page read what it draws. Firefox with
/// `privacy.resistFingerprinting` returns noise instead, without an error.
pub fn is_readable() -> bool {
    const HALVES: [[u8; 3]; 2] = [[51, 102, 153], [204, 153, 51]];
    let read = || -> Result<Vec<u8>, JsValue> {
        let Capture { canvas, context } = Capture::new()?;
        canvas.set_width(PATTERN_SIDE);
        canvas.set_height(PATTERN_SIDE);
        let side = f64::from(PATTERN_SIDE);
        for (at, [red, green, blue]) in HALVES.into_iter().enumerate() {
            context.set_fill_style_str(&format!("rgb({red},{green},{blue})"));
            context.fill_rect(0.0, at as f64 * side / 2.0, side, side / 2.0);
        }
        Ok(context.get_image_data(0.0, 0.0, side, side)?.data().0)
    };
    let pixels = read().unwrap_or_default();
    let half = pixels.len() / 2;
    let is_right = |(at, pixel): (usize, &[u8])| {
        let drawn = HALVES[usize::from(4 * at >= half)];
        let mut channels = pixel.iter().zip(drawn);
        channels.all(|(&read, drawn)| read.abs_diff(drawn) <= MAX_ERROR)
    };
    !pixels.is_empty() && pixels.chunks_exact(4).enumerate().all(is_right)
}

/// A canvas that is reused for every frame.
pub struct Capture {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Capture {
    /// Creates the canvas, outside of the document.
    ///
    /// # Errors
    /// What the browser throws if a canvas has no 2D context.
    pub fn new() -> Result<Self, JsValue> {
        let document = web_sys::window().and_then(|window| window.document());
        let document = document.ok_or("no document")?;
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
        // Every frame is read back, so the browser should keep the canvas in main memory.
        let attributes = ContextAttributes2d::new();
        attributes.set_will_read_frequently(true);
        let context = canvas
            .get_context_with_context_options("2d", &attributes)?
            .ok_or("no 2D context")?
            .dyn_into()?;
        Ok(Self { canvas, context })
    }

    /// Captures the video's current frame, not mirrored, with sides of at most [`CAPTURE_MAX_SIDE`]
    /// pixels, which stay outside of this program's memory. `None` if the video has no frame yet.
    ///
    /// # Errors
    /// What the browser throws if the frame cannot be read.
    pub fn take(&self, video: &HtmlVideoElement) -> Result<Option<Picture<ArrayBuffer>>, JsValue> {
        if video.ready_state() < web_sys::HtmlMediaElement::HAVE_CURRENT_DATA {
            return Ok(None);
        }
        let size = capture_size(video.video_width(), video.video_height(), CAPTURE_MAX_SIDE);
        let Some((width, height)) = size else {
            return Ok(None);
        };
        // Setting a size, even the same one, clears the canvas and allocates it anew.
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        let (wide, high) = (f64::from(width), f64::from(height));
        self.context
            .draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, wide, high)?;
        let image = self.context.get_image_data(0.0, 0.0, wide, high)?;
        // By reflection: the typed accessor copies the pixels into this program's memory.
        let data: Uint8ClampedArray = Reflect::get(&image, &"data".into())?.dyn_into()?;
        Ok(Some(Picture::Pixels {
            rgba: data.buffer().unchecked_into(),
            width,
            height,
        }))
    }
}
