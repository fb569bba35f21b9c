//! Buttons that make files and texts of what was read.

use std::sync::Arc;

use gloo::file::Blob;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::super::text_button::TextButton;
use super::summary::sentences;
use crate::page::colours::{PALETTE, face_colour};
use crate::page::record::export;
use crate::page::record::export::{PhotoReading, outcome_of};
use crate::page::record::summary::Outcome;
use crate::pipeline::FaceReading;
use crate::web::annotate::Mark;
use crate::web::session::i18n::{I18n, use_i18n};
use crate::web::session::{Reading, Session, Source};
use crate::web::{annotate, save};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The recording.
    Recording,
    /// The photo on the stage, and the others of its album.
    Photos,
}

/// What to say after a button was pressed.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    Saved(String),
    Copied,
    Refused,
}

/// Files and texts, made on this device.
#[component]
pub fn ExportBar(session: Session, subject: Subject) -> impl IntoView {
    let i18n = use_i18n();
    let told = RwSignal::new(None::<Told>);
    let told_words = move || {
        told.get().map(|it| match it {
            Told::Saved(name) => i18n.format("export-saved", &[("name", name.into())]),
            Told::Copied => i18n.text("export-copied"),
            Told::Refused => i18n.text("export-refused"),
        })
    };
    let saves = move |name: String, saved: Result<(), JsValue>| {
        let _ = told.try_set(Some(saved.map_or(Told::Refused, |()| Told::Saved(name))));
    };
    let save_csv = move |_| {
        let name = save::file_name("csv");
        let content = csv(session, subject);
        let blob = Blob::new_with_options(content.as_str(), Some("text/csv"));
        saves(name.clone(), save::save(&name, blob));
    };
    let save_json = move |_| {
        let name = save::file_name("json");
        let saved = json(session, subject)
            .map_err(|error| JsValue::from(error.to_string()))
            .and_then(|content| {
                let blob = Blob::new_with_options(content.as_str(), Some("application/json"));
                save::save(&name, blob)
            });
        saves(name, saved);
    };
    let copies = move |copied: Result<(), JsValue>| {
        let _ = told.try_set(Some(copied.map_or(Told::Refused, |()| Told::Copied)));
    };
    let copy = move |_| {
        let text = text(session, subject);
        spawn_local(async move { copies(save::copy_text(&text).await) });
    };
    let save_png = move |_| {
        spawn_local(async move {
            let name = save::file_name("png");
            let saved = picture(session)
                .await
                .and_then(|blob| save::save(&name, Blob::from(blob)));
            saves(name, saved);
        });
    };
    let copy_png = move |_| {
        spawn_local(async move {
            copies(match picture(session).await {
                Ok(blob) => save::copy_picture(&blob).await,
                Err(error) => Err(error),
            });
        });
    };
    let is_photo = subject == Subject::Photos;
    let read = Memo::new(move |_| match subject {
        Subject::Photos => session
            .album
            .done
            .get()
            .saturating_sub(session.album.refused.get()),
        Subject::Recording => 0,
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
            <p class="export__told" role="status" data-testid="export-told" prop:textContent=told_words></p>
        </div>
    }
}

fn csv(session: Session, subject: Subject) -> String {
    match subject {
        Subject::Recording => untrack(|| session.record.with(export::recording_csv)),
        Subject::Photos => with_photos(session, export::photos_csv),
    }
}

fn json(session: Session, subject: Subject) -> Result<String, serde_json::Error> {
    let origin = session.origin();
    match subject {
        Subject::Recording => {
            let source = session.record.video();
            let source = source.as_deref().unwrap_or("camera");
            untrack(|| {
                let made = |history: &_| Some(export::recording_json(history, source, &origin));
                session
                    .record
                    .with(made)
                    .unwrap_or_else(|| Ok(String::new()))
            })
        }
        Subject::Photos => with_photos(session, |photos| export::photos_json(photos, &origin)),
    }
}

/// Every photo of the album that was read so far; without an album the one on the stage.
fn photos(session: Session) -> Vec<(String, Arc<Reading>)> {
    untrack(|| {
        let album = session.album.read_photos();
        if !album.is_empty() {
            return album;
        }
        let name = session.source.with(|source| match source {
            Source::Photo { name, .. } => Some(name.clone()),
            _ => None,
        });
        let shown = name.zip(session.reading.get());
        shown
            .map(|(name, reading)| (name, Arc::new(reading)))
            .into_iter()
            .collect()
    })
}

/// The photos that were read, for a file of them.
fn with_photos<T>(session: Session, read: impl FnOnce(&[PhotoReading<'_>]) -> T) -> T {
    let photos = photos(session);
    let photos: Vec<PhotoReading<'_>> = photos
        .iter()
        .map(|(name, reading)| PhotoReading {
            name,
            width: reading.width,
            height: reading.height,
            analysis: &reading.analysis,
        })
        .collect();
    read(&photos)
}

/// What is copied as text, in the page's language.
fn text(session: Session, subject: Subject) -> String {
    let i18n = session.i18n;
    untrack(|| match subject {
        Subject::Recording => {
            let total = session
                .record
                .with(|history| history.summary().total.clone());
            let mut lines = sentences(i18n, session.record, &total);
            lines.push(i18n.text("about-lead"));
            lines.join("\n")
        }
        Subject::Photos => {
            let photos = photos(session);
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

/// A face in a few words: "Face 1: looks happy (97.3%)".
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

/// The photo on the stage with its faces marked.
async fn picture(session: Session) -> Result<web_sys::Blob, JsValue> {
    let url = session.source.with_untracked(|source| match source {
        Source::Photo { url, .. } => Some(url.clone()),
        _ => None,
    });
    let url = url.ok_or("no photo")?;
    let marks = untrack(|| {
        session.reading.with(|reading| {
            let reading = reading.as_ref()?;
            let marks: Vec<Mark> = reading
                .analysis
                .numbered()
                .map(|(number, face)| Mark {
                    rect_in_frame: face.rect_in_frame,
                    words: words(session.i18n, number, face),
                    colour: PALETTE[face_colour(number)],
                })
                .collect();
            Some((reading.width, marks))
        })
    });
    let (width, marks) = marks.ok_or("no reading")?;
    let direction = session.i18n.language.get_untracked().direction();
    annotate::annotate(&url, width, &marks, direction).await
}
