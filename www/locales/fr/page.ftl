# The page: its frame, its states, its errors.

## Frame

page-title = moue : de quoi ce visage a-t-il l’air ?
brand-link = moue, page d’accueil
headline = De quoi ce visage a-t-il l’air ?
language = Langue
promise = Votre image ne quitte jamais cet appareil.
promise-check = Comment le vérifier
promise-how = Les visages sont trouvés et lus dans cet onglet. Une fois le modèle chargé, la lecture n’envoie aucune requête. La page enregistre seulement ses propres fichiers pour l’usage hors ligne, et le navigateur cherche une fois par visite une nouvelle version. Pour le vérifier, ouvrez les outils de développement de votre navigateur, choisissez « Réseau » et déposez une photo, ou coupez le réseau et continuez. Aucune image n’est enregistrée non plus ; fermez l’onglet et elle disparaît.
about-lead = Une supposition sur un visage, pas sur une émotion.
about-short = Le réseau dit à quoi ressemble une expression, et se trompe souvent. Ne l’utilisez pas pour juger des élèves, des employés, des candidats ou qui que ce soit ; utilisez-le seulement avec des personnes qui ont donné leur accord.
model-accuracy = d’accord avec la plupart des gens pour { $share } du PrivateTest de FER2013
close = Fermer
retry = Réessayer
detail = Détail technique :

## Loading

loading-program = Chargement du moteur…
loading-model = Chargement du modèle…
loading-model-share = Chargement du modèle… { $received } sur { $total } Mo
loading-engine = Démarrage du moteur…
loading-warm-up = Vérification et mise en route du modèle…

## Stage and controls

stage = Image
photo-alt = La photo qui a été lue
busy = Recherche de visages…
drop-here = Déposez ici des photos, un dossier ou une vidéo
drop-or = ou collez-en une, choisissez-en une, ou démarrez la caméra
choose-photo = Choisir des photos ou une vidéo
choose-another = En choisir d’autres
remove-photo = Recommencer
camera-start = Démarrer la caméra
camera-stop = Arrêter la caméra
status-photo-waits = Votre fichier sera lu dès que le modèle sera là.
status-loading = Chargement
status-not-running = À l’arrêt
status-reading = Lecture de la photo…
status-camera-asked = Votre navigateur demande l’accès à la caméra.
status-camera-starts = La caméra démarre…
status-ready = Prêt
status-no-face = Aucun visage trouvé
faces = { $count ->
    [one] { $count } visage
   *[other] { $count } visages
}

## Readings

