# The page: its frame, its states, its errors.

## Frame

page-title = moue: ¿qué parece expresar este rostro?
brand-link = moue, página de inicio
headline = ¿Qué parece expresar este rostro?
language = Idioma
promise = Tu imagen nunca sale de este dispositivo.
promise-check = Cómo comprobarlo
promise-how = Los rostros se buscan y se leen en esta pestaña. Una vez cargado el modelo, la lectura no hace ninguna petición. La página solo guarda sus propios archivos para usarla sin conexión, y el navegador busca una vez por visita una versión nueva. Para comprobarlo, abre las herramientas de desarrollo de tu navegador, elige «Red» y suelta una foto, o desconecta la red y sigue. Tampoco se guarda ninguna imagen; cierra la pestaña y desaparece.
about-lead = Una suposición sobre un rostro, no sobre un sentimiento.
about-short = La red dice a qué se parece una expresión, y se equivoca a menudo. No la uses para juzgar a alumnos, empleados, candidatos ni a nadie más, y úsala solo con personas que estén de acuerdo.
model-accuracy = coincide con la mayoría de la gente en el { $share } del PrivateTest de FER2013
close = Cerrar
retry = Intentar de nuevo
detail = Detalle técnico:

## Loading

loading-program = Cargando el motor…
loading-model = Cargando el modelo…
loading-model-share = Cargando el modelo… { $received } de { $total } MB
loading-engine = Arrancando el motor…
loading-warm-up = Comprobando y preparando el modelo…

## Stage and controls

stage = Imagen
photo-alt = La foto que se ha leído
busy = Buscando rostros…
drop-here = Suelta aquí fotos, una carpeta o un vídeo
drop-or = o pega una, elige una o inicia la cámara
choose-photo = Elegir fotos o un vídeo
choose-another = Elegir otros
remove-photo = Empezar de nuevo
camera-start = Iniciar la cámara
camera-stop = Detener la cámara
status-photo-waits = Tu archivo se leerá en cuanto llegue el modelo.
status-loading = Cargando
status-not-running = Sin funcionar
status-reading = Leyendo la foto…
status-camera-asked = Tu navegador pide permiso para la cámara.
status-camera-starts = La cámara se inicia…
status-ready = Listo
status-no-face = Ningún rostro encontrado
faces = { $count ->
    [one] 1 rostro
   *[other] { $count } rostros
}

## Readings

