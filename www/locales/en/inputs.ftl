# Photos, folders, videos, the sample.

## Videos

video-unsupported = This browser cannot play this video. It has no decoder for the format, or the file is damaged. Convert the video to MP4 (H.264) or WebM, or copy the file again.
video-damaged = The video is damaged and cannot continue. Copy or download it again.
video-unreadable = The browser does not let this page read the video. Convert it to MP4 (H.264) or WebM, or open it in another browser.
photo-crashed = The engine stopped while reading this photo, so it is left out. The others are still read.
video-no-picture = This file shows no picture: it is sound only, or this browser has no decoder for its format. Open a video that shows faces, as MP4 (H.264) or WebM.
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
