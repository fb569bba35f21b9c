# Photos, folders, videos, the sample.

## Vídeos

video-unsupported = Este navegador no puede reproducir el vídeo: no tiene un decodificador para su formato, o el archivo está dañado. Conviértelo a MP4 (H.264) o WebM y ábrelo, o cópialo de nuevo.
video-damaged = El vídeo está dañado y no se puede seguir reproduciendo. Vuelve a copiarlo o a descargarlo.
video-unreadable = El navegador no deja que esta página lea el vídeo. Conviértelo a MP4 (H.264) o WebM, o ábrelo en otro navegador.
photo-crashed = El cálculo se detuvo al leer esta foto, así que se deja fuera. Las demás se siguen leyendo.
video-no-picture = No se puede mostrar ninguna imagen de este archivo: solo tiene sonido, o este navegador no tiene decodificador para sus imágenes. Abre un vídeo en el que se vean caras, en MP4 (H.264) o WebM.
video-long = Este vídeo dura más de una hora. Se lee mientras se reproduce: mantén esta pestaña abierta y a la vista. A 4× tarda la cuarta parte.
video-controls = Vídeo
video-play = Reproducir
video-pause = Pausar
video-progress = Posición en el vídeo
video-at = { $time } de { $total }
video-speed = Velocidad

## Photos, folders, the sample

choose-folder = Elegir una carpeta
album = Fotos
album-progress = { $done } de { $count } fotos listas.
album-refused = No se pudieron leer: { $count }.
album-left-out = Otros archivos omitidos: { $count }.
album-stop = Detener la lectura
album-continue = Leer el resto
album-waits = En espera
album-said-done = Fotos leídas: { $count }.
album-none-read = No se pudo leer ninguna de estas fotos. Elige archivos PNG, JPEG, WebP, GIF o BMP.
folder-empty = Esta carpeta no tiene archivos. Elige una que tenga fotos.
folder-no-pictures = En esta carpeta no hay imágenes. Elige una con archivos JPEG o PNG.
sample-try = Probar el ejemplo
sample-drawn = Un programa dibujó estas tres caras. No se fotografió a nadie.
