# The camera: consent, controls, the light, details.
