# What a face looks like: quality, attention, baseline.

## Quality: why no label is claimed, and what helps

quality-too-small = Zu klein zum Erkennen
quality-too-small-help = Kommen Sie näher oder nehmen Sie ein größeres Bild.
quality-too-dark = Zu dunkel zum Erkennen
quality-too-dark-help = Drehen Sie sich zum Licht.
quality-too-bright = Zu hell zum Erkennen
quality-too-bright-help = Drehen Sie sich vom Licht weg.
quality-low-contrast = Zu blass zum Erkennen
quality-low-contrast-help = Wischen Sie die Linse ab oder lassen Sie das Licht von einer Seite kommen.
quality-blurred = Zu unscharf zum Erkennen
quality-blurred-help = Halten Sie still und stellen Sie auf das Gesicht scharf.
quality-turned-away = Zu weit abgewandt zum Erkennen
quality-turned-away-help = Schauen Sie zur Kamera.
quality-tilted = Zu weit geneigt zum Erkennen
quality-tilted-help = Halten Sie Kopf und Kamera aufrecht.
unsure-help = Kein Ausdruck sticht deutlich genug hervor, um ihn zu nennen.

## Attention

attention-switch = Zeigen, wohin das Netz schaut
attention-little = zählt wenig
attention-much = zählt viel
attention-note = Nur { $across } mal { $down } Bereiche jedes Gesichts haben ein eigenes Gewicht, hier weich gezeichnet. Man sieht, welche Bereiche zählen, nicht warum. Oft ist es bei jedem Gesicht fast gleich.

## Baseline

baseline-start = Mit meinem neutralen Gesicht vergleichen
baseline-about = Schauen Sie drei Sekunden lang mit entspanntem Gesicht in die Kamera. Das Ergebnis wird nur behalten, bis die Kamera stoppt.
baseline-hold = Gesicht entspannt lassen: { $seconds } s
baseline-cancel = Abbrechen
baseline-on = Verglichen mit Ihrem neutralen Gesicht
baseline-drop = Nicht mehr vergleichen
baseline-lost = Das Gesicht war nicht drei Sekunden lang gut genug zu sehen. Versuchen Sie es noch einmal.
