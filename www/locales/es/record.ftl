# La línea de tiempo, el resumen, las exportaciones.

record-title = Línea de tiempo
record-face = Rostro
record-follow = quien esté presente
record-span = Mostrar
record-span-minute = el último minuto
record-span-five-minutes = los últimos cinco minutos
record-span-whole = todo
record-live = Volver al presente
record-discard = Descartar la grabación
record-moment = Momento
record-chart = Siete líneas, una por expresión: las probabilidades del rostro { $number } de { $from } a { $until }. La tabla de abajo tiene los números.
record-out-of-sight = fuera de la vista
record-not-judged = no se ve con claridad
record-table = Las líneas como tabla
record-table-caption = Los números tras las líneas, a lo largo del tiempo.
record-time = Segundos
record-verdict = Lectura

summary-title = Toda la grabación
summary-all = Todos los rostros juntos
summary-length = Grabado: { $duration }.
summary-faces = { $count ->
    [one] 1 rostro. Quien se va y vuelve cuenta como otro más.
   *[other] { $count } rostros. Quien se va y vuelve cuenta como otro más.
}
summary-faceless = Nadie a la vista durante el { $share } del tiempo.
summary-longest = Lo más largo: { $outcome } ({ $share } del tiempo a la vista).
summary-changes = { $count ->
    [one] 1 cambio de una expresión a otra.
   *[other] { $count } cambios de una expresión a otra.
}
summary-share = Parte del tiempo
summary-mean = Probabilidad media

export-recording = Guardar o copiar la grabación
export-photo = Guardar o copiar la lectura
export-png = Guardar la imagen (PNG)
export-csv = Guardar como CSV
export-json = Guardar como JSON
export-copy = Copiar como texto
export-copy-picture = Copiar la imagen
export-note = Hecho en este dispositivo; no se envía nada.
export-photos = El CSV, el JSON y el texto contienen las lecturas de las { $count } fotos leídas; la imagen es la que se muestra.
export-saved = Guardado como { $name }.
export-copied = Copiado.
export-refused = El navegador no lo ha permitido. Permítelo para esta página e inténtalo de nuevo.
export-face = Rostro { $number }: { $outcome } ({ $share })
export-face-unsure = Rostro { $number }: { $outcome }