readings = Resultados
readings-hint = Aquí aparecerán, para cada rostro, siete expresiones con su probabilidad.
no-face-hint = No se ha encontrado ningún rostro. Se encuentra mejor un rostro que mira a la cámara, está bien iluminado y no es demasiado pequeño.
no-face-photo = No se ha encontrado ningún rostro. Si la imagen está tumbada o boca abajo, gírela. Se encuentra mejor un rostro que mira a la cámara, está bien iluminado y no es demasiado pequeño.
no-face-black = La imagen de la cámara está negra. Abre su tapa, o elige otra cámara.
no-face-dark = No se ha encontrado ningún rostro: está demasiado oscuro. Enciende una luz, o gírate hacia una.
left-out = { $count ->
    [one] Se ha encontrado y omitido 1 rostro más. Recorta la foto para leerlo.
   *[other] Se han encontrado y omitido { $count } rostros más. Recorta la foto para leerlos.
}
maybe-hint = { $count ->
    [one] Quizá haya un rostro en el recuadro discontinuo. Pulse el recuadro para leerlo.
   *[other] Quizá haya rostros en los { $count } recuadros discontinuos. Pulse un recuadro para leerlo.
}
maybe-read = Quizá un rostro. Leerlo
timing = Encontrado en { $detect }, leído en { $network }
face-number = Rostro { $number }
face-dismiss = No es un rostro
face-dismiss-number = El rostro { $number } no es un rostro
face-turned = Girado { $degrees }°
face-added = Recuadro dibujado por usted
face-add = Añadir un rostro
face-add-area = Cuadrado alrededor de un rostro no encontrado
face-add-how = Dibuje un cuadrado alrededor del rostro, o toque el rostro. Con teclas: las flechas mueven el cuadrado, + y − cambian su tamaño, Intro lo lee, Escape cancela.
turn = Girar la foto
photo-not-turned = La foto no se ha podido girar. Gírela en un editor de imágenes y ábrala de nuevo.
undo-dismissed = Deshacer: no es un rostro
undo-added = Deshacer: rostro añadido
emotion-anger = enfadado
emotion-disgust = asqueado
emotion-fear = asustado
emotion-happy = alegre
emotion-sad = triste
emotion-surprise = sorprendido
emotion-neutral = neutro
emotion-other = otro
verdict-anger = parece enfadado
verdict-disgust = parece asqueado
verdict-fear = parece asustado
verdict-happy = parece alegre
verdict-sad = parece triste
verdict-surprise = parece sorprendido
verdict-neutral = parece neutro
verdict-unsure = no está claro
verdict-perhaps = { $verdict }, quizá

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = No se ha encontrado ningún rostro.
said-face-dismissed = El rostro se ha omitido.
said-face = El rostro { $verdict }.
said-face-perhaps = El rostro { $verdict }, quizá.
said-face-unsure = El rostro: no está claro.
said-face-number = El rostro { $number } { $verdict }.
said-face-number-perhaps = El rostro { $number } { $verdict }, quizá.
said-face-number-unsure = Rostro { $number }: no está claro.
said-maybe = { $count ->
    [one] Quizá haya un rostro en 1 lugar más.
   *[other] Quizá haya rostros en { $count } lugares más.
}
said-left-out = { $count ->
    [one] Se ha omitido 1 más.
   *[other] Se han omitido { $count } más.
}

## Engine

engine-webgpu = Calcula con WebGPU en { $adapter }
engine-webgpu-unnamed = Calcula con WebGPU
engine-cpu = Calcula en el procesador: { $reason }
cpu-chosen = elegido en la dirección
cpu-webgpu-stopped = WebGPU se detuvo
cpu-crashed = sin WebGPU desde que el motor falló
cpu-webgpu-starts = WebGPU está arrancando
cpu-faster = el procesador es más rápido que WebGPU
cpu-no-adapter = este navegador no ofrece ningún adaptador WebGPU
cpu-software-adapter = el adaptador WebGPU es de software
cpu-webgpu-no-start = WebGPU no arrancó
cpu-webgpu-wrong = WebGPU calcula mal en este dispositivo

## Camera

camera-not-delegated = La página que rodea este marco no le deja usar la cámara. Quien la gestione debe añadir allow="camera" a su <iframe>. Las fotos funcionan sin cámara.
camera-refused = No se ha permitido la cámara. Permítela con el símbolo de la cámara o del candado junto a la dirección e iníciala de nuevo. Una foto funciona sin ella.
camera-missing = No se ha encontrado ninguna cámara. Conecta una y vuelve a empezar, o suelta una foto.
camera-in-use = Otro programa está usando la cámara. Cierra el programa o la pestaña que muestra tu cámara e iníciala de nuevo.
camera-insecure-page = Los navegadores solo dan la cámara a páginas en https:// o localhost. Abre esta página con una dirección segura, o suelta una foto.
camera-no-interface = Este navegador no ofrece la cámara a las páginas. Actualízalo o usa otro, o suelta una foto.
camera-ended = La cámara se detuvo sola. Comprueba que está conectada e iníciala de nuevo. Las fotos y los vídeos funcionan sin ella.
camera-other = La cámara no se inició. Iníciala de nuevo, o suelta una foto.
canvas-withheld = Este navegador oculta las imágenes a las páginas, así que aquí no se pueden leer cámaras ni vídeos. Permite los datos de canvas con el símbolo de imagen junto a la dirección y empieza de nuevo. Una foto funciona sin ello.
camera-hidden = La cámara se detuvo porque la pestaña estaba oculta.

