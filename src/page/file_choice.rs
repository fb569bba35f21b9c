//! Sorts the files that a visitor hands over into photos, a video, or nothing readable. Only names
//! and types are looked at; the decoder checks every photo that is opened.

/// Maximum number of photos taken at once; further ones are left out. Each photo keeps its file
/// handle and its reading in memory.
pub const MOST_PHOTOS: usize = 2_000;

/// File name extensions of pictures, used when the browser gives no type. Formats without a decoder
/// are included, so that the visitor is told why such a file was not read.
const PICTURES: [&str; 14] = [
    "jpg", "jpeg", "jfif", "png", "webp", "gif", "bmp", "heic", "heif", "avif", "tif", "tiff",
    "jxl", "dng",
];
const VIDEOS: [&str; 11] = [
    "mp4", "m4v", "mov", "webm", "mkv", "avi", "ogv", "mpg", "mpeg", "3gp", "wmv",
];
const SOUNDS: [&str; 8] = ["mp3", "m4a", "wav", "ogg", "oga", "opus", "flac", "aac"];

/// The kind of a file, judged by its name and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A still picture.
    Picture,
    /// A video.
    Video,
    /// Sound without pictures.
    Sound,
    /// Anything else, or unknown.
    Other,
}

impl FileKind {
    /// Determines the kind from the MIME type given by the browser (`image/png`), or else from the
    /// file name's extension.
    pub fn of(name: &str, mime: &str) -> Self {
        if mime.starts_with("image/") {
            return Self::Picture;
        }
        if mime.starts_with("video/") {
            return Self::Video;
        }
        if mime.starts_with("audio/") {
            return Self::Sound;
        }
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        let is_one_of = |ends: &[&str]| ends.iter().any(|it| it.eq_ignore_ascii_case(end));
        if is_one_of(&PICTURES) {
            Self::Picture
        } else if is_one_of(&VIDEOS) {
            Self::Video
        } else if is_one_of(&SOUNDS) {
            Self::Sound
        } else {
            Self::Other
        }
    }
}

/// What to do with the given files; each is identified by its index among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Read this photo.
    Photo(usize),
    /// Read these photos, at most [`MOST_PHOTOS`].
    Photos(Vec<usize>),
    /// Play this video.
    Video(usize),
    /// The files contain only sound.
    Sound,
    /// There is nothing to read.
    Nothing,
}

impl Choice {
    /// Returns how many of the files are used.
    pub fn count(&self) -> usize {
        match self {
            Self::Photo(_) | Self::Video(_) => 1,
            Self::Photos(places) => places.len(),
            Self::Sound | Self::Nothing => 0,
        }
    }
}

/// Chooses among files of these kinds. Photos are preferred to videos, because a video is read
/// alone. If there are neither, the first file is taken as a photo, so that the decoder reports
/// what is wrong with it; in a folder such files are expected and are left out.
pub fn choose(kinds: &[FileKind], is_folder: bool) -> Choice {
    let of = |wanted: FileKind| {
        let places = kinds.iter().enumerate();
        places.filter_map(move |(place, kind)| (*kind == wanted).then_some(place))
    };
    let mut photos: Vec<usize> = of(FileKind::Picture).collect();
    let video = of(FileKind::Video).next();
    match (photos.as_slice(), video) {
        ([only], _) => Choice::Photo(*only),
        ([], Some(video)) => Choice::Video(video),
        ([], None) if kinds.is_empty() || is_folder => Choice::Nothing,
        ([], None) if kinds.contains(&FileKind::Sound) => Choice::Sound,
        ([], None) => Choice::Photo(0),
        _ => {
            photos.truncate(MOST_PHOTOS);
            Choice::Photos(photos)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FileKind::{Other, Picture, Sound, Video};

    #[test]
    fn types_go_before_names() {
        assert_eq!(FileKind::of("a.txt", "image/png"), Picture);
        assert_eq!(FileKind::of("a.png", "video/mp4"), Video);
        assert_eq!(FileKind::of("IMG_1.HEIC", ""), Picture);
        assert_eq!(FileKind::of("film.MKV", ""), Video);
        assert_eq!(FileKind::of("film.ogg", "video/ogg"), Video);
        assert_eq!(FileKind::of("song", "audio/mpeg"), Sound);
        assert_eq!(FileKind::of("song.MP3", ""), Sound);
        for name in ["", "png", ".png.txt", "notes.txt", ".DS_Store"] {
            assert_eq!(FileKind::of(name, ""), Other, "{name}");
        }
    }

    #[test]
    fn photos_go_before_videos_and_one_photo_stays_one() {
        assert_eq!(choose(&[Other, Picture, Video], false), Choice::Photo(1));
        assert_eq!(
            choose(&[Picture, Other, Picture, Video], false),
            Choice::Photos(vec![0, 2])
        );
        assert_eq!(choose(&[Other, Video, Video], false), Choice::Video(1));
        assert_eq!(choose(&[Other, Other], false), Choice::Photo(0));
        assert_eq!(choose(&[Other, Sound], false), Choice::Sound);
        assert_eq!(choose(&[Sound, Video], false), Choice::Video(1));
        assert_eq!(choose(&[Other, Sound], true), Choice::Nothing);
        assert_eq!(choose(&[], false), Choice::Nothing);
    }

    #[test]
    fn what_is_taken_is_counted() {
        for (kinds, count) in [
            (vec![Picture; MOST_PHOTOS + 7], MOST_PHOTOS),
            (vec![Picture, Other, Picture], 2),
            (vec![Video; 3], 1),
            (vec![Sound; 3], 0),
            (vec![], 0),
        ] {
            assert_eq!(
                choose(&kinds, false).count(),
                count,
                "{} files",
                kinds.len()
            );
        }
    }
}
