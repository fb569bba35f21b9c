//! Buttons that export readings as files, texts and pictures.

use std::sync::Arc;

use gloo::file::Blob;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::super::text_button::TextButton;
use super::summary::sentences;
use crate::page::colours::{PALETTE, face_colour};
use crate::page::record::export;
use crate::page::record::export::{Origin, PhotoReading, outcome_of};
use crate::page::record::summary::Outcome;
use crate::page::state::PageState;
use crate::pipeline::FaceReading;
use crate::web::annotate::Mark;
use crate::web::session::album::Album;
use crate::web::session::i18n::{I18n, use_i18n};
use crate::web::session::record::Record;
use crate::web::session::stage::StageState;
use crate::web::session::{Reading, Source};
use crate::web::{annotate, save};

/// The kind of data to export.
#[derive(Clone, Copy)]
pub enum Subject {
    /// The recording of a camera or a video.
    Recording(Record),
    /// The photos of the album that were read, or the one on the stage.
    Photos(Album, StageState),
}

/// Result of a button press, shown to the visitor.
#[derive(Clone, Debug, PartialEq)]
enum ExportResult {
    Saved(String),
    Copied,
    Refused,
}

/// The export buttons. Everything is created on this device.
#[component]
pub fn ExportBar(state: RwSignal<PageState>, subject: Subject) -> impl IntoView {
    let i18n = use_i18n();
    let result = RwSignal::new(None::<ExportResult>);
    let result_words = move || {
        result.get().map(|it| match it {
            ExportResult::Saved(name) => i18n.format("export-saved", &[("name", name.into())]),
            ExportResult::Copied => i18n.text("export-copied"),
            ExportResult::Refused => i18n.text("export-refused"),
        })
    };
    let saves = move |name: String, saved: Result<(), JsValue>| {
        let _ = result.try_set(Some(
            saved.map_or(ExportResult::Refused, |()| ExportResult::Saved(name)),
        ));
    };
    let save_csv = move |_| {
        let name = save::file_name("csv");
        let content = csv(subject);
        let blob = Blob::new_with_options(content.as_str(), Some("text/csv"));
        saves(name.clone(), save::save(&name, blob));
    };
    let save_json = move |_| {
        let name = save::file_name("json");
        let origin = state.with_untracked(|state| state.origin(save::now_iso()));
        let saved = json(subject, &origin)
            .map_err(|error| JsValue::from(error.to_string()))
            .and_then(|content| {
                let blob = Blob::new_with_options(content.as_str(), Some("application/json"));
                save::save(&name, blob)
            });
        saves(name, saved);
    };
    let copies = move |copied: Result<(), JsValue>| {
        let _ = result.try_set(Some(
            copied.map_or(ExportResult::Refused, |()| ExportResult::Copied),
        ));
    };
    let copy = move |_| {
        let text = text(i18n, subject);
        spawn_local(async move { copies(save::copy_text(&text).await) });
    };
    let picture = move || async move {
        match subject {
            Subject::Photos(_, stage) => picture(i18n, stage).await,
            Subject::Recording(_) => Err("no photo".into()),
        }
    };
    let save_png = move |_| {
        spawn_local(async move {
            let name = save::file_name("png");
            let saved = picture()
                .await
                .and_then(|blob| save::save(&name, Blob::from(blob)));
            saves(name, saved);
        });
    };
    let copy_png = move |_| {
        spawn_local(async move {
            copies(match picture().await {
                Ok(blob) => save::copy_picture(&blob).await,
                Err(error) => Err(error),
            });
        });
    };
    let is_photo = matches!(subject, Subject::Photos(..));
    let read = Memo::new(move |_| match subject {
        Subject::Photos(album, _) => album.done.get().saturating_sub(album.refused.get()),
        Subject::Recording(_) => 0,
    });
    let all_photos = move || {
        let count = read.get();
        (count > 1).then(|| i18n.format("export-photos", &[("count", count.into())]))
    };
    let name = if is_photo { "photo" } else { "recording" };
    view! {
        <div class="export" data-testid="export" data-subject=name>
            <div class="export__buttons">
                {is_photo.then(|| view! {
                    <TextButton key="export-png" testid="export-png" on_press=save_png />
                })}
                <TextButton key="export-csv" testid="export-csv" on_press=save_csv />
                <TextButton key="export-json" testid="export-json" on_press=save_json />
                <TextButton key="export-copy" testid="copy" on_press=copy />
                {(is_photo && save::copies_pictures()).then(|| view! {
                    <TextButton key="export-copy-picture" testid="copy-png" on_press=copy_png />
                })}
            </div>
            <p class="export__note"><span prop:textContent=move || i18n.text("export-note")></span> " " <span prop:textContent=all_photos></span></p>
            <p class="export__told" role="status" data-testid="export-told" prop:textContent=result_words></p>
        </div>
    }
}