readings = Résultats
readings-hint = Pour chaque visage, sept expressions apparaîtront ici, chacune avec sa probabilité.
no-face-hint = Aucun visage trouvé. Un visage se trouve mieux s’il regarde vers la caméra, est bien éclairé et pas trop petit.
no-face-photo = Aucun visage trouvé. Si l’image est couchée ou à l’envers, tournez-la. Un visage se trouve mieux s’il regarde vers la caméra, est bien éclairé et pas trop petit.
no-face-black = L’image de la caméra est noire. Ouvrez son cache, ou choisissez une autre caméra.
no-face-dark = Aucun visage trouvé : il fait trop sombre. Allumez une lumière, ou tournez-vous vers une lumière.
left-out = { $count ->
    [one] { $count } autre visage a été trouvé et laissé de côté. Recadrez la photo pour le lire.
   *[other] { $count } autres visages ont été trouvés et laissés de côté. Recadrez la photo pour les lire.
}
maybe-hint = { $count ->
    [one] Il y a peut-être un visage dans le cadre en pointillés. Appuyez sur le cadre pour le lire.
   *[other] Il y a peut-être des visages dans les { $count } cadres en pointillés. Appuyez sur un cadre pour le lire.
}
maybe-read = Peut-être un visage. Le lire
timing = Trouvé en { $detect }, lu en { $network }
face-number = Visage { $number }
face-dismiss = Pas un visage
face-dismiss-number = Le visage { $number } n’est pas un visage
face-turned = Tourné de { $degrees }°
face-added = Cadre dessiné par vous
face-add = Ajouter un visage
face-add-area = Carré autour d’un visage manqué
face-add-how = Dessinez un carré autour du visage, ou touchez le visage. Au clavier : les flèches déplacent le carré, + et − changent sa taille, Entrée le lit, Échap annule.
turn = Tourner la photo
photo-not-turned = La photo n’a pas pu être tournée. Tournez-la dans un logiciel de retouche et ouvrez-la de nouveau.
undo-dismissed = Annuler : pas un visage
undo-added = Annuler : visage ajouté
emotion-anger = en colère
emotion-disgust = dégoûté
emotion-fear = effrayé
emotion-happy = joyeux
emotion-sad = triste
emotion-surprise = surpris
emotion-neutral = neutre
emotion-other = autre
verdict-anger = semble en colère
verdict-disgust = semble dégoûté
verdict-fear = semble effrayé
verdict-happy = semble joyeux
verdict-sad = semble triste
verdict-surprise = semble surpris
verdict-neutral = semble neutre
verdict-unsure = incertain
verdict-perhaps = { $verdict }, peut-être

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = Aucun visage trouvé.
said-face-dismissed = Le visage a été écarté.
said-face = Le visage { $verdict }.
said-face-perhaps = Le visage { $verdict }, peut-être.
said-face-unsure = Le visage : incertain.
said-face-number = Le visage { $number } { $verdict }.
said-face-number-perhaps = Le visage { $number } { $verdict }, peut-être.
said-face-number-unsure = Visage { $number } : incertain.
said-maybe = { $count ->
    [one] Il y a peut-être un visage à { $count } autre endroit.
   *[other] Il y a peut-être des visages à { $count } autres endroits.
}
said-left-out = { $count ->
    [one] { $count } autre a été laissé de côté.
   *[other] { $count } autres ont été laissés de côté.
}

## Engine

engine-webgpu = Calcul avec WebGPU sur { $adapter }
engine-webgpu-unnamed = Calcul avec WebGPU
engine-cpu = Calcul sur le processeur : { $reason }
cpu-chosen = choisi dans l’adresse
cpu-webgpu-stopped = WebGPU s’est arrêté
cpu-crashed = sans WebGPU depuis que le moteur a planté
cpu-webgpu-starts = WebGPU démarre
cpu-faster = le processeur est plus rapide que WebGPU
cpu-no-adapter = ce navigateur n’offre pas d’adaptateur WebGPU
cpu-software-adapter = l’adaptateur WebGPU est logiciel
cpu-webgpu-no-start = WebGPU n’a pas démarré
cpu-webgpu-wrong = WebGPU calcule faux sur cet appareil

## Camera

camera-not-delegated = La page autour de ce cadre ne lui laisse pas la caméra. La personne qui gère cette page doit ajouter allow="camera" à son <iframe>. Les photos fonctionnent sans caméra.
camera-refused = La caméra n’a pas été autorisée. Autorisez-la par le symbole de caméra ou de cadenas à côté de l’adresse, puis redémarrez-la. Une photo fonctionne aussi sans elle.
camera-missing = Aucune caméra trouvée. Branchez-en une et recommencez, ou déposez une photo.
camera-in-use = La caméra est utilisée par un autre programme. Fermez le programme ou l’onglet qui montre votre caméra, puis redémarrez-la.
camera-insecure-page = Les navigateurs ne donnent la caméra qu’aux pages en https:// ou localhost. Ouvrez cette page par une adresse sûre, ou déposez une photo.
camera-no-interface = Ce navigateur n’offre pas de caméra aux pages. Mettez-le à jour ou utilisez-en un autre, ou déposez une photo.
camera-ended = La caméra s’est arrêtée d’elle-même. Vérifiez qu’elle est branchée, puis redémarrez-la. Les photos et les vidéos fonctionnent sans elle.
camera-other = La caméra n’a pas démarré. Redémarrez-la, ou déposez une photo.
canvas-withheld = Ce navigateur cache les images aux pages, la caméra et les vidéos ne peuvent donc pas être lues ici. Autorisez les données de canevas avec le symbole d’image à côté de l’adresse, puis recommencez. Une photo fonctionne sans cela.
camera-hidden = La caméra a été arrêtée parce que l’onglet était caché.

