# La cámara: consentimiento, controles, el piloto, detalles.

consent-title = Antes de iniciar la cámara
consent-picture-title = Qué pasa con la imagen
consent-picture = Cada imagen se lee en esta pestaña, en tu dispositivo, y se descarta al instante. No se envía nada a ninguna parte y no se guarda ninguna imagen.
consent-guess-title = Qué obtienes
consent-guess = Una suposición sobre a qué se parece una expresión, a menudo equivocada. No sabe lo que siente nadie.
consent-not-for-title = Para qué no sirve
consent-not-for = Para juzgar a personas, sean estudiantes, personal, candidatos o cualquier otra. En la Unión Europea está prohibido deducir emociones en el trabajo o en la enseñanza, salvo por motivos médicos o de seguridad.
consent-others-title = Otras personas a la vista
consent-others = También se lee la cara de quien aparezca en la imagen. Avísale antes y empieza solo si está de acuerdo.
consent-stop = Mientras la cámara funciona, la página muestra «Cámara encendida» con un botón que la detiene. Con «Retirar el consentimiento» puedes retirar tu respuesta en cualquier momento. Solo se recuerda en este dispositivo.
consent-agree = Aceptar e iniciar la cámara
consent-decline = Ahora no
consent-given = Has aceptado el uso de la cámara.
consent-withdraw = Retirar el consentimiento
consent-withdrawn = Tu consentimiento está retirado y la cámara, apagada. Se te preguntará de nuevo antes de iniciarla.

light-on = Cámara encendida
light-paused = Cámara encendida, en pausa
light-stop = Detener la cámara

camera-picture = Tu cámara
camera-picture-mirrored = Tu cámara, en espejo
status-paused = En pausa. La cámara sigue encendida.
status-camera-muted = Ahora mismo no llega imagen de la cámara.
camera-muted = La cámara está encendida, pero ahora mismo no envía imagen. Quizá la bloquea su interruptor, el sistema u otro programa. La lectura sigue sola en cuanto vuelva la imagen.
camera-pause = Pausa
camera-resume = Continuar
camera-mirror = Espejo
camera-choice = Cámara
camera-unnamed = Cámara { $number }

details = Detalles
details-display = Pantalla
details-readings = Lecturas
details-capture = Captura de la imagen
details-detect = Búsqueda de caras
details-network = Lectura de expresiones
details-total = De la imagen a la respuesta
details-in-flight = Imágenes en lectura
details-size = Imagen leída
details-engine = Motor
details-per-second = { $rate } por segundo
details-of-one = { $count } de 1 como máximo
details-pixels = { $width } × { $height } píxeles
