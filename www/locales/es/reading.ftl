# What a face looks like: quality, attention, baseline.

## Quality: why no label is claimed, and what helps

quality-too-small = Demasiado pequeño para decirlo
quality-too-small-help = Acércate o usa una imagen más grande.
quality-too-dark = Demasiado oscuro para decirlo
quality-too-dark-help = Gírate hacia la luz.
quality-too-bright = Demasiado claro para decirlo
quality-too-bright-help = Apártate de la luz.
quality-low-contrast = Demasiado pálido para decirlo
quality-low-contrast-help = Limpia la lente o ilumina desde un lado.
quality-blurred = Demasiado borroso para decirlo
quality-blurred-help = No te muevas y enfoca el rostro.
quality-turned-away = Demasiado girado para decirlo
quality-turned-away-help = Mira hacia la cámara.
quality-tilted = Demasiado inclinado para decirlo
quality-tilted-help = Mantén rectas la cabeza y la cámara.
unsure-help = Ninguna expresión destaca lo bastante para nombrarla.

## Attention

attention-switch = Mostrar dónde mira la red
attention-little = cuenta poco
attention-much = cuenta mucho
attention-note = Solo { $across } por { $down } zonas de cada rostro tienen un peso propio, suavizadas aquí. Se ve qué zonas cuentan, no por qué. A menudo es casi igual en todos los rostros.

## Baseline

baseline-start = Comparar con mi rostro neutro
baseline-about = Mira a la cámara durante tres segundos con el rostro relajado. El resultado solo se guarda hasta que se apaga la cámara.
baseline-hold = Mantén el rostro relajado: { $seconds } s
baseline-cancel = Cancelar
baseline-on = Comparado con tu rostro neutro
baseline-drop = Dejar de comparar
baseline-lost = El rostro no se vio lo bastante bien durante tres segundos. Inténtalo otra vez.
