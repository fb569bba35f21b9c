# Photos, folders, videos, the sample.

## Vídeos

video-unsupported = Este navegador no puede reproducir el vídeo: no tiene un decodificador para su formato. Conviértelo a MP4 (H.264) o WebM y abre ese archivo.
video-damaged = El vídeo está dañado y no se puede seguir reproduciendo. Vuelve a copiarlo o a descargarlo.
video-no-picture = Este archivo no tiene imágenes, solo sonido. Abre un vídeo en el que se vean caras.
