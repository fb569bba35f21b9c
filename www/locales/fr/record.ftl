# La chronologie, le résumé, les exports.

record-title = Chronologie
record-face = Visage
record-follow = qui est là
record-span = Afficher
record-span-minute = la dernière minute
record-span-five-minutes = les cinq dernières minutes
record-span-whole = tout
record-live = Revenir au présent
record-discard = Supprimer l’enregistrement
record-moment = Instant
record-chart = Sept lignes, une par expression : les probabilités du visage { $number } de { $from } à { $until }. Le tableau ci-dessous donne les nombres.
record-out-of-sight = hors de vue
record-not-judged = pas assez visible
record-table = Les lignes en tableau
record-table-caption = Les nombres derrière les lignes, au fil du temps.
record-time = Secondes
record-verdict = Lecture

summary-title = Tout l’enregistrement
summary-all = Tous les visages ensemble
summary-length = Durée enregistrée : { $duration }.
summary-faces = { $count ->
    [one] { $count } visage. Une personne qui part et revient compte comme un autre visage.
   *[other] { $count } visages. Une personne qui part et revient compte comme un autre visage.
}
summary-faceless = Personne en vue pendant { $share } du temps.
summary-longest = Le plus longtemps : { $outcome } ({ $share } du temps en vue).
summary-changes = { $count ->
    [one] { $count } passage d’une expression à une autre.
   *[other] { $count } passages d’une expression à une autre.
}
summary-share = Part du temps
summary-mean = Probabilité moyenne

export-recording = Enregistrer ou copier l’enregistrement
export-photo = Enregistrer ou copier la lecture
export-png = Enregistrer l’image (PNG)
export-csv = Enregistrer en CSV
export-json = Enregistrer en JSON
export-copy = Copier le texte
export-copy-picture = Copier l’image
export-note = Fait sur cet appareil ; rien n’est envoyé.
export-photos = Le CSV, le JSON et le texte contiennent la lecture des { $count } photos lues ; l’image est celle qui est affichée.
export-saved = Enregistré sous { $name }.
export-copied = Copié.
export-refused = Le navigateur ne l’a pas permis. Autorisez-le pour cette page et réessayez.
export-face = Visage { $number } : { $outcome } ({ $share })
export-face-unsure = Visage { $number } : { $outcome }
