//! The house rules, read off the source: which room may name which, where a `cfg` may stand, how
//! much a file, a folder and a type may hold, and that no file names the machine it was written
//! on.
//!
//! The arrows are the table of rooms in the documentation of `src/lib.rs`. An import against one
//! fails here with the file, the line and the rule.

mod limits;
mod samples;
mod source;
mod table;
mod types;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use source::Source;
use table::Table;

/// The only places that may ask which platform they are compiled for. A folder ends with a slash.
const MAY_HAVE_CFG: [&str; 9] = [
    "src/lib.rs",
    "src/main.rs",
    "src/bin/bench.rs",
    "src/bin/element.rs",
    "src/bin/engine.rs",
    "src/bin/gpu.rs",
    "src/bin/packager.rs",
    "src/platform/mod.rs",
    "src/platform/simd/",
];

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(&read("src/lib.rs")));
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let files: Vec<String> = files_below("src")
        .into_iter()
        .filter(|file| file.ends_with(".rs"))
        .collect();
    assert!(files.len() > 10, "the source was not found: {files:?}");
    let texts: Vec<String> = files.iter().map(|file| read(file)).collect();
    let files = files.iter().zip(&texts);
    Source::all(
        &files
            .map(|(file, text)| (file.as_str(), text.as_str()))
            .collect::<Vec<_>>(),
    )
});

/// The entry of [`MAY_HAVE_CFG`] that a file belongs to.
fn cfg_place(file: &str) -> Option<&'static str> {
    MAY_HAVE_CFG
        .into_iter()
        .find(|place| file == *place || (place.ends_with('/') && file.starts_with(place)))
}

/// Every `cfg` where none may stand.
fn stray_cfgs(source: &Source) -> Vec<String> {
    if cfg_place(&source.file).is_some() {
        return Vec::new();
    }
    let strays = source
        .conditions
        .iter()
        .filter(|condition| *condition != "test");
    let told = strays.map(|condition| {
        format!(
            "{}: cfg({condition}): the platform is asked for only in {}; give `platform` a \
             function instead",
            source.file,
            MAY_HAVE_CFG.join(", ")
        )
    });
    told.collect()
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
    let mut found: Vec<String> = SOURCES
        .iter()
        .flat_map(|source| TABLE.breaches(source))
        .collect();
    found.extend(types::hidden_arrows(&SOURCES));
    assert_none("against the arrows", &found);
}

#[test]
fn every_room_has_rules() {
    let rooms: BTreeSet<&str> = SOURCES.iter().map(Source::room).collect();
    assert_none("the table of rooms", &TABLE.faults(&rooms));
}

#[test]
fn the_platform_is_asked_for_in_few_places() {
    let found: Vec<String> = SOURCES.iter().flat_map(stray_cfgs).collect();
    assert_none("stray conditions", &found);
}

#[test]
fn files_folders_and_types_are_small() {
    let mut found = limits::long_files(&SOURCES, &limits::TABLES);
    found.extend(limits::full_folders(&SOURCES));
    found.extend(types::scattered(&SOURCES));
    assert_none("too much in one place, or in too many", &found);
}

#[test]
fn a_public_type_has_a_name_of_its_own() {
    let found = types::shared_names(&SOURCES);
    assert_none("names of more than one public type", &found);
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
