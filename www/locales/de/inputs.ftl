# Photos, folders, videos, the sample.

## Videos

video-unsupported = Dieser Browser kann das Video nicht abspielen: Für sein Format fehlt ihm der Decoder. Wandle es in MP4 (H.264) oder WebM um und öffne diese Datei.
video-damaged = Das Video ist beschädigt und lässt sich nicht weiter abspielen. Kopiere es noch einmal oder lade es neu herunter.
video-no-picture = Diese Datei enthält keine Bilder, nur Ton. Öffne ein Video, in dem Gesichter zu sehen sind.
