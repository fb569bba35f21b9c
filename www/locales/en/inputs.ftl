# Photos, folders, videos, the sample.

## Videos

video-unsupported = This browser cannot play this video: it has no decoder for its format, or the file is damaged. Convert it to MP4 (H.264) or WebM and open that, or copy it again.
video-damaged = The video is damaged and cannot be played on. Copy or download it again.
video-unreadable = The browser lets no frame of this video be read. Convert it to MP4 (H.264) or WebM, or open it in another browser.
photo-crashed = The engine stopped while reading this photo, so it is left out. The others are read on.
video-no-picture = No pictures of this file can be shown: it is sound only, or this browser has no decoder for its pictures. Open a video in which faces can be seen, as MP4 (H.264) or WebM.
video-long = This video is over an hour long. It is read while it plays: keep this tab open and in view. At 4× it takes a quarter of the time.
video-controls = Video
video-play = Play
video-pause = Pause
video-progress = Time in the video
video-at = { $time } of { $total }
video-speed = Speed

## Photos, folders, the sample

choose-folder = Choose a folder
album = Photos
album-progress = { $done } of { $count } photos done.
album-refused = Could not be read: { $count }.
album-left-out = Other files left out: { $count }.
album-stop = Stop reading
album-continue = Read the rest
album-waits = Waiting
album-said-done = Photos read: { $count }.
album-none-read = None of these photos could be read. Choose PNG, JPEG, WebP, GIF or BMP files.
folder-empty = There are no files in this folder. Choose one with photos in it.
folder-no-pictures = There are no pictures in this folder. Choose one with JPEG or PNG files in it.
sample-try = Try the sample
sample-drawn = These three faces were drawn by a program. Nobody was photographed.
