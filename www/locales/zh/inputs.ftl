# Photos, folders, videos, the sample.

## 视频

video-unsupported = 此浏览器无法播放这个视频：没有适合其格式的解码器，或者文件已损坏。请把它转换为 MP4（H.264）或 WebM 再打开，或重新复制一份。
video-damaged = 视频已损坏，无法继续播放。请重新复制或下载。
video-unreadable = 浏览器不允许读取这个视频的画面。请转换为 MP4（H.264）或 WebM，或在其他浏览器中打开。
photo-crashed = 读取这张照片时计算中断，因此将其略过。其余照片继续读取。
video-no-picture = 这个文件无法显示画面：它只有声音，或者此浏览器没有解码其画面的解码器。请打开能看到人脸的视频，格式为 MP4（H.264）或 WebM。
video-long = 这个视频超过一小时，会边播放边读取：请保持此标签页打开并可见。4 倍速只需四分之一的时间。
video-controls = 视频
video-play = 播放
video-pause = 暂停
video-progress = 视频进度
video-at = { $time }，共 { $total }
video-speed = 速度

## Photos, folders, the sample

choose-folder = 选择文件夹
album = 照片
album-progress = 已完成 { $done }/{ $count } 张照片。
album-refused = 无法读取：{ $count }。
album-left-out = 已略过的其他文件：{ $count }。
album-stop = 停止读取
album-continue = 读取其余照片
album-waits = 等待中
album-said-done = 已读取照片：{ $count } 张。
album-none-read = 这些照片都无法读取。请选择 PNG、JPEG、WebP、GIF 或 BMP 文件。
folder-empty = 这个文件夹里没有文件。请选择有照片的文件夹。
folder-no-pictures = 这个文件夹里没有图片。请选择包含 JPEG 或 PNG 文件的文件夹。
sample-try = 试试示例
sample-drawn = 这三张脸由程序绘制，没有拍摄任何人。
