// Keyboard, screen reader, axe, zoom, narrow screens, forced colours.
