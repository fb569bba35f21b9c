//! Exports readings as comma-separated values and as JSON, with fields of the same names.
//!
//! [`super::columns`] describes the fields. Numbers have a decimal point in every language, so that
//! programs can read them.

use serde::{Serialize, Serializer};

use super::cell::{Cell, pixels, seconds};
use super::columns::{Column, EXPRESSION_COLUMNS, FACE_COLUMNS, SAMPLE_COLUMNS};
use super::history::History;
use super::samples::Sample;
use super::summary::{Outcome, Tally};
use crate::emotion::Probabilities;
use crate::pipeline::{Analysis, FaceReading};

/// Version of the file format; it increases when a column changes.
pub const FORMAT: u32 = 4;

/// The outcome of a box that a person called no face.
const NOT_A_FACE: &str = "not-a-face";

/// Information about an exported file's origin, written with the readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// Time at which the file was made, in ISO 8601.
    pub made: String,
    /// Name of the network.
    pub model: String,
    /// SHA-256 of its weights, in hexadecimal.
    pub model_sha256: String,
    /// Name of the engine.
    pub engine: String,
}

/// A photo and its reading.
#[derive(Clone, Copy, Debug)]
pub struct PhotoReading<'a> {
    /// Its file's name.
    pub name: &'a str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its faces.
    pub analysis: &'a Analysis,
    /// The boxes that the visitor called no face.
    pub dismissed: &'a [FaceReading],
}

type Row = Vec<Cell>;

fn sample_row(history: &History, sample: &Sample) -> Row {
    let mut row = vec![
        sample.face.into(),
        seconds(sample.seconds),
        seconds(sample.until_seconds()),
        sample.readings.into(),
        sample.judged.into(),
        u32::from(!sample.follows).into(),
        u32::from(sample.compared).into(),
    ];
    if history.summary().is_dismissed(sample.face) {
        row.push(Cell::Text(NOT_A_FACE.to_owned()));
        row.extend(vec![Cell::Nothing; EXPRESSION_COLUMNS.len()]);
        return row;
    }
    row.push(Cell::Text(history.outcome(sample).name().to_owned()));
    row.extend(sample.probabilities.map(Cell::from));
    row
}

fn photo_rows<'a>(photo: &PhotoReading<'a>) -> Vec<Row> {
    let beginning = vec![
        Cell::Text(photo.name.to_owned()),
        photo.width.into(),
        photo.height.into(),
    ];
    let nothing = vec![Cell::Nothing; EXPRESSION_COLUMNS.len()];
    let place = |number: Cell, face: &FaceReading| {
        let rect = face.rect_in_frame;
        let mut row = beginning.clone();
        row.push(number);
        row.extend([rect.x, rect.y, rect.width, rect.height].map(pixels));
        row.push(face.score.into());
        row.push(u32::from(face.is_added).into());
        row
    };
    let faces = photo.analysis.numbered().map(|(number, face)| {
        let mut row = place(number.into(), face);
        row.push(Cell::Text(outcome_of(face).name().to_owned()));
        row.extend(face.probabilities.as_array().map(Cell::from));
        row
    });
    let mut rows: Vec<Row> = faces.collect();
    if rows.is_empty() {
        let mut row = beginning.clone();
        row.extend(vec![Cell::Nothing; FACE_COLUMNS.len() - row.len() - 1]);
        row.push(Cell::Text("no-face".to_owned()));
        row.extend(nothing.clone());
        rows.push(row);
    }
    rows.extend(photo.dismissed.iter().map(|face| {
        let mut row = place(Cell::Nothing, face);
        row.push(Cell::Text(NOT_A_FACE.to_owned()));
        row.extend(nothing.clone());
        row
    }));
    rows
}

/// Returns the outcome that the page states for a face.
pub fn outcome_of(face: &FaceReading) -> Outcome {
    match face.problem {
        Some(_) => Outcome::NotJudged,
        None => Outcome::of(face.verdict()),
    }
}

/// Returns a recording as comma-separated values (<https://www.rfc-editor.org/rfc/rfc4180>).
pub fn recording_csv(history: &History) -> String {
    let rows = history.samples().iter();
    csv(
        &SAMPLE_COLUMNS,
        rows.map(|sample| sample_row(history, sample)),
    )
}

