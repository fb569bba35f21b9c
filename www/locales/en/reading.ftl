# What a face looks like: quality, attention, baseline.

## Quality: why no label is claimed, and what helps

quality-too-small = Too small to tell
quality-too-small-help = Come closer, or use a larger picture.
quality-too-dark = Too dark to tell
quality-too-dark-help = Turn to the light.
quality-too-bright = Too bright to tell
quality-too-bright-help = Turn away from the light.
quality-low-contrast = Too little contrast
quality-low-contrast-help = Wipe the lens, or let light fall from one side.
quality-blurred = Too blurred to tell
quality-blurred-help = Hold still, and focus on the face.
quality-turned-away = Turned away too far to tell
quality-turned-away-help = Look towards the camera.
quality-tilted = Tilted too far to tell
quality-tilted-help = Hold head and camera upright.
unsure-help = No expression stands out enough to be named.

## Attention

attention-switch = Show where the network looks
attention-little = counts little
attention-much = counts much
attention-note = Only { $across } by { $down } areas of each face have a weight of their own, smoothed here. This shows which areas count, not why. It is often almost the same for every face.

## Baseline

baseline-start = Compare with my neutral face
baseline-about = Look at the camera with a relaxed face for three seconds. The result is kept only until the camera stops.
baseline-hold = Keep a relaxed face: { $seconds } s
baseline-cancel = Cancel
baseline-on = Compared with your neutral face
baseline-drop = Stop comparing
baseline-lost = The face was not seen well enough for three seconds. Try again.