## Files

nothing-to-read = Eso no contenía ninguna imagen. Suelta o pega un archivo de imagen, por ejemplo JPEG o PNG.
file-not-handed-over = Tu navegador no entregó ese archivo. Elígelo con el botón.
file-too-large = Este archivo ocupa { $size } MB; se pueden leer imágenes de hasta { $limit } MB. Guárdalo más pequeño e inténtalo de nuevo.
file-unreadable = El navegador no pudo abrir este archivo. Elígelo de nuevo.

## Failures: headings

title-lost = Un error en la página
title-old-copy = Se está usando una copia antigua de la página
title-no-start = El motor no arrancó
title-stopped = El motor se detuvo
title-no-web-gpu = Aquí no hay WebGPU
title-model-missing = El modelo no ha llegado
title-model-incomplete = El modelo ha llegado incompleto
title-model-damaged = El modelo está dañado
title-model-version = El modelo es de otra versión
title-detector = El buscador de rostros está dañado
title-picture = Esta imagen no se puede leer
title-reading = La lectura de esta imagen ha fallado

## Failures: what to do

error-no-worker = Este navegador no inicia workers para esta página. Actualízalo, o permite los workers para este sitio.
engine-fell-back = El motor falló y arranca de nuevo sin WebGPU. Elige la imagen de nuevo cuando esté listo.
engine-fell-back-live = El motor falló y arranca de nuevo sin WebGPU. La lectura sigue sola en cuanto esté listo.
error-bad-message = La página y su motor no se han entendido. Vuelve a cargar la página.
error-version-mismatch = La página y su motor son de versiones distintas: uno de los dos es una copia antigua. Vuelve a cargar la página sin la caché (Ctrl+Mayús+R).
error-engine-start = El motor no arrancó. Inténtalo de nuevo, o elige el motor «cpu».
error-engine-crashed = El motor se detuvo de forma inesperada. Inténtalo de nuevo.
error-no-web-gpu = Este navegador no ofrece ningún adaptador WebGPU. Elige el motor «auto» en lugar de «webgpu» y continuará el procesador.
error-model-download = El modelo no ha llegado. Comprueba la conexión e inténtalo de nuevo.
error-model-truncated = El archivo del modelo no ha llegado entero. Inténtalo de nuevo.
error-model-damaged = El archivo del modelo está dañado o cambió por el camino. Inténtalo de nuevo.
error-model-version = El modelo y la página son de versiones distintas. Vuelve a cargar la página; si no ayuda, avisa a quien gestiona este sitio.
error-manifest-invalid = La descripción del modelo (su manifiesto) no se puede leer. Inténtalo más tarde, o avisa a quien gestiona este sitio.
error-model-invalid = El modelo no encaja con esta página. Avisa a quien gestiona este sitio.
error-detector-invalid = La parte que busca rostros no se puede leer. Vuelve a cargar la página.
error-empty-file = El archivo está vacío. Elígelo de nuevo, o descárgalo otra vez.
error-not-an-image = Esto no es una imagen que se pueda leer. Elige un archivo PNG, JPEG, WebP, GIF o BMP.
error-unsupported-format = Las imágenes de este formato no se pueden leer aquí. Guarda la imagen como PNG o JPEG y elige esa.
error-picture-too-large = La imagen tiene demasiados píxeles: se pueden leer hasta 134 megapíxeles. Guárdala más pequeña e inténtalo de nuevo.
error-truncated-file = El archivo termina demasiado pronto, falta una parte. Cópialo o descárgalo de nuevo.
error-damaged-file = El archivo de imagen está dañado. Ábrelo en un editor de imágenes y guárdalo de nuevo, o descárgalo otra vez.
error-not-ready = El motor aún se está cargando. Espera un momento e inténtalo de nuevo.
error-engine-failed = La lectura de esta imagen ha fallado. Inténtalo de nuevo, o elige el motor «cpu».

