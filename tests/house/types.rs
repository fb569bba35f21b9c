//! Where a type's methods stand, and that its name is its own.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::cfg_place;
use super::source::Source;

const MOST_FILES_OF_A_TYPE: usize = 3;

/// Methods outside the room of their type: the type's room then depends on theirs unseen.
pub fn hidden_arrows(sources: &[Source]) -> Vec<String> {
    let mut defined: HashSet<(&str, &str)> = HashSet::new();
    for source in sources {
        let types = source.types.iter().map(String::as_str);
        defined.extend(types.map(|name| (source.room(), name)));
    }
    let mut found = Vec::new();
    for source in sources {
        for name in &source.impls {
            if !defined.contains(&(source.room(), name)) {
                found.push(format!(
                    "{}: impl {name}: the arrow is hidden: give it a free function or a \
                     trait in this room",
                    source.file
                ));
            }
        }
    }
    found
}

/// Types whose methods are scattered.
pub fn scattered(sources: &[Source]) -> Vec<String> {
    let mut files: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for source in sources {
        for name in &source.impls {
            let key = format!("{}::{name}", source.room());
            files.entry(key).or_default().insert(&source.file);
        }
    }
    let scattered = files
        .into_iter()
        .filter(|(_, files)| files.len() > MOST_FILES_OF_A_TYPE);
    let found = scattered.map(|(name, files)| {
        let (count, files) = (files.len(), Vec::from_iter(files).join(", "));
        format!("{name}: its methods stand in {count} files: {files}")
    });
    found.collect()
}

/// Names that more than one public type has. A place with a `cfg` may define one for each platform.
pub fn shared_names(sources: &[Source]) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for source in sources {
        let cfg_place = cfg_place(&source.file);
        let place = cfg_place.unwrap_or(&source.file);
        for name in &source.public {
            let places = places.entry(name.clone()).or_default();
            if cfg_place.is_none() || !places.contains(&place) {
                places.push(place);
            }
        }
    }
    let shared = places.into_iter().filter(|(_, places)| places.len() > 1);
    shared
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect()
}
