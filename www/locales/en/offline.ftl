# Installing, offline, updates.

offline-works = This page is kept on your device and opens without a connection.
offline-preparing = Getting ready to open without a connection…
offline-unavailable = This page needs a connection to open: this browser keeps no copy of it.
offline-incomplete = This page needs a connection to open: a file did not arrive whole, so no copy was kept. Load it again to try once more.
installed-version = Version { $version }
install-app = Install as an app
update-here = A new version of this page is here.
update-reload = Reload
update-later = Later
