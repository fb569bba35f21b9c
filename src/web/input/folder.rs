//! The files of a drop, a paste or a folder, including nested folders.

use std::cmp::Ordering;
use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, Function, Intl, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
};

use crate::page::file_choice::{FileKind, MOST_PHOTOS};

/// Maximum depth of nested folders, which also ends cycles of links.
const MOST_LEVELS: usize = 16;
/// Maximum number of files that are collected.
const MOST_FILES: usize = 4 * MOST_PHOTOS;

/// The content of a drop or a paste.
pub enum Dropped {
    /// Only files.
    Files(Vec<File>),
    /// Folders, and possibly files beside them.
    Folders(Vec<FileSystemEntry>),
}

/// Returns the files or folders of a transfer. Must be called while its event is handled, because
/// the browser empties it afterwards.
pub fn dropped(transfer: &DataTransfer) -> Dropped {
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|index| items.get(index))
        .filter(|item| item.kind() == "file")
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    if entries.iter().any(FileSystemEntry::is_directory) {
        Dropped::Folders(entries)
    } else {
        Dropped::Files(transfer.files().map(list).unwrap_or_default())
    }
}

/// Converts a file list to a vector.
pub fn list(files: FileList) -> Vec<File> {
    (0..files.length())
        .filter_map(|index| files.get(index))
        .collect()
}

/// Returns all files of these entries, ordered by path. Files that cannot be opened are left out.
pub async fn walk(entries: Vec<FileSystemEntry>) -> Vec<File> {
    let mut found = vec![];
    for entry in entries {
        collect(entry, 0, &mut found).await;
    }
    in_order(found)
}

/// Returns the files of a folder chosen with a file input, ordered by path.
pub fn chosen(files: FileList) -> Vec<File> {
    let with_paths = list(files).into_iter().map(|file| {
        let path = Reflect::get(&file, &"webkitRelativePath".into());
        let path = path.ok().and_then(|path| path.as_string());
        (path.unwrap_or_else(|| file.name()), file)
    });
    in_order(with_paths.collect())
}

/// Returns the kind of a file.
pub fn kind(file: &File) -> FileKind {
    FileKind::of(&file.name(), &file.type_())
}

fn collect<'a>(
    entry: FileSystemEntry,
    level: usize,
    found: &'a mut Vec<(String, File)>,
) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
    Box::pin(async move {
        if found.len() >= MOST_FILES || level > MOST_LEVELS {
            return;
        }
        // Checked by a property: not every browser gives the class the standard's name.
        if entry.is_directory() {
            let reader = entry
                .unchecked_ref::<FileSystemDirectoryEntry>()
                .create_reader();
            // The reader returns batches of a hundred, and an empty one at the end.
            loop {
                let batch = called_back(|resolve, reject| {
                    reader.read_entries_with_callback_and_callback(&resolve, &reject)
                });
                let batch: Array = batch.await.unwrap_or_default().unchecked_into();
                if !batch.is_truthy() || batch.length() == 0 {
                    return;
                }
                for entry in batch.iter() {
                    collect(entry.unchecked_into(), level + 1, found).await;
                }
            }
        } else {
            let opened = called_back(|resolve, reject| {
                let entry = entry.unchecked_ref::<FileSystemFileEntry>();
                entry.file_with_callback_and_callback(&resolve, &reject);
                Ok(())
            });
            if let Ok(file) = opened.await {
                found.push((entry.full_path(), file.unchecked_into()));
            }
        }
    })
}

async fn called_back(
    mut start: impl FnMut(Function, Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        if let Err(error) = start(resolve, reject.clone()) {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    }))
    .await
}

/// Sorts files by path in the visitor's language, with numbers in numeric order: "photo 2" comes
/// before "photo 10".
fn in_order(mut found: Vec<(String, File)>) -> Vec<File> {
    let options = Object::new();
    let _ = Reflect::set(&options, &"numeric".into(), &true.into());
    let compare = Intl::Collator::new(&Array::new(), &options).compare();
    found.sort_by(|(a, _), (b, _)| {
        let order = compare.call2(&JsValue::UNDEFINED, &a.into(), &b.into());
        let order = order.ok().and_then(|order| order.as_f64()).unwrap_or(0.0);
        order.partial_cmp(&0.0).unwrap_or(Ordering::Equal)
    });
    found.into_iter().map(|(_, file)| file).collect()
}