## About the model

about-title = Sobre el modelo
about-what-title = Qué es
about-what = Una pequeña red neuronal mira un rostro, recortado en 96 por 96 píxeles grises. Da una probabilidad a cada una de siete expresiones y a «ninguna de ellas». Otra pequeña red encuentra los rostros. Ambas funcionan en esta pestaña, en tu dispositivo.
about-trained-title = De qué aprendió
about-trained = De { $count } imágenes grises de rostros. Una colección, FER2013 de 2013, viene de una búsqueda en la web de palabras como «angry»; de cada una de sus imágenes, la red aprendió lo que diez personas veían. Cuatro colecciones menores, de la web, de las noticias y de un estudio, tienen una etiqueta por imagen. Muchos rostros son posados o actuados, y las personas discrepan a menudo sobre ellos.
about-accuracy-title = Cuántas veces acierta
about-accuracy = FER+ preguntó a diez personas por cada imagen de prueba de FER2013 (PrivateTest). En { $count } imágenes coincidió la mayoría. De ellas la red nombra el { $right } como esas personas y el { $wrong } de otro modo. Ninguna de estas imágenes sirvió para elegirla. Esto vale para rostros recortados como en FER2013. La página recorta los rostros por su cuenta y entonces acierta más o menos igual.
about-probability = Una probabilidad es la estimación de la red: con qué posibilidad las personas llamarían así a la expresión. Se ajustó con varias colecciones de imágenes; en otros rostros puede fallar mucho. No dice nada de lo intensa que es una expresión o un sentimiento.
about-table = Imágenes de prueba, expresión por expresión
about-expression = Etiqueta
about-recall = Correctas
about-precision = Acierta al nombrarla
about-mistaken = Más confundida con
about-images = Imágenes
about-fails-title = Dónde falla
about-fails-disgust = El asco y el miedo son lo que peor lee: tampoco las personas coinciden mucho sobre ellos en una sola imagen.
about-fails-people = No se anotaron la edad, el color de piel ni el origen de los rostros, así que nadie puede decir para quién funciona peor. Cuenta con que haya personas así.
about-fails-missed = No se encuentran todos los rostros: de los que ocupan una décima parte de una foto faltan unos siete de cada cien, y más de los pequeños. A veces se toma por rostro algo que no lo es. Puede añadir lo uno y descartar lo otro.
about-fails-turned = Los rostros girados, inclinados, tapados, mal iluminados o pequeños se leen peor: aprendió de rostros rectos y de frente.
about-fails-context = Ve un solo rostro quieto. No sabe nada de la situación, de la persona, de su cultura ni de cómo es ese rostro en reposo. La gente frunce el ceño al pensar y sonríe sin estar contenta.
about-not-title = Cuándo no usarlo
about-not = No para contratar, calificar, vigilar, investigar o diagnosticar, ni para ninguna otra decisión sobre una persona, ni con nadie que no haya dado su consentimiento.
about-law-title = La ley en la Unión Europea
about-law-ban = El artículo 5, apartado 1, letra f), del Reglamento de IA (Reglamento (UE) 2024/1689) prohíbe los sistemas de IA que infieren las emociones de las personas en el lugar de trabajo o en la educación, salvo por motivos médicos o de seguridad. Se aplica desde el 2 de febrero de 2025, y no importa dónde se calcule: en el propio dispositivo también está prohibido.
about-law-inform = Artículo 50, apartado 3: quien use un sistema así en otro ámbito debe informar a las personas a las que mira, con claridad y a más tardar en el primer contacto. Se aplica desde el 2 de agosto de 2026. Informar no convierte en lícito un uso prohibido.
about-law-note = Esto es un resumen, no asesoramiento jurídico.
