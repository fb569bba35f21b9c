# The page: its frame, its states, its errors.

## Frame

page-title = moue: Wonach sieht dieses Gesicht aus?
brand-link = moue, Startseite
headline = Wonach sieht dieses Gesicht aus?
language = Sprache
promise = Ihr Bild verlässt dieses Gerät nie.
promise-check = So prüfen Sie das
promise-how = Gesichter werden in diesem Tab gefunden und gelesen. Sobald das Modell geladen ist, wird beim Lesen keine Anfrage gesendet. Die Seite speichert nur ihre eigenen Dateien für den Betrieb ohne Netz, und der Browser sieht einmal je Besuch nach einer neuen Version. So prüfen Sie es: Öffnen Sie die Entwicklerwerkzeuge Ihres Browsers, wählen Sie „Netzwerk“ und legen Sie ein Foto ab, oder schalten Sie das Netz aus und machen Sie weiter. Auch gespeichert wird kein Bild: Wenn Sie den Tab schließen, ist es weg.
about-lead = Eine Vermutung über ein Gesicht, nicht über ein Gefühl.
about-short = Das Netz sagt, wonach ein Ausdruck aussieht, und irrt sich oft. Beurteilen Sie damit weder Schüler, Angestellte oder Bewerber noch sonst jemanden, und nutzen Sie es nur bei Menschen, die zugestimmt haben.
model-accuracy = stimmt bei { $share } von FER2013s PrivateTest mit den meisten Menschen überein
close = Schließen
retry = Noch einmal versuchen
detail = Technische Einzelheit:

## Loading

loading-program = Das Rechenwerk wird geladen…
loading-model = Das Modell wird geladen…
loading-model-share = Das Modell wird geladen… { $received } von { $total } MB
loading-engine = Das Rechenwerk startet…
loading-warm-up = Das Modell wird geprüft und läuft warm…

## Stage and controls

stage = Bild
photo-alt = Das gelesene Foto
busy = Gesichter werden gesucht…
drop-here = Fotos, einen Ordner oder ein Video hier ablegen
drop-or = oder einfügen, auswählen oder die Kamera starten
choose-photo = Fotos oder ein Video wählen
choose-another = Andere wählen
remove-photo = Von vorn
camera-start = Kamera starten
camera-stop = Kamera stoppen
status-photo-waits = Ihre Datei wird gelesen, sobald das Modell da ist.
status-loading = Wird geladen
status-not-running = Läuft nicht
status-reading = Das Foto wird gelesen…
status-camera-asked = Ihr Browser fragt nach der Kamera.
status-camera-starts = Die Kamera startet…
status-ready = Bereit
status-no-face = Kein Gesicht gefunden
faces = { $count ->
    [one] 1 Gesicht
   *[other] { $count } Gesichter
}

## Readings

