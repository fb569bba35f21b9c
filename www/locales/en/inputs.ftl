# Photos, folders, videos, the sample.

## Videos

video-unsupported = This browser cannot play this video: it has no decoder for its format. Convert it to MP4 (H.264) or WebM and open that.
video-damaged = The video is damaged and cannot be played on. Copy or download it again.
video-no-picture = This file has no pictures, only sound. Open a video in which faces can be seen.
