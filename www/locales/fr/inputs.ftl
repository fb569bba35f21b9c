# Photos, folders, videos, the sample.

## Vidéos

video-unsupported = Ce navigateur ne peut pas lire cette vidéo : il n’a pas de décodeur pour son format, ou le fichier est endommagé. Convertissez-la en MP4 (H.264) ou WebM et ouvrez le résultat, ou copiez-la à nouveau.
video-damaged = La vidéo est endommagée et sa lecture ne peut pas continuer. Copiez-la ou téléchargez-la de nouveau.
video-unreadable = Le navigateur ne laisse pas cette page lire la vidéo. Convertissez-la en MP4 (H.264) ou WebM, ou ouvrez-la dans un autre navigateur.
photo-crashed = Le calcul s’est arrêté pendant la lecture de cette photo ; elle est laissée de côté. La lecture des autres continue.
video-no-picture = Aucune image de ce fichier ne peut être affichée : il ne contient que du son, ou ce navigateur n’a pas de décodeur pour ses images. Ouvrez une vidéo où l’on voit des visages, en MP4 (H.264) ou WebM.
video-long = Cette vidéo dure plus d’une heure. Elle est lue pendant qu’elle défile : gardez cet onglet ouvert et visible. À 4×, il faut quatre fois moins de temps.
video-controls = Vidéo
video-play = Lire
video-pause = Pause
video-progress = Position dans la vidéo
video-at = { $time } sur { $total }
video-speed = Vitesse

## Photos, folders, the sample

choose-folder = Choisir un dossier
album = Photos
album-progress = { $done } photos sur { $count } terminées.
album-refused = Illisibles : { $count }.
album-left-out = Autres fichiers ignorés : { $count }.
album-stop = Arrêter la lecture
album-continue = Lire le reste
album-waits = En attente
album-said-done = Photos lues : { $count }.
album-none-read = Aucune de ces photos n’a pu être lue. Choisissez des fichiers PNG, JPEG, WebP, GIF ou BMP.
folder-empty = Ce dossier ne contient aucun fichier. Choisissez-en un qui contient des photos.
folder-no-pictures = Ce dossier ne contient aucune image. Choisissez-en un avec des fichiers JPEG ou PNG.
sample-try = Essayer l’exemple
sample-drawn = Ces trois visages ont été dessinés par un programme. Personne n’a été photographié.