## Files

nothing-to-read = Cela ne contenait pas d’image. Déposez ou collez un fichier d’image, par exemple JPEG ou PNG.
file-not-handed-over = Votre navigateur n’a pas transmis ce fichier. Choisissez-le plutôt avec le bouton.
file-too-large = Ce fichier fait { $size } Mo ; les images jusqu’à { $limit } Mo peuvent être lues. Enregistrez-le en plus petit et réessayez.
file-unreadable = Le navigateur n’a pas pu ouvrir ce fichier. Choisissez-le à nouveau.

## Failures: headings

title-lost = Une erreur dans la page
title-old-copy = Une ancienne copie de la page est utilisée
title-no-start = Le moteur n’a pas démarré
title-stopped = Le moteur s’est arrêté
title-no-web-gpu = Pas de WebGPU ici
title-model-missing = Le modèle n’est pas arrivé
title-model-incomplete = Le modèle est arrivé incomplet
title-model-damaged = Le modèle est endommagé
title-model-version = Le modèle est d’une autre version
title-detector = Le détecteur de visages est endommagé
title-picture = Cette image ne peut pas être lue
title-reading = La lecture de cette image a échoué

## Failures: what to do

error-no-worker = Ce navigateur ne démarre pas de workers pour cette page. Mettez-le à jour, ou autorisez les workers pour ce site.
engine-fell-back = Le moteur a planté et redémarre sans WebGPU. Choisissez à nouveau l’image quand il sera prêt.
engine-fell-back-live = Le moteur a planté et redémarre sans WebGPU. La lecture reprendra d’elle-même quand il sera prêt.
error-bad-message = La page et son moteur ne se sont pas compris. Rechargez la page.
error-version-mismatch = La page et son moteur sont de versions différentes : l’un des deux est une ancienne copie. Rechargez la page sans le cache (Ctrl+Maj+R).
error-engine-start = Le moteur n’a pas démarré. Réessayez, ou choisissez le moteur « cpu ».
error-engine-crashed = Le moteur s’est arrêté de façon inattendue. Réessayez.
error-no-web-gpu = Ce navigateur n’offre pas d’adaptateur WebGPU. Choisissez le moteur « auto » au lieu de « webgpu », et le processeur prendra le relais.
error-model-download = Le modèle n’est pas arrivé. Vérifiez la connexion et réessayez.
error-model-truncated = Le fichier du modèle n’est pas arrivé en entier. Réessayez.
error-model-damaged = Le fichier du modèle est endommagé ou a été modifié en route. Réessayez.
error-model-version = Le modèle et la page sont de versions différentes. Rechargez la page ; si cela n’aide pas, prévenez la personne qui gère ce site.
error-manifest-invalid = La description du modèle (son manifeste) ne peut pas être lue. Réessayez plus tard, ou prévenez la personne qui gère ce site.
error-model-invalid = Le modèle ne convient pas à cette page. Prévenez la personne qui gère ce site.
error-detector-invalid = La partie qui trouve les visages ne peut pas être lue. Rechargez la page.
error-empty-file = Le fichier est vide. Choisissez-le à nouveau, ou récupérez-le encore une fois.
error-not-an-image = Ce n’est pas une image lisible. Choisissez un fichier PNG, JPEG, WebP, GIF ou BMP.
error-unsupported-format = Les images de ce format ne peuvent pas être lues ici. Enregistrez l’image en PNG ou JPEG et choisissez celle-ci.
error-picture-too-large = L’image a trop de pixels : on peut en lire jusqu’à 134 mégapixels. Enregistrez-la en plus petit et réessayez.
error-truncated-file = Le fichier se termine trop tôt, il en manque une partie. Copiez-le ou téléchargez-le à nouveau.
error-damaged-file = Le fichier d’image est endommagé. Ouvrez-le dans un éditeur d’images et enregistrez-le à nouveau, ou retéléchargez-le.
error-not-ready = Le moteur est encore en cours de chargement. Attendez-le, puis réessayez.
error-engine-failed = La lecture de cette image a échoué. Réessayez, ou choisissez le moteur « cpu ».

