# Photos, folders, videos, the sample.

## Vidéos

video-unsupported = Ce navigateur ne peut pas lire cette vidéo : il n’a pas de décodeur pour son format. Convertissez-la en MP4 (H.264) ou en WebM, puis ouvrez ce fichier.
video-damaged = La vidéo est endommagée et sa lecture ne peut pas continuer. Copiez-la ou téléchargez-la de nouveau.
video-no-picture = Ce fichier ne contient pas d’images, seulement du son. Ouvrez une vidéo où l’on voit des visages.
