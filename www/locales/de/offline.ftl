# Installing, offline, updates.

offline-works = Diese Seite ist auf Ihrem Gerät gespeichert und öffnet sich auch ohne Verbindung.
offline-preparing = Wird für die Nutzung ohne Verbindung vorbereitet …
offline-unavailable = Diese Seite öffnet sich nur mit einer Verbindung: Dieser Browser behält keine Kopie davon.
offline-incomplete = Diese Seite öffnet sich nur mit einer Verbindung: Eine Datei kam nicht vollständig an, deshalb wurde keine Kopie behalten. Laden Sie die Seite neu, um es noch einmal zu versuchen.
offline-no-room = Diese Seite öffnet sich nur mit einer Verbindung: Auf diesem Gerät ist kein Platz für eine Kopie. Schaffen Sie Platz, und laden Sie die Seite neu.
offline-disabled = Diese Seite öffnet sich nur mit einer Verbindung: Wer sie bereitstellt, lässt keine Kopie speichern.
installed-version = Version { $version }
install-app = Als App installieren
update-here = Eine neue Version dieser Seite ist da.
update-reload = Neu laden
update-later = Später