readings = Ergebnisse
readings-hint = Hier stehen bald für jedes Gesicht sieben Ausdrücke, jeder mit seiner Wahrscheinlichkeit.
no-face-hint = Kein Gesicht gefunden. Am besten wird ein Gesicht gefunden, das zur Kamera blickt, gut beleuchtet und nicht zu klein ist.
no-face-photo = Kein Gesicht gefunden. Falls das Bild auf der Seite liegt oder auf dem Kopf steht, drehen Sie es. Am besten wird ein Gesicht gefunden, das zur Kamera blickt, gut beleuchtet und nicht zu klein ist.
no-face-black = Das Bild der Kamera ist schwarz. Öffnen Sie ihre Abdeckung, oder wählen Sie eine andere Kamera.
no-face-dark = Kein Gesicht gefunden: Es ist zu dunkel. Machen Sie Licht, oder wenden Sie sich einem zu.
left-out = { $count ->
    [one] 1 weiteres Gesicht wurde gefunden und ausgelassen. Schneiden Sie das Foto zu, um es zu lesen.
   *[other] { $count } weitere Gesichter wurden gefunden und ausgelassen. Schneiden Sie das Foto zu, um sie zu lesen.
}
maybe-hint = { $count ->
    [one] Im gestrichelten Rahmen ist vielleicht ein Gesicht. Drücken Sie auf den Rahmen, um es zu lesen.
   *[other] In den { $count } gestrichelten Rahmen sind vielleicht Gesichter. Drücken Sie auf einen Rahmen, um es zu lesen.
}
maybe-read = Vielleicht ein Gesicht. Lesen
timing = Gefunden in { $detect }, gelesen in { $network }
face-number = Gesicht { $number }
face-dismiss = Kein Gesicht
face-dismiss-number = Gesicht { $number } ist kein Gesicht
face-turned = Um { $degrees }° gedreht
face-added = Rahmen von Ihnen gezeichnet
face-add = Gesicht hinzufügen
face-add-area = Quadrat um ein übersehenes Gesicht
face-add-how = Ziehen Sie ein Quadrat um das Gesicht auf, oder tippen Sie das Gesicht an. Mit Tasten: Die Pfeile bewegen das Quadrat, + und − ändern seine Größe, die Eingabetaste liest es, Escape bricht ab.
turn = Foto drehen
photo-not-turned = Das Foto ließ sich nicht drehen. Drehen Sie es in einem Bildprogramm, und öffnen Sie es erneut.
undo-dismissed = Rückgängig: kein Gesicht
undo-added = Rückgängig: hinzugefügtes Gesicht
emotion-anger = wütend
emotion-disgust = angeekelt
emotion-fear = ängstlich
emotion-happy = fröhlich
emotion-sad = traurig
emotion-surprise = überrascht
emotion-neutral = neutral
emotion-other = anderes
verdict-anger = sieht wütend aus
verdict-disgust = sieht angeekelt aus
verdict-fear = sieht ängstlich aus
verdict-happy = sieht fröhlich aus
verdict-sad = sieht traurig aus
verdict-surprise = sieht überrascht aus
verdict-neutral = sieht neutral aus
verdict-unsure = unsicher
verdict-perhaps = { $verdict }, vielleicht

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = Kein Gesicht gefunden.
said-face-dismissed = Das Gesicht wurde weggelassen.
said-face = Das Gesicht { $verdict }.
said-face-perhaps = Das Gesicht { $verdict }, vielleicht.
said-face-unsure = Das Gesicht: unsicher.
said-face-number = Gesicht { $number } { $verdict }.
said-face-number-perhaps = Gesicht { $number } { $verdict }, vielleicht.
said-face-number-unsure = Gesicht { $number }: unsicher.
said-maybe = { $count ->
    [one] An 1 weiteren Stelle ist vielleicht ein Gesicht.
   *[other] An { $count } weiteren Stellen ist vielleicht ein Gesicht.
}
said-left-out = { $count ->
    [one] 1 weiteres wurde ausgelassen.
   *[other] { $count } weitere wurden ausgelassen.
}

## Engine

engine-webgpu = Rechnet mit WebGPU auf { $adapter }
engine-webgpu-unnamed = Rechnet mit WebGPU
engine-cpu = Rechnet auf dem Prozessor: { $reason }
cpu-chosen = in der Adresse gewählt
cpu-webgpu-stopped = WebGPU hat aufgehört
cpu-crashed = ohne WebGPU, seit das Rechenprogramm abgestürzt ist
cpu-webgpu-starts = WebGPU startet gerade
cpu-faster = der Prozessor ist schneller als WebGPU
cpu-no-adapter = dieser Browser bietet keinen WebGPU-Adapter
cpu-software-adapter = der WebGPU-Adapter ist nur Software
cpu-webgpu-no-start = WebGPU ist nicht gestartet
cpu-webgpu-wrong = WebGPU rechnet auf diesem Gerät falsch

## Camera

camera-not-delegated = Die Seite um diesen Rahmen überlässt ihm die Kamera nicht. Wer jene Seite betreibt, muss ihrem <iframe> allow="camera" hinzufügen. Fotos gehen auch ohne Kamera.
camera-refused = Die Kamera wurde nicht erlaubt. Erlauben Sie sie über das Kamera- oder Schloss-Symbol neben der Adresse und starten Sie sie noch einmal. Ein Foto geht auch ohne sie.
camera-missing = Es wurde keine Kamera gefunden. Schließen Sie eine an und starten Sie noch einmal, oder legen Sie ein Foto ab.
camera-in-use = Ein anderes Programm benutzt die Kamera. Schließen Sie das Programm oder den Tab, der Ihre Kamera zeigt, und starten Sie sie noch einmal.
camera-insecure-page = Browser geben eine Kamera nur Seiten auf https:// oder localhost. Öffnen Sie diese Seite über eine sichere Adresse, oder legen Sie ein Foto ab.
camera-no-interface = Dieser Browser bietet Seiten keine Kamera. Aktualisieren Sie ihn oder nehmen Sie einen anderen, oder legen Sie ein Foto ab.
camera-ended = Die Kamera hat von selbst aufgehört. Prüfen Sie, ob sie angeschlossen ist, und starten Sie sie noch einmal. Fotos und Videos gehen auch ohne sie.
camera-other = Die Kamera ist nicht gestartet. Starten Sie sie noch einmal, oder legen Sie ein Foto ab.
canvas-withheld = Dieser Browser verbirgt Bilder vor Seiten, deshalb können Kamera und Video hier nicht gelesen werden. Erlauben Sie Canvas-Daten mit dem Bildsymbol neben der Adresse und starten Sie noch einmal. Ein Foto geht auch ohne.
camera-hidden = Die Kamera wurde gestoppt, weil der Tab nicht zu sehen war.