fn csv(subject: Subject) -> String {
    match subject {
        Subject::Recording(record) => untrack(|| record.with(export::recording_csv)),
        Subject::Photos(album, stage) => with_photos(album, stage, export::photos_csv),
    }
}

fn json(subject: Subject, origin: &Origin) -> Result<String, serde_json::Error> {
    match subject {
        Subject::Recording(record) => {
            let source = record.video();
            let source = source.as_deref().unwrap_or("camera");
            untrack(|| {
                let made = |history: &_| Some(export::recording_json(history, source, origin));
                record.with(made).unwrap_or_else(|| Ok(String::new()))
            })
        }
        Subject::Photos(album, stage) => {
            with_photos(album, stage, |photos| export::photos_json(photos, origin))
        }
    }
}

/// Returns all photos of the album that were read so far, or without an album the one on the stage.
fn photos(album: Album, stage: StageState) -> Vec<(String, Arc<Reading>)> {
    untrack(|| {
        let read = album.read_photos();
        if !read.is_empty() {
            return read;
        }
        let name = stage.source.with(|source| match source {
            Source::Photo { name, .. } => Some(name.clone()),
            _ => None,
        });
        let shown = name.zip(stage.reading.get());
        shown
            .map(|(name, reading)| (name, Arc::new(reading)))
            .into_iter()
            .collect()
    })
}

/// Calls `read` with the photos that were read.
fn with_photos<T>(
    album: Album,
    stage: StageState,
    read: impl FnOnce(&[PhotoReading<'_>]) -> T,
) -> T {
    let photos = photos(album, stage);
    let photos: Vec<PhotoReading<'_>> = photos
        .iter()
        .map(|(name, reading)| PhotoReading {
            name,
            width: reading.width,
            height: reading.height,
            analysis: &reading.analysis,
            dismissed: &reading.dismissed,
        })
        .collect();
    read(&photos)
}

/// Returns the text to copy, in the page's language.
fn text(i18n: I18n, subject: Subject) -> String {
    untrack(|| match subject {
        Subject::Recording(record) => {
            let total = record.with(|history| history.summary().total.clone());
            let mut lines = sentences(i18n, record, &total);
            lines.push(i18n.text("about-lead"));
            lines.join("\n")
        }
        Subject::Photos(album, stage) => {
            let photos = photos(album, stage);
            let are_several = photos.len() > 1;
            let mut lines = vec![];
            for (name, reading) in photos {
                if are_several {
                    lines.push(name);
                }
                let faces = reading.analysis.numbered();
                lines.extend(faces.map(|(number, face)| words(i18n, number, face)));
                if reading.analysis.faces.is_empty() {
                    lines.push(i18n.text("said-no-face"));
                }
            }
            lines.push(i18n.text("about-lead"));
            lines.join("\n")
        }
    })
}

/// Describes a face in a short text: "Face 1: looks happy (97.3%)".
fn words(i18n: I18n, number: u32, face: &FaceReading) -> String {
    let outcome = outcome_of(face);
    let about = [
        ("number", number.into()),
        ("outcome", i18n.outcome(outcome).into()),
        ("share", i18n.percent(face.probabilities.top().1).into()),
    ];
    match outcome {
        Outcome::LooksLike(_) => i18n.format("export-face", &about),
        _ => i18n.format("export-face-unsure", &about[..2]),
    }
}

/// Draws the photo on the stage with its faces marked, as a PNG.
async fn picture(i18n: I18n, stage: StageState) -> Result<web_sys::Blob, JsValue> {
    let url = stage.source.with_untracked(|source| match source {
        Source::Photo { url, .. } => Some(url.clone()),
        _ => None,
    });
    let url = url.ok_or("no photo")?;
    let marks = untrack(|| {
        stage.reading.with(|reading| {
            let reading = reading.as_ref()?;
            let marks: Vec<Mark> = reading
                .analysis
                .numbered()
                .map(|(number, face)| Mark {
                    rect_in_frame: face.rect_in_frame,
                    words: words(i18n, number, face),
                    colour: PALETTE[face_colour(number)],
                })
                .collect();
            Some((reading.width, marks))
        })
    });
    let (width, marks) = marks.ok_or("no reading")?;
    let direction = i18n.language.get_untracked().direction();
    annotate::annotate(&url, width, &marks, direction).await
}
