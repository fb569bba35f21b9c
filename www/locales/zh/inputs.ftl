# Photos, folders, videos, the sample.

## 视频

video-unsupported = 此浏览器无法播放这个视频：没有适合其格式的解码器。请把它转换为 MP4（H.264）或 WebM 后再打开。
video-damaged = 视频已损坏，无法继续播放。请重新复制或下载。
video-no-picture = 这个文件里没有画面，只有声音。请打开能看到人脸的视频。
