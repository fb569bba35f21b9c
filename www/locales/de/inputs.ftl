# Photos, folders, videos, the sample.

## Videos

video-unsupported = Dieser Browser kann das Video nicht abspielen: Für sein Format fehlt ihm der Decoder, oder die Datei ist beschädigt. Wandeln Sie es in MP4 (H.264) oder WebM um und öffnen Sie das, oder kopieren Sie es noch einmal.
video-damaged = Das Video ist beschädigt und lässt sich nicht weiter abspielen. Kopieren Sie es noch einmal oder laden Sie es neu herunter.
video-unreadable = Der Browser lässt diese Seite das Video nicht lesen. Wandeln Sie es in MP4 (H.264) oder WebM um oder öffnen Sie es in einem anderen Browser.
photo-crashed = Beim Lesen dieses Fotos ist das Rechenwerk stehen geblieben, darum wird es ausgelassen. Die anderen werden weiter gelesen.
video-no-picture = Von dieser Datei lassen sich keine Bilder zeigen: Sie enthält nur Ton, oder dieser Browser hat keinen Decoder für ihre Bilder. Öffnen Sie ein Video, in dem Gesichter zu sehen sind, als MP4 (H.264) oder WebM.
video-long = Dieses Video ist länger als eine Stunde. Es wird beim Abspielen gelesen: Lassen Sie diesen Tab offen und sichtbar. Mit 4× dauert es ein Viertel der Zeit.
video-controls = Video
video-play = Abspielen
video-pause = Pause
video-progress = Stelle im Video
video-at = { $time } von { $total }
video-speed = Tempo

## Photos, folders, the sample

choose-folder = Ordner wählen
album = Fotos
album-progress = { $done } von { $count } Fotos fertig.
album-refused = Nicht lesbar: { $count }.
album-left-out = Ausgelassene andere Dateien: { $count }.
album-stop = Lesen anhalten
album-continue = Rest lesen
album-waits = Wartet
album-said-done = Gelesene Fotos: { $count }.
album-none-read = Keines dieser Fotos ließ sich lesen. Wählen Sie Dateien als PNG, JPEG, WebP, GIF oder BMP.
folder-empty = In diesem Ordner sind keine Dateien. Wählen Sie einen, in dem Fotos liegen.
folder-no-pictures = In diesem Ordner sind keine Bilder. Wählen Sie einen mit JPEG- oder PNG-Dateien.
sample-try = Beispiel ansehen
sample-drawn = Diese drei Gesichter hat ein Programm gezeichnet. Niemand wurde dafür fotografiert.
