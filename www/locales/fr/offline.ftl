# Installing, offline, updates.

offline-works = Cette page est conservée sur votre appareil et s’ouvre sans connexion.
offline-preparing = Préparation de l’ouverture sans connexion…
offline-unavailable = Cette page ne s’ouvre qu’avec une connexion : ce navigateur n’en garde pas de copie.
offline-incomplete = Cette page ne s’ouvre qu’avec une connexion : un fichier n’est pas arrivé entier, aucune copie n’a donc été gardée. Rechargez-la pour réessayer.
offline-no-room = Cette page ne s’ouvre qu’avec une connexion : il ne reste pas de place pour une copie sur cet appareil. Libérez de l’espace, puis rechargez la page.
offline-disabled = Cette page ne s’ouvre qu’avec une connexion : la personne qui la met en ligne n’en laisse garder aucune copie.
installed-version = Version { $version }
install-app = Installer comme application
update-here = Une nouvelle version de cette page est disponible.
update-reload = Recharger
update-later = Plus tard
