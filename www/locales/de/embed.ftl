# Was <moue-face> auf fremden Seiten sagt, zusätzlich zu den Worten der eigenen Seite.

consent-purpose-title = Wozu es hier dient
consent-share = Diese Website darf das Gelesene erhalten, als Zahlen und ohne Bild, bis dieses Häkchen entfernt wird.
purpose-self-reflection = Damit Sie Ihre eigene Mimik betrachten.
purpose-practice = Damit Sie Mimik üben, etwa für eine Rolle oder einen Vortrag.
purpose-accessibility = Um jemandem Mimik mitzuteilen, der sie nicht sieht.
purpose-research = Für eine Studie, an der Sie freiwillig teilnehmen.
purpose-ux-study = Um mit Ihrem Einverständnis zu erfahren, wie etwas benutzt wird.
purpose-game = Für ein Spiel.
purpose-education-institution = Für eine Bildungseinrichtung, die einen Grund angibt, den das Gesetz zulässt.
purpose-workplace = Am Arbeitsplatz, wofür ein Grund angegeben ist, den das Gesetz zulässt.
embed-stage = Gesichtsausdrücke
embed-image = Foto auswählen
embed-drop = Es wird auf diesem Gerät gelesen und nirgendwohin gesendet.
embed-camera = Das Kamerabild wird auf diesem Gerät gelesen und nirgendwohin gesendet.
