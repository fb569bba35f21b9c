// Consent, the camera's controls, what is shown live.
