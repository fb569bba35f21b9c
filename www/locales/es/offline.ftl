# Installing, offline, updates.

offline-works = Esta página está guardada en tu dispositivo y se abre sin conexión.
offline-preparing = Preparando la apertura sin conexión…
offline-unavailable = Esta página solo se abre con conexión: este navegador no guarda una copia.
offline-incomplete = Esta página solo se abre con conexión: un archivo no llegó completo, así que no se guardó ninguna copia. Cárgala de nuevo para volver a intentarlo.
offline-no-room = Esta página solo se abre con conexión: en este dispositivo no queda espacio para una copia. Libera espacio y vuelve a cargar la página.
offline-disabled = Esta página solo se abre con conexión: quien la publica no deja guardar ninguna copia.
installed-version = Versión { $version }
install-app = Instalar como aplicación
update-here = Hay una versión nueva de esta página.
update-reload = Recargar
update-later = Más tarde
