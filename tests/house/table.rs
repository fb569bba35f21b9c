//! The arrows: the table of rooms in the documentation of `src/lib.rs`, and who breaks it.

use std::collections::BTreeSet;

use super::source::Source;

const BROWSER: [&str; 5] = ["web_sys", "js_sys", "wasm_bindgen", "leptos", "gloo"];
/// `platform` asks the browser for what the others ask `platform`.
const MAY_BROWSE: [&str; 3] = ["web", "embed", "platform"];
const TRAINING: [&str; 3] = ["burn::train", "burn::optim", "burn::data"];
const MAY_TRAIN: [&str; 3] = ["training", "data", "cli"];

/// What stands in `src/` beside the rooms, and may name every one of them.
const NO_ROOMS: [&str; 3] = ["lib", "main", "bin"];

/// What a room may name of this crate, and which foreign paths it may not.
struct Room {
    name: String,
    knows: Vec<String>,
    without: Vec<&'static str>,
}

pub struct Table(Vec<Room>);

impl Table {
    /// Reads the rows `| room | from → to | knows of | does without |` out of `text`.
    pub fn of(text: &str) -> Self {
        let rows = text
            .lines()
            .skip_while(|line| !line.starts_with("//! | room |"))
            .skip(2)
            .map_while(|line| line.strip_prefix("//! |"));
        let mut rooms: Vec<Room> = Vec::new();
        let mut know_everything = Vec::new();
        for row in rows {
            let columns: Vec<&str> = row.split('|').map(str::trim).collect();
            let [first, _, knows, without, ""] = columns[..] else {
                panic!("a row of the rooms has four columns: {row}");
            };
            let name = names(first)
                .next()
                .unwrap_or_else(|| panic!("no room: {first}"));
            if knows == "everything" {
                know_everything.push(rooms.len());
            }
            rooms.push(Room {
                name: name.to_owned(),
                knows: names(knows).map(str::to_owned).collect(),
                without: without.split(", ").flat_map(banned).copied().collect(),
            });
        }
        for at in know_everything {
            rooms[at].knows = rooms.iter().map(|room| room.name.clone()).collect();
            rooms[at].knows.remove(at);
        }
        Self(rooms)
    }

    fn room(&self, name: &str) -> Option<&Room> {
        self.0.iter().find(|room| room.name == name)
    }

    /// What is wrong with the table itself, where `folders` is what stands in `src/`.
    pub fn faults(&self, folders: &BTreeSet<&str>) -> Vec<String> {
        let mut found = Vec::new();
        for folder in folders {
            if self.room(folder).is_none() && !NO_ROOMS.contains(folder) {
                found.push(format!(
                    "src/{folder}: give it a row in the table of src/lib.rs"
                ));
            }
        }
        for Room { name, knows, .. } in &self.0 {
            if !folders.contains(name.as_str()) {
                found.push(format!("{name}: a row, and no such room in src/"));
            }
            for known in knows.iter().filter(|known| self.room(known).is_none()) {
                found.push(format!("{name}: knows of {known}, which has no row"));
            }
        }
        // Rooms that know only of those left out are left out; what remains goes in circles.
        let mut rest: Vec<&Room> = self.0.iter().collect();
        loop {
            let waits = |room: &&Room| {
                room.knows
                    .iter()
                    .any(|known| rest.iter().any(|other| other.name == *known))
            };
            let waiting: Vec<&Room> = rest.iter().copied().filter(waits).collect();
            if waiting.len() == rest.len() {
                break;
            }
            rest = waiting;
        }
        if !rest.is_empty() {
            let names: Vec<&str> = rest.iter().map(|room| room.name.as_str()).collect();
            found.push(format!("a circle among {}", names.join(", ")));
        }
        found
    }

    /// Every path of `source` against an arrow.
    pub fn breaches(&self, source: &Source) -> Vec<String> {
        let Some(room) = self.room(source.room()) else {
            return Vec::new();
        };
        let against = |path: &String| {
            let (why, line) = (self.breach(room, path)?, source.line_of(path));
            Some(format!("{}:{line}: {path}: {why}", source.file))
        };
        source.paths.iter().filter_map(against).collect()
    }

    fn breach(&self, room: &Room, path: &str) -> Option<String> {
        let Room {
            name,
            knows,
            without,
        } = room;
        if path == "crate" || path == "crate::*" {
            return Some("the root holds every room; name the one that is meant".to_owned());
        }
        if let Some(inside) = path.strip_prefix("crate::") {
            let other = inside.split("::").next().unwrap_or_default();
            let own = other == name || knows.iter().any(|known| known == other);
            return (!own).then(|| format!("{name} may name only itself and {knows:?}"));
        }
        let is_in = |list: &[&str]| {
            list.iter().any(|banned| {
                let rest = path.strip_prefix(banned);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            })
        };
        let banned = is_in(without)
            || is_in(&BROWSER) && !MAY_BROWSE.contains(&name.as_str())
            || is_in(&TRAINING) && !MAY_TRAIN.contains(&name.as_str());
        banned.then(|| format!("{name} does without it"))
    }
}

/// The names between backticks.
fn names(column: &str) -> impl Iterator<Item = &str> {
    column.split('`').skip(1).step_by(2)
}

/// The paths that a word of the last column stands for.
fn banned(word: &str) -> &'static [&'static str] {
    match word {
        "" => &[],
        "burn" => &["burn", "burn_wgpu", "cubecl", "wgpu"],
        "image" => &["image"],
        "files" => &["std::fs", "std::path"],
        _ => panic!("no word for what a room does without: {word}"),
    }
}
