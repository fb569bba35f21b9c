// Languages, the about panel.
