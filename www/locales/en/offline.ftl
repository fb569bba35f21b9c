# Installing, offline, updates.

offline-works = This page is saved on your device and opens without a connection.
offline-preparing = Getting ready to open without a connection…
offline-unavailable = This page needs a connection to open: this browser keeps no copy of it.
offline-incomplete = This page needs a connection to open: a file did not arrive complete, so no copy was saved. Reload the page to try again.
offline-no-room = This page needs a connection to open: this device has no room left for a copy. Free some space, then reload the page.
offline-disabled = This page needs a connection to open: whoever serves it lets no copy be saved.
installed-version = Version { $version }
install-app = Install as an app
update-here = A new version of this page is available.
update-reload = Reload
update-later = Later
