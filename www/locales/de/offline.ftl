# Installing, offline, updates.
