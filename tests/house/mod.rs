//! The house rules, read off the source: which room may name which, where a `cfg` may stand, how
//! long a file may be, and that no file names the machine it was written on.
//!
//! The arrows are drawn in the documentation of `src/lib.rs`. An import against one fails here
//! with the file, the line and the rule.

mod source;

use std::fs;
use std::path::{Path, PathBuf};

use source::{Code, cfg_conditions, paths};

/// What a room may name of this crate, and which foreign paths it may not.
struct Room {
    name: &'static str,
    may_name: &'static [&'static str],
    forbidden: &'static [&'static str],
}

const BROWSER: [&str; 5] = ["web_sys", "js_sys", "wasm_bindgen", "leptos", "gloo"];
const TRAINING: [&str; 3] = ["burn::train", "burn::optim", "burn::data"];

/// The arrows. `cli`, `lib`, `main` and the binaries stand at their end and may name every room.
const ROOMS: &[Room] = &[
    Room {
        name: "emotion",
        may_name: &[],
        forbidden: &["burn", "image", "std::fs"],
    },
    Room {
        name: "vision",
        may_name: &["emotion"],
        forbidden: &["burn", "std::fs", "std::path"],
    },
    Room {
        name: "inference",
        may_name: &["platform"],
        forbidden: &["burn", "std::fs", "std::path"],
    },
    Room {
        name: "model",
        may_name: &["emotion", "vision", "inference"],
        forbidden: &["burn", "std::fs", "std::path"],
    },
    Room {
        name: "pipeline",
        may_name: &["emotion", "vision", "inference", "model", "platform"],
        forbidden: &["burn", "std::fs", "std::path"],
    },
    Room {
        name: "page",
        may_name: &["emotion", "vision", "model", "pipeline"],
        forbidden: &["burn", "std::fs"],
    },
    Room {
        name: "web",
        may_name: &[
            "page",
            "emotion",
            "vision",
            "inference",
            "model",
            "pipeline",
            "platform",
        ],
        forbidden: &["burn", "std::fs"],
    },
    Room {
        name: "kernels",
        may_name: &["inference", "model", "platform"],
        forbidden: &["std::fs", "std::path"],
    },
    Room {
        name: "network",
        may_name: &["emotion", "vision", "inference", "model", "kernels"],
        forbidden: &["std::fs", "std::path"],
    },
    Room {
        name: "embed",
        may_name: &[
            "emotion", "vision", "model", "pipeline", "platform", "page", "web",
        ],
        forbidden: &["std::fs"],
    },
    Room {
        name: "data",
        may_name: &["emotion", "vision", "inference", "model", "network"],
        forbidden: &[],
    },
    Room {
        name: "training",
        may_name: &[
            "emotion", "vision", "model", "kernels", "network", "data", "platform",
        ],
        forbidden: &[],
    },
    Room {
        name: "quantize",
        // It measures what the smaller weights cost, with the evaluation of training.
        may_name: &[
            "emotion",
            "vision",
            "inference",
            "model",
            "network",
            "data",
            "training",
        ],
        forbidden: &[],
    },
];
const FRONTS: [&str; 2] = ["web", "embed"];
const MAY_TRAIN: [&str; 2] = ["training", "data"];

/// The only files that may ask which platform they are compiled for.
const MAY_HAVE_CFG: [&str; 7] = [
    "src/lib.rs",
    "src/main.rs",
    "src/bin/bench.rs",
    "src/bin/element.rs",
    "src/bin/engine.rs",
    "src/platform/mod.rs",
    "src/platform/simd.rs",
];

const LONGEST_FILE_LINES: usize = 500;
/// Longer ones, each a table.
const TABLES: [&str; 0] = [];

/// The room of a file below `src/`, where the file has one with rules.
fn room_of(file: &str) -> Option<&'static Room> {
    let inside = file.strip_prefix("src/")?;
    let name = inside.split(['/', '.']).next()?;
    ROOMS.iter().find(|room| room.name == name)
}