/// Returns photos as comma-separated values.
pub fn photos_csv(photos: &[PhotoReading<'_>]) -> String {
    csv(&FACE_COLUMNS, photos.iter().flat_map(photo_rows))
}

fn csv(columns: &[Column], rows: impl Iterator<Item = Row>) -> String {
    let names: Vec<&str> = columns
        .iter()
        .chain(&EXPRESSION_COLUMNS)
        .map(|it| it.name)
        .collect();
    let mut text = names.join(",");
    text.push_str("\r\n");
    for row in rows {
        let fields: Vec<String> = row.into_iter().map(Cell::into_csv).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

/// Returns a recording as JSON. `source` is the video's file name, or "camera".
///
/// # Errors
/// Never with the types of this crate.
pub fn recording_json(
    history: &History,
    source: &str,
    origin: &Origin,
) -> Result<String, serde_json::Error> {
    let rows = history.samples().iter();
    let rows = rows.map(|sample| sample_row(history, sample));
    let summary = history.summary();
    let about = About {
        source,
        summary: SummaryFields {
            recorded_seconds: summary.recorded_seconds,
            seconds_without_face: summary.faceless_seconds,
            faces: summary.face_count,
            all: TallyFields::of(None, &summary.total),
            by_face: summary
                .faces()
                .iter()
                .map(|one| TallyFields::of(Some(one.face), &one.tally))
                .collect(),
        },
    };
    json(&SAMPLE_COLUMNS, rows, origin, about)
}

/// Returns photos as JSON.
///
/// # Errors
/// Never with the types of this crate.
pub fn photos_json(
    photos: &[PhotoReading<'_>],
    origin: &Origin,
) -> Result<String, serde_json::Error> {
    photos_json_with(photos, origin, ())
}

/// As [`photos_json`], with the fields of `about` before the rows.
///
/// # Errors
/// If `about` has no fields.
pub fn photos_json_with(
    photos: &[PhotoReading<'_>],
    origin: &Origin,
    about: impl Serialize,
) -> Result<String, serde_json::Error> {
    let rows = photos.iter().flat_map(photo_rows);
    json(&FACE_COLUMNS, rows, origin, about)
}

#[derive(Serialize)]
struct Head<'a, A> {
    format: u32,
    made: &'a str,
    program: &'a str,
    model: &'a str,
    model_sha256: &'a str,
    engine: &'a str,
    #[serde(flatten)]
    about: A,
    units: Named<&'a str>,
}

#[derive(Serialize)]
struct About<'a> {
    source: &'a str,
    summary: SummaryFields,
}

#[derive(Serialize)]
struct SummaryFields {
    recorded_seconds: f64,
    seconds_without_face: f64,
    faces: u32,
    all: TallyFields,
    by_face: Vec<TallyFields>,
}

#[derive(Serialize)]
struct TallyFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    face: Option<u32>,
    readings: u64,
    seen_seconds: f64,
    changes: u32,
    share_of_time: Named<Option<f64>>,
    mean_probability: Named<Option<f64>>,
}

impl TallyFields {
    fn of(face: Option<u32>, tally: &Tally) -> Self {
        let means = tally.means();
        Self {
            face,
            readings: tally.readings,
            seen_seconds: tally.seen_seconds,
            changes: tally.changes,
            share_of_time: Named(
                Outcome::all()
                    .map(|it| (it.name(), tally.share(it)))
                    .collect(),
            ),
            mean_probability: Named(
                (0..)
                    .zip(Probabilities::names())
                    .map(|(at, name): (usize, _)| (name, means.map(|means| means[at])))
                    .collect(),
            ),
        }
    }
}

/// A JSON object whose fields keep their order.
struct Named<T>(Vec<(&'static str, T)>);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Writes JSON row by row, so that a long recording is never in memory twice.
fn json(
    columns: &[Column],
    rows: impl Iterator<Item = Row>,
    origin: &Origin,
    about: impl Serialize,
) -> Result<String, serde_json::Error> {
    let columns = || columns.iter().chain(&EXPRESSION_COLUMNS);
    let head = Head {
        format: FORMAT,
        made: &origin.made,
        program: concat!("moue ", env!("CARGO_PKG_VERSION")),
        model: &origin.model,
        model_sha256: &origin.model_sha256,
        engine: &origin.engine,
        about,
        units: Named(columns().map(|it| (it.name, it.unit)).collect()),
    };
    let mut text = serde_json::to_string(&head)?;
    // Removes the object's closing brace, so that the rows can follow.
    text.pop();
    text.push_str(",\"rows\":[");
    for (place, row) in rows.enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        let named = Named(columns().map(|it| it.name).zip(row).collect());
        text.push_str(&serde_json::to_string(&named)?);
    }
    text.push_str("\n]}\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::columns::SUMMARY_COLUMNS;
    use super::super::history::{FaceObservation, FrameTime};
    use super::*;
    use crate::emotion::{Emotion, UNSURE_BELOW};
    use crate::vision::{Landmarks, Rect};

    fn origin() -> Origin {
        Origin {
            made: "2026-05-01T12:00:00.000Z".into(),
            model: "a network".into(),
            model_sha256: "00ff".into(),
            engine: "CPU".into(),
        }
    }

    fn happy() -> Probabilities {
        Probabilities::normalized([0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 1.0, 0.0]).unwrap()
    }

    fn history() -> History {
        let mut history = History::default();
        for seconds in [0.0, 0.25, 0.5] {
            let seen = FaceObservation {
                face: 2,
                size: 0.3,
                probabilities: happy(),
                outcome: Outcome::LooksLike(Emotion::Happy),
                compared: seconds > 0.0,
            };
            history.push(
                FrameTime {
                    seconds,
                    playback_rate: 1.0,
                },
                &[seen],
            );
        }
        history
    }

    fn analysis() -> Analysis {
        let face = FaceReading {
            track: None,
            rect_in_frame: Rect::new(1.0, 2.5, 30.25, 40.0),
            score: 0.75,
            is_added: false,
            landmarks: Landmarks {
                points: [[0.0; 2]; Landmarks::COUNT],
            },
            probabilities: happy(),
            unsure_below: UNSURE_BELOW,
            problem: None,
            attention: None,
            logits: [0.0; Emotion::COUNT],
            millis: 1.0,
        };
        Analysis {
            faces: vec![face],
            ..Analysis::default()
        }
    }

    fn photo<'a>(name: &'a str, analysis: &'a Analysis) -> PhotoReading<'a> {
        PhotoReading {
            name,
            width: 640,
            height: 480,
            analysis,
            dismissed: &[],
        }
    }

    #[test]
    fn a_recording_is_a_row_a_sample() {
        let text = recording_csv(&history());
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "face,seconds,until_seconds,readings,judged_readings,after_gap,compared,verdict,\
             anger,disgust,fear,happy,sad,surprise,neutral,other"
        );
        assert_eq!(
            lines[1],
            "2,0.000,0.000,1,1,1,0,happy,0,0,0,0.75,0,0,0.25,0"
        );
        assert_eq!(
            lines[2],
            "2,0.250,0.250,1,1,0,1,happy,0,0,0,0.75,0,0,0.25,0"
        );
        assert_eq!(lines[4], "", "the last line ends too");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn what_the_visitor_called_no_face_says_so_and_has_no_number() {
        let faces = analysis();
        let photo = PhotoReading {
            dismissed: &faces.faces[..1],
            analysis: &Analysis::default(),
            ..photo("a.png", &faces)
        };
        let text = photos_csv(&[photo]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[1], "a.png,640,480,,,,,,,,no-face,,,,,,,,");
        assert_eq!(
            lines[2],
            "a.png,640,480,,1.0,2.5,30.2,40.0,0.75,0,not-a-face,,,,,,,,"
        );
    }

    #[test]
    fn photos_are_a_row_a_face_and_one_where_there_is_none() {
        let (faces, none) = (analysis(), Analysis::default());
        let photos = [photo("a, \"b\".png", &faces), photo("=cmd.png", &none)];
        let text = photos_csv(&photos);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[1],
            "\"a, \"\"b\"\".png\",640,480,1,1.0,2.5,30.2,40.0,0.75,0,happy,0,0,0,0.75,0,0,0.25,0"
        );
        assert_eq!(lines[2], "'=cmd.png,640,480,,,,,,,,no-face,,,,,,,,");
        let columns = lines[0].split(',').count();
        assert_eq!(lines[2].split(',').count(), columns);
        let json: Value = serde_json::from_str(&photos_json(&photos, &origin()).unwrap()).unwrap();
        assert_eq!(json["rows"][0]["photo"], "a, \"b\".png");
        assert_eq!(json["rows"][0]["happy"], 0.75);
        assert_eq!(json["rows"][1]["face"], Value::Null);
        assert_eq!(
            json["rows"][1]["photo"], "=cmd.png",
            "no spreadsheet runs JSON"
        );
        assert_eq!(json["summary"], Value::Null);
    }

    #[test]
    fn json_says_what_the_csv_says_and_where_it_comes_from() {
        let history = history();
        let text = recording_json(&history, "camera", &origin()).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["model_sha256"], "00ff");
        assert_eq!(json["source"], "camera");
        assert_eq!(json["summary"]["recorded_seconds"], 0.5);
        assert_eq!(json["summary"]["all"]["share_of_time"]["happy"], 1.0);
        assert_eq!(json["summary"]["by_face"][0]["face"], 2);
        let csv = recording_csv(&history);
        let mut lines = csv.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        for (line, row) in lines.zip(json["rows"].as_array().unwrap()) {
            assert_eq!(row.as_object().unwrap().len(), names.len());
            for (name, field) in names.iter().zip(line.split(',')) {
                match &row[name] {
                    Value::String(text) => assert_eq!(text, field),
                    number => assert_eq!(number.as_f64().unwrap(), field.parse::<f64>().unwrap()),
                }
                assert!(json["units"][name].is_string(), "{name} has a unit");
            }
        }
        let summary = json["summary"].as_object().unwrap();
        let fields = summary
            .keys()
            .chain(summary["by_face"][0].as_object().unwrap().keys());
        for field in fields.filter(|it| !["all", "by_face"].contains(&it.as_str())) {
            assert!(
                SUMMARY_COLUMNS.iter().any(|column| column.name == field),
                "{field}"
            );
        }
    }
}
