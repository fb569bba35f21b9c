# Die Kamera: Einwilligung, Bedienung, das Licht, Einzelheiten.

consent-title = Bevor die Kamera startet
consent-picture-title = Was mit dem Bild geschieht
consent-picture = Jedes Bild wird in diesem Tab gelesen, auf Ihrem Gerät, und sofort verworfen. Nichts wird irgendwohin gesendet, und kein Bild wird gespeichert.
consent-guess-title = Was Sie bekommen
consent-guess = Eine Vermutung, wonach ein Gesichtsausdruck aussieht, und oft eine falsche. Was jemand fühlt, weiß sie nicht.
consent-not-for-title = Wofür es nicht da ist
consent-not-for = Um Menschen zu beurteilen, seien es Lernende, Beschäftigte, Bewerberinnen und Bewerber oder sonst jemand. In der Europäischen Union ist es verboten, am Arbeitsplatz oder in der Bildung Emotionen abzulesen, außer aus medizinischen Gründen oder zur Sicherheit.
consent-others-title = Andere im Bild
consent-others = Gelesen wird jedes Gesicht im Bild. Sagen Sie es den anderen vorher, und starten Sie nur, wenn sie einverstanden sind.
consent-stop = Solange die Kamera läuft, steht auf der Seite „Kamera an“ mit einer Schaltfläche, die sie stoppt. Mit „Einwilligung widerrufen“ nehmen Sie Ihre Antwort jederzeit zurück. Nur dieses Gerät merkt sie sich.
consent-agree = Zustimmen und Kamera starten
consent-decline = Jetzt nicht
consent-given = Sie haben der Nutzung der Kamera zugestimmt.
consent-withdraw = Einwilligung widerrufen
consent-withdrawn = Ihre Einwilligung ist widerrufen und die Kamera aus. Vor dem nächsten Start werden Sie wieder gefragt.

light-on = Kamera an
light-paused = Kamera an, angehalten
light-stop = Kamera stoppen

camera-picture = Ihre Kamera
camera-picture-mirrored = Ihre Kamera, gespiegelt
status-paused = Angehalten. Die Kamera ist noch an.
status-camera-muted = Gerade kommt kein Bild von der Kamera.
camera-muted = Die Kamera ist an, liefert aber gerade kein Bild. Vielleicht hält ihr Schalter, das System oder ein anderes Programm es zurück. Sobald das Bild wieder da ist, geht das Lesen von selbst weiter.
camera-pause = Anhalten
camera-resume = Fortsetzen
camera-mirror = Spiegeln
camera-choice = Kamera
camera-unnamed = Kamera { $number }

details = Einzelheiten
details-display = Anzeige
details-readings = Lesungen
details-capture = Bild aufnehmen
details-detect = Gesichter finden
details-network = Ausdrücke lesen
details-total = Vom Bild zur Antwort
details-in-flight = Bilder in Arbeit
details-size = Gelesenes Bild
details-engine = Rechenwerk
details-per-second = { $rate } pro Sekunde
details-of-one = { $count } von höchstens 1
details-pixels = { $width } × { $height } Pixel