/// Every breach of the import, cfg and length rules in one file.
fn breaches(file: &str, text: &str) -> Vec<String> {
    let code = Code::of(text);
    let mut found = Vec::new();
    if let Some(room) = room_of(file) {
        let tests_begin = code.tests_begin();
        for (line, path) in paths(&code) {
            let path = from_the_crate(file, line >= tests_begin, &path).unwrap_or(path);
            if let Some(why) = import_breach(room, &path) {
                found.push(format!("{file}:{line}: {path}: {why}"));
            }
        }
    }
    if !MAY_HAVE_CFG.contains(&file) {
        for (line, condition) in cfg_conditions(&code) {
            if condition != "test" {
                found.push(format!(
                    "{file}:{line}: cfg({condition}): the platform is asked for only in {}; \
                     give `platform` a function instead",
                    MAY_HAVE_CFG.join(", ")
                ));
            }
        }
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE_LINES && !TABLES.contains(&file) {
        found.push(format!(
            "{file}: {lines} lines, more than {LONGEST_FILE_LINES}: split it by ideas, or list it \
             in TABLES when it is one"
        ));
    }
    found
}

/// A path that climbs by `super` out of its room, spelled `crate::…`.
fn from_the_crate(file: &str, is_in_tests: bool, path: &str) -> Option<String> {
    let inside = file
        .strip_prefix("src/")?
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    let depth = inside.split('/').count() + usize::from(is_in_tests);
    let rest = path.trim_start_matches("super::");
    let climbed = (path.len() - rest.len()) / "super::".len();
    (climbed >= depth).then(|| format!("crate::{rest}"))
}

/// Why `room` may not name `path`, if it may not.
fn import_breach(room: &Room, path: &str) -> Option<String> {
    let begins = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    if let Some(inside) = path.strip_prefix("crate::") {
        let other = inside.split("::").next().unwrap_or_default();
        let is_room = ROOMS.iter().any(|room| room.name == other) || other == "cli";
        let own = other == room.name || room.may_name.contains(&other);
        return ((is_room || other == "platform") && !own)
            .then(|| format!("{} may name only itself and {:?}", room.name, room.may_name));
    }
    let banned = |list: &[&str]| list.iter().any(|prefix| begins(prefix));
    let is_front = FRONTS.contains(&room.name);
    if banned(room.forbidden)
        || (banned(&BROWSER) && !is_front)
        || (banned(&TRAINING) && !MAY_TRAIN.contains(&room.name))
    {
        return Some(format!("{} does without it", room.name));
    }
    None
}

// ---- the files ----------------------------------------------------------------------------------

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The checkout's own files below `folder`, relative to the checkout, in order.
fn files_below(folder: &str) -> Vec<String> {
    const NOT_OURS: [&str; 7] = [
        ".git",
        "target",
        "dist",
        "node_modules",
        "artifacts",
        "model",
        "shared",
    ];
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let in_source = path.starts_with(root().join("src"));
            if path.is_dir() && (in_source || !NOT_OURS.contains(&name.as_str())) {
                waiting.push(path);
            } else if path.is_file() && name != ".git" {
                let relative = path.strip_prefix(root()).unwrap();
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn the_source_keeps_to_the_arrows() {
    let files: Vec<String> = files_below("src")
        .into_iter()
        .filter(|file| file.ends_with(".rs"))
        .collect();
    assert!(files.len() > 10, "the source was not found: {files:?}");
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| breaches(file, &read(file)))
        .collect();
    assert_none("against the house rules", &found);
}

#[test]
fn every_room_has_rules() {
    let ruled = |name: &str| ROOMS.iter().any(|room| room.name == name);
    let free = ["lib", "main", "bin", "cli", "platform"];
    for file in files_below("src") {
        let name = file["src/".len()..].split(['/', '.']).next().unwrap();
        assert!(
            ruled(name) || free.contains(&name),
            "{file}: give `{name}` its row in ROOMS"
        );
    }
}

#[test]
fn no_file_names_a_machine_or_keeps_a_marker() {
    // In two pieces each, so that this file does not name them either.
    let places = [
        ("/ro", "ot/"),
        ("/ho", "me/"),
        ("/wo", "rk/"),
        ("/Use", "rs/"),
    ];
    let markers = [("TODO-", "MEASURE"), ("FIX", "ME")];
    let mut found = Vec::new();
    for file in files_below("") {
        let Ok(text) = fs::read_to_string(root().join(&file)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for (start, end) in places.iter().chain(&markers) {
                let word = [*start, *end].concat();
                if let Some(at) = line.find(&word) {
                    // Machine paths begin there; the middle of an address is something else.
                    let before = line[..at].chars().next_back();
                    let in_address = word.starts_with('/')
                        && before.is_some_and(|c| c.is_alphanumeric() || "._-}".contains(c));
                    if !in_address {
                        found.push(format!("{file}:{}: {word}", number + 1));
                    }
                }
            }
        }
    }
    assert_none(
        "machine paths, or numbers that are still to be measured",
        &found,
    );
}

#[test]
fn the_pinned_versions_agree() {
    let value = |file: &str, before: &str| {
        let text = read(file);
        let line = text.lines().find_map(|line| line.strip_prefix(before));
        let line = line.unwrap_or_else(|| panic!("{file} has no line that begins with `{before}`"));
        line.trim_matches(['"', '=', ' ']).to_owned()
    };
    let wasm_bindgen = value("Cargo.toml", "wasm-bindgen = ");
    assert_eq!(value("Trunk.toml", "wasm_bindgen = "), wasm_bindgen);
    assert_eq!(value(".ci/install", "wasm_bindgen_version="), wasm_bindgen);
    let binaryen = value(".ci/install", "binaryen_version=");
    let major = binaryen.split('.').next().unwrap();
    assert_eq!(
        value("Trunk.toml", "wasm_opt = "),
        format!("version_{major}")
    );
    let toolchain = value("rust-toolchain.toml", "channel = ");
    assert!(
        toolchain.starts_with(&value("Cargo.toml", "rust-version = ")),
        "{toolchain}"
    );
}

#[test]
fn the_readme_names_only_commands_that_exist() {
    let makefile = read("Makefile");
    let is_target = |name: &str| {
        makefile
            .lines()
            .any(|line| line.starts_with(&format!("{name}:")))
    };
    let readme = read("README.md");
    let commands: Vec<&str> = readme
        .match_indices("make ")
        .filter(|(at, _)| readme[..*at].ends_with(['`', '\n']))
        .filter_map(|(at, _)| readme[at + 5..].split([' ', '`', '\n']).next())
        .collect();
    assert!(commands.len() >= 4, "{commands:?}");
    for name in commands {
        assert!(
            is_target(name),
            "README.md names `make {name}`, the Makefile does not"
        );
    }
    for word in readme.split(['(', ')', '`', ' ', '\n']) {
        let is_file =
            word.contains('/') && !word.contains("://") && !word.contains(['…', '*', '=']);
        let is_ours = ["src/", "tests/", "www/"]
            .iter()
            .any(|start| word.starts_with(start));
        let made_later = word.starts_with("www/model") || word == "tests/browser/page.png";
        if is_file && is_ours && !made_later {
            let path = word.trim_end_matches([',', ':']);
            assert!(
                root().join(path).exists(),
                "README.md names {path}, which is not there"
            );
        }
    }
}

// ---- the checker catches what it is for ---------------------------------------------------------

#[test]
fn an_import_against_an_arrow_is_caught() {
    let caught = [
        ("src/vision/nms.rs", "use crate::model::EmotionNet;"),
        ("src/vision/nms.rs", "use burn::tensor::Tensor;"),
        (
            "src/vision/nms.rs",
            "fn f() { let _ = std::fs::read(\"x\"); }",
        ),
        ("src/vision/nms.rs", "use std::{cmp, fs::File};"),
        (
            "src/vision/nms.rs",
            "use crate::{emotion::Emotion, web::{loader}};",
        ),
        ("src/vision/nms.rs", "use super::super::pipeline;"),
        ("src/vision/mod.rs", "use super::pipeline::Analyzer;"),
        (
            "src/network/head.rs",
            "use burn::{module::Module, train::Learner};",
        ),
        ("src/model/head.rs", "use crate::training;"),
        ("src/model/head.rs", "let w = web_sys::window();"),
        ("src/pipeline.rs", "pub use crate::web::loader as l;"),
        (
            "src/web/loader.rs",
            "use crate::training::config::TrainingConfig;",
        ),
        ("src/quantize/export.rs", "use crate::cli::run;"),
        ("src/emotion.rs", "use crate::vision::Frame;"),
    ];
    for (file, text) in caught {
        assert_eq!(
            breaches(file, text).len(),
            1,
            "{file}: {text}: {:?}",
            breaches(file, text)
        );
    }
}

#[test]
fn an_import_along_an_arrow_is_let_through() {
    let fine = [
        (
            "src/model/input.rs",
            "use crate::vision::{Frame, crop::FaceCrop};",
        ),
        (
            "src/network/input.rs",
            "use burn::tensor::{Device, Tensor};",
        ),
        (
            "src/model/input.rs",
            "//! Unlike crate::web, which uses std::fs.\n/* web_sys::x */",
        ),
        ("src/model/input.rs", "const WHY: &str = \"crate::web::x\";"),
        (
            "src/model/input.rs",
            "fn f<'a>(x: &'a str) -> char { '\"' } // crate::web",
        ),
        (
            "src/training/step.rs",
            "use burn::train::TrainStep; use crate::data::Batch;",
        ),
        (
            "src/web/loader.rs",
            "use web_sys::Window; use crate::pipeline::Analyzer;",
        ),
        (
            "src/vision/mod.rs",
            "#[cfg(test)]\nmod tests { use super::*; }",
        ),
        (
            "src/model/fold.rs",
            "#[cfg(test)]\nmod tests { use super::super::weights; }",
        ),
        (
            "src/web/components/app.rs",
            "use super::super::session::Session;",
        ),
        ("src/cli/train.rs", "use crate::training::run; use std::fs;"),
    ];
    for (file, text) in fine {
        assert_eq!(breaches(file, text), Vec::<String>::new(), "{file}: {text}");
    }
}

#[test]
fn a_stray_cfg_and_a_long_file_are_caught() {
    let stray = [
        "#[cfg(target_arch = \"wasm32\")] fn f() {}",
        "#[cfg(all(test, feature = \"native\"))] mod tests {}",
        "fn f() { if cfg!(not(target_arch = \"wasm32\")) {} }",
        "#[cfg_attr(feature = \"native\", derive(Debug))] struct S;",
    ];
    for text in stray {
        assert_eq!(breaches("src/vision/nms.rs", text).len(), 1, "{text}");
        assert_eq!(
            breaches("src/platform/mod.rs", text),
            Vec::<String>::new(),
            "{text}"
        );
    }
    let long = "// a line\n".repeat(LONGEST_FILE_LINES + 1);
    assert_eq!(breaches("src/vision/nms.rs", &long).len(), 1);
    let longest = "// a line\n".repeat(LONGEST_FILE_LINES);
    assert_eq!(
        breaches("src/vision/nms.rs", &longest),
        Vec::<String>::new()
    );
}