## Files

nothing-to-read = Das enthielt kein Bild. Legen Sie eine Bilddatei ab oder fügen Sie eine ein, zum Beispiel JPEG oder PNG.
file-not-handed-over = Ihr Browser hat diese Datei nicht übergeben. Wählen Sie sie stattdessen mit der Schaltfläche.
file-too-large = Diese Datei hat { $size } MB; gelesen werden Bilder bis { $limit } MB. Speichern Sie sie kleiner und versuchen Sie es noch einmal.
file-unreadable = Der Browser konnte diese Datei nicht öffnen. Wählen Sie sie noch einmal.

## Failures: headings

title-lost = Ein Fehler in der Seite
title-old-copy = Eine alte Kopie der Seite ist in Gebrauch
title-no-start = Das Rechenwerk ist nicht gestartet
title-stopped = Das Rechenwerk hat aufgehört
title-no-web-gpu = Hier gibt es kein WebGPU
title-model-missing = Das Modell ist nicht angekommen
title-model-incomplete = Das Modell ist unvollständig angekommen
title-model-damaged = Das Modell ist beschädigt
title-model-version = Das Modell stammt aus einer anderen Version
title-detector = Die Gesichtssuche ist beschädigt
title-picture = Dieses Bild lässt sich nicht lesen
title-reading = Das Bild konnte nicht gelesen werden

## Failures: what to do

error-no-worker = Dieser Browser startet für diese Seite keine Worker. Aktualisieren Sie ihn, oder erlauben Sie Worker für diese Website.
engine-fell-back = Das Rechenprogramm ist abgestürzt und startet ohne WebGPU neu. Wählen Sie das Bild noch einmal, sobald es bereit ist.
engine-fell-back-live = Das Rechenprogramm ist abgestürzt und startet ohne WebGPU neu. Das Lesen geht von selbst weiter, sobald es bereit ist.
error-bad-message = Die Seite und ihr Rechenwerk konnten sich nicht verständigen. Laden Sie die Seite neu.
error-version-mismatch = Die Seite und ihr Rechenwerk stammen aus verschiedenen Versionen, eines von beiden ist also eine alte Kopie. Laden Sie die Seite ohne Zwischenspeicher neu (Strg+Umschalt+R).
error-engine-start = Das Rechenwerk ist nicht gestartet. Versuchen Sie es noch einmal, oder wählen Sie das Rechenwerk „cpu“.
error-engine-crashed = Das Rechenwerk hat unerwartet aufgehört. Versuchen Sie es noch einmal.
error-no-web-gpu = Dieser Browser bietet keinen WebGPU-Adapter. Wählen Sie das Rechenwerk „auto“ statt „webgpu“, dann übernimmt der Prozessor.
error-model-download = Das Modell ist nicht angekommen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.
error-model-truncated = Die Modelldatei ist nicht vollständig angekommen. Versuchen Sie es noch einmal.
error-model-damaged = Die Modelldatei ist beschädigt oder wurde unterwegs verändert. Versuchen Sie es noch einmal.
error-model-version = Modell und Seite stammen aus verschiedenen Versionen. Laden Sie die Seite neu; wenn das nicht hilft, sagen Sie es dem Betreiber dieser Website.
error-manifest-invalid = Die Beschreibung des Modells (sein Manifest) lässt sich nicht lesen. Versuchen Sie es später noch einmal, oder sagen Sie es dem Betreiber dieser Website.
error-model-invalid = Das Modell passt nicht zu dieser Seite. Sagen Sie es dem Betreiber dieser Website.
error-detector-invalid = Der Teil, der Gesichter findet, lässt sich nicht lesen. Laden Sie die Seite neu.
error-empty-file = Die Datei ist leer. Wählen Sie sie noch einmal, oder holen Sie sie neu.
error-not-an-image = Das ist kein Bild, das sich lesen lässt. Wählen Sie eine PNG-, JPEG-, WebP-, GIF- oder BMP-Datei.
error-unsupported-format = Bilder dieses Formats lassen sich hier nicht lesen. Speichern Sie das Bild als PNG oder JPEG und wählen Sie das.
error-picture-too-large = Das Bild hat zu viele Pixel: Bis zu 134 Megapixel können gelesen werden. Speichern Sie es kleiner und versuchen Sie es noch einmal.
error-truncated-file = Die Datei endet zu früh, ein Teil fehlt. Kopieren Sie sie noch einmal, oder laden Sie sie neu herunter.
error-damaged-file = Die Bilddatei ist beschädigt. Öffnen Sie sie in einem Bildprogramm und speichern Sie sie neu, oder laden Sie sie noch einmal herunter.
error-not-ready = Das Rechenwerk lädt noch. Warten Sie darauf und versuchen Sie es noch einmal.
error-engine-failed = Das Bild konnte nicht gelesen werden. Versuchen Sie es noch einmal, oder wählen Sie das Rechenwerk „cpu“.

