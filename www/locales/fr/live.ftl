# La caméra : consentement, commandes, voyant, détails.

consent-title = Avant de démarrer la caméra
consent-picture-title = Ce que devient l’image
consent-picture = Chaque image est lue dans cet onglet, sur votre appareil, puis aussitôt effacée. Rien n’est envoyé nulle part et aucune image n’est enregistrée.
consent-guess-title = Ce que vous obtenez
consent-guess = Une supposition sur ce à quoi ressemble une expression. Elle est souvent fausse et ne dit pas ce qu’une personne ressent.
consent-not-for-title = Ce à quoi cela ne sert pas
consent-not-for = À juger des personnes, qu’il s’agisse d’élèves, de salariés, de candidats ou de qui que ce soit. Dans l’Union européenne, déduire des émotions au travail ou dans l’enseignement est interdit, sauf pour des raisons médicales ou de sécurité.
consent-others-title = Les autres personnes à l’image
consent-others = Le visage de toute personne à l’image est lu aussi. Prévenez-la d’abord, et ne démarrez que si elle est d’accord.
consent-stop = Tant que la caméra fonctionne, la page affiche « Caméra active » avec un bouton qui l’arrête. Vous pouvez revenir sur votre réponse à tout moment avec « Retirer le consentement ». Elle n’est gardée que sur cet appareil.
consent-agree = Accepter et démarrer la caméra
consent-decline = Pas maintenant
consent-given = Vous avez accepté l’utilisation de la caméra.
consent-withdraw = Retirer le consentement
consent-withdrawn = Votre consentement est retiré et la caméra est arrêtée. La question vous sera posée de nouveau avant tout démarrage.

light-on = Caméra active
light-paused = Caméra active, en pause
light-stop = Arrêter la caméra

camera-picture = Votre caméra
camera-picture-mirrored = Votre caméra, en miroir
status-paused = En pause. La caméra est toujours active.
status-camera-muted = Pas d’image de la caméra pour l’instant.
camera-muted = La caméra est active mais n’envoie pas d’image pour l’instant. Son interrupteur, le système ou un autre programme la bloque peut-être. La lecture reprend d’elle-même dès que l’image revient.
camera-pause = Pause
camera-resume = Reprendre
camera-mirror = Miroir
camera-choice = Caméra
camera-unnamed = Caméra { $number }

details = Détails
details-display = Affichage
details-readings = Lectures
details-capture = Capture de l’image
details-detect = Recherche des visages
details-network = Lecture des expressions
details-total = De l’image à la réponse
details-in-flight = Images en cours de lecture
details-size = Image lue
details-engine = Moteur
details-per-second = { $rate } par seconde
details-of-one = { $count } sur 1 au plus
details-pixels = { $width } × { $height } pixels