## About the model

about-title = À propos du modèle
about-what-title = Ce que c’est
about-what = Un petit réseau de neurones regarde un visage, découpé en 96 pixels gris sur 96. Il donne une probabilité à chacune de sept expressions et à « aucune d’elles ». Un autre petit réseau trouve les visages. Les deux tournent dans cet onglet, sur votre appareil.
about-trained-title = Ce qui lui a servi d’exemple
about-trained = { $count } images grises de visages. Une collection, FER2013 de 2013, vient d’une recherche sur le web de mots comme « angry » ; pour chacune de ses images, le réseau a appris ce que dix personnes y voyaient. Quatre collections plus petites, du web, de la presse et d’un studio, ont une étiquette par image. Beaucoup de visages sont posés ou joués, et les gens sont souvent en désaccord à leur sujet.
about-accuracy-title = À quelle fréquence il a raison
about-accuracy = FER+ a interrogé dix personnes sur chaque image de test de FER2013 (PrivateTest). Pour { $count } images, la plupart étaient d’accord. Le réseau en nomme { $right } comme elles et { $wrong } autrement. Aucune de ces images n’a servi à le choisir. Cela vaut pour des visages découpés comme dans FER2013. La page découpe elle-même les visages, et a alors raison à peu près aussi souvent.
about-probability = Une probabilité est l’estimation du réseau : avec quelle chance des personnes nommeraient ainsi l’expression. Elle a été ajustée sur plusieurs collections d’images ; sur d’autres visages, elle peut être très inexacte. Elle ne dit rien de l’intensité d’une expression ou d’un sentiment.
about-table = Images de test, expression par expression
about-expression = Étiquette
about-recall = Correctes
about-precision = Juste quand nommé ainsi
about-mistaken = Le plus souvent pris pour
about-images = Images
about-fails-title = Où il échoue
about-fails-disgust = Le dégoût et la peur sont les moins bien lus : les gens aussi sont le moins d’accord à leur sujet sur une seule image.
about-fails-people = L’âge, la couleur de peau et l’origine des visages n’ont pas été notés : personne ne peut dire pour qui il marche moins bien. Attendez-vous à ce que ce soit le cas pour certains.
about-fails-missed = Tous les visages ne sont pas trouvés : de ceux qui occupent un dixième d’une photo, environ sept sur cent manquent, et davantage des plus petits. Parfois, quelque chose est pris pour un visage sans en être un. Vous pouvez ajouter l’un et écarter l’autre.
about-fails-turned = Les visages tournés, penchés, cachés, mal éclairés ou petits sont moins bien lus : il a appris sur des visages droits et de face.
about-fails-context = Il voit un seul visage immobile. Il ne sait rien de la situation, de la personne, de sa culture, ni de l’aspect de ce visage au repos. On fronce les sourcils pour réfléchir, et on sourit sans être heureux.
about-not-title = Quand ne pas l’utiliser
about-not = Ni pour recruter, noter, surveiller, enquêter ou diagnostiquer, ni pour toute autre décision sur une personne, ni sur quiconque n’y a pas consenti.
about-law-title = Le droit de l’Union européenne
about-law-ban = L’article 5, paragraphe 1, point f), du règlement sur l’IA (règlement (UE) 2024/1689) interdit les systèmes d’IA qui infèrent les émotions de personnes sur le lieu de travail ou dans l’enseignement, sauf pour des raisons médicales ou de sécurité. Il s’applique depuis le 2 février 2025, et peu importe où le calcul a lieu : sur l’appareil, c’est interdit aussi.
about-law-inform = Article 50, paragraphe 3 : ailleurs, quiconque utilise un tel système doit en informer les personnes qu’il observe, clairement et au plus tard au premier contact. Il s’applique depuis le 2 août 2026. Informer ne rend pas licite un usage interdit.
about-law-note = Ceci est un résumé, pas un conseil juridique.
