# Der Zeitverlauf, die Zusammenfassung, Exporte.

record-title = Zeitverlauf
record-face = Gesicht
record-follow = wer gerade da ist
record-span = Zeigen
record-span-minute = die letzte Minute
record-span-five-minutes = die letzten fünf Minuten
record-span-whole = alles
record-live = Zurück zu jetzt
record-discard = Aufzeichnung verwerfen
record-moment = Zeitpunkt
record-chart = Sieben Linien, eine für jeden Ausdruck: die Wahrscheinlichkeiten von Gesicht { $number } von { $from } bis { $until }. Die Tabelle darunter enthält die Zahlen.
record-out-of-sight = nicht zu sehen
record-not-judged = nicht deutlich genug zu sehen
record-table = Die Linien als Tabelle
record-table-caption = Die Zahlen hinter den Linien, im Lauf der Zeit.
record-time = Sekunden
record-verdict = Lesung

summary-title = Die ganze Aufzeichnung
summary-all = Alle Gesichter zusammen
summary-length = Aufgezeichnet: { $duration }.
summary-faces = { $count ->
    [one] 1 Gesicht. Wer geht und wiederkommt, zählt als ein weiteres.
   *[other] { $count } Gesichter. Wer geht und wiederkommt, zählt als ein weiteres.
}
summary-faceless = Niemand zu sehen: { $share } der Zeit.
summary-longest = Am längsten: { $outcome } ({ $share } der Zeit, in der jemand zu sehen war).
summary-changes = { $count ->
    [one] 1 Wechsel von einem Ausdruck zum anderen.
   *[other] { $count } Wechsel von einem Ausdruck zum anderen.
}
summary-share = Anteil der Zeit
summary-mean = Mittlere Wahrscheinlichkeit

export-recording = Aufzeichnung speichern oder kopieren
export-photo = Ergebnis speichern oder kopieren
export-png = Bild speichern (PNG)
export-csv = Als CSV speichern
export-json = Als JSON speichern
export-copy = Als Text kopieren
export-copy-picture = Bild kopieren
export-note = Auf diesem Gerät gemacht; nichts wird irgendwohin gesendet.
export-photos = CSV, JSON und Text enthalten die Ergebnisse der { $count } gelesenen Fotos; das Bild ist das gezeigte.
export-saved = Gespeichert als { $name }.
export-copied = Kopiert.
export-refused = Der Browser hat das nicht erlaubt. Erlauben Sie es für diese Seite und versuchen Sie es noch einmal.
export-face = Gesicht { $number }: { $outcome } ({ $share })
export-face-unsure = Gesicht { $number }: { $outcome }
