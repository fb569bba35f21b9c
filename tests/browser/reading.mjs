// Unsure, quality, attention, baseline.
