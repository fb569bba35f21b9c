// The installed page, the network off, updates.