## About the model

about-title = Über das Modell
about-what-title = Was es ist
about-what = Ein kleines neuronales Netz betrachtet ein Gesicht, ausgeschnitten als 96 mal 96 graue Pixel. Es gibt jedem von sieben Ausdrücken und „keiner davon“ eine Wahrscheinlichkeit. Ein zweites kleines Netz findet die Gesichter. Beide laufen in diesem Tab, auf Ihrem Gerät.
about-trained-title = Woraus es gelernt hat
about-trained = Aus { $count } grauen Bildern von Gesichtern. Eine Sammlung, FER2013 von 2013, stammt aus einer Websuche nach Wörtern wie „angry“; bei jedem ihrer Bilder lernte das Netz, was zehn Menschen darin sahen. Vier kleinere Sammlungen aus dem Web, den Nachrichten und einem Studio haben je Bild eine Beschriftung. Viele der Gesichter sind gestellt oder gespielt, und Menschen sind sich über sie oft uneins.
about-accuracy-title = Wie oft es recht hat
about-accuracy = FER+ fragte zu jedem Testbild von FER2013 (PrivateTest) zehn Menschen. Bei { $count } Bildern waren sich die meisten einig. Davon benennt das Netz { $right } wie sie und { $wrong } anders. Keines dieser Bilder hat bei seiner Auswahl mitgezählt. Das gilt für Gesichter, die wie in FER2013 ausgeschnitten sind. Die Seite schneidet die Gesichter selbst aus und hat dann etwa gleich oft recht.
about-probability = Eine Wahrscheinlichkeit ist die Schätzung des Netzes, wie wahrscheinlich Menschen den Ausdruck so nennen würden. Sie wurde an mehreren Bildersammlungen abgeglichen; bei anderen Gesichtern kann sie weit danebenliegen. Sie sagt nichts darüber, wie stark ein Ausdruck oder ein Gefühl ist.
about-table = Testbilder, nach Ausdrücken
about-expression = Beschriftung
about-recall = Richtig
about-precision = Richtig, wenn so benannt
about-mistaken = Meist verwechselt mit
about-images = Bilder
about-fails-title = Wo es versagt
about-fails-disgust = Ekel und Angst liest es am schlechtesten: Auch Menschen sind sich darüber in einem einzelnen Bild am wenigsten einig.
about-fails-people = Alter, Hautfarbe und Herkunft der Gesichter wurden nicht festgehalten; niemand kann also sagen, für wen es schlechter arbeitet. Gehen Sie davon aus, dass es solche Menschen gibt.
about-fails-missed = Nicht jedes Gesicht wird gefunden: Von denen, die ein Zehntel eines Fotos füllen, fehlen etwa sieben von hundert, von kleineren mehr. Ab und zu wird etwas für ein Gesicht gehalten, das keines ist. Das eine können Sie hinzufügen, das andere verwerfen.
about-fails-turned = Gedrehte, geneigte, verdeckte, schlecht beleuchtete oder kleine Gesichter werden schlechter gelesen: Gelernt hat es aus aufrechten, frontalen.
about-fails-context = Es sieht ein einzelnes, stehendes Gesicht. Es weiß nichts von der Lage, von der Person, von ihrer Kultur oder davon, wie dieses Gesicht in Ruhe aussieht. Menschen runzeln die Stirn, wenn sie nachdenken, und lächeln, ohne froh zu sein.
about-not-title = Wann es nicht verwendet werden darf
about-not = Nicht zum Einstellen, Benoten, Überwachen, Fahnden oder Diagnostizieren, nicht für andere Entscheidungen über Menschen, und bei niemandem, der dem nicht zugestimmt hat.
about-law-title = Das Recht der Europäischen Union
about-law-ban = Artikel 5 Absatz 1 Buchstabe f der KI-Verordnung (Verordnung (EU) 2024/1689) verbietet KI-Systeme, die am Arbeitsplatz oder in Bildungseinrichtungen auf Emotionen von Menschen schließen, außer aus medizinischen Gründen oder Sicherheitsgründen. Das gilt seit dem 2. Februar 2025, und es ist gleich, wo gerechnet wird: Auch auf dem eigenen Gerät ist es verboten.
about-law-inform = Artikel 50 Absatz 3: Wer ein solches System anderswo verwendet, muss die betroffenen Menschen klar und spätestens beim ersten Kontakt darüber informieren. Das gilt seit dem 2. August 2026. Wer informiert, macht damit eine verbotene Verwendung nicht erlaubt.
about-law-note = Das ist eine Zusammenfassung, keine Rechtsberatung.
