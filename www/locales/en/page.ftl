# The page: its frame, its states, its errors.

## Frame

page-title = moue: what does this face look like?
brand-link = moue, start page
headline = What does this face look like?
language = Language
promise = Your picture never leaves this device.
promise-check = How to check
promise-how = Finding faces and reading them happens in this tab. Once the model is here, the page makes no request: open your browser’s developer tools, choose Network and drop a photo, or switch the network off and go on. No picture is stored either; close the tab and it is gone.
about-lead = A guess about a face, not about a feeling.
about-short = The network names what an expression looks like, and is often wrong. It is not for judging pupils, staff, applicants or anyone who has not agreed to it.
model-accuracy = names { $share } of FER2013’s PrivateTest as its labellers did
close = Close
retry = Try again
detail = Technical detail:

## Loading

loading-program = Fetching the engine…
loading-model = Fetching the model…
loading-model-share = Fetching the model… { $received } of { $total } MB
loading-engine = Starting the engine…
loading-warm-up = Checking the model and warming up…

## Stage and controls

stage = Picture
photo-alt = The photo that was read
busy = Looking for faces…
drop-here = Drop a photo here
drop-or = or paste one, choose one, or start the camera
choose-photo = Choose a photo
choose-another = Choose another photo
remove-photo = Remove photo
camera-start = Start camera
camera-stop = Stop camera
status-photo-waits = Your photo will be read as soon as the model is here.
status-loading = Loading
status-not-running = Not running
status-reading = Reading the photo…
status-camera-asked = Your browser asks for the camera.
status-camera-starts = The camera starts…
status-ready = Ready
status-no-face = No face found
faces = { $count ->
    [one] 1 face
   *[other] { $count } faces
}

## Readings

readings = Readings
readings-hint = Seven expressions, each with its probability, will stand here for every face.
no-face-hint = No face found. Try a photo in which a face looks towards the camera, well lit and not too small.
left-out = { $count ->
    [one] 1 more face was found and left out. Crop the photo to read it.
   *[other] { $count } more faces were found and left out. Crop the photo to read them.
}
timing = Found in { $detect }, read in { $network }
face-number = Face { $number }
emotion-anger = anger
emotion-disgust = disgust
emotion-fear = fear
emotion-happy = happy
emotion-sad = sad
emotion-surprise = surprise
emotion-neutral = neutral
verdict-anger = looks angry
verdict-disgust = looks disgusted
verdict-fear = looks afraid
verdict-happy = looks happy
verdict-sad = looks sad
verdict-surprise = looks surprised
verdict-neutral = looks neutral
verdict-unsure = unsure

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = No face found.
said-face = The face { $verdict }.
said-face-unsure = The face: unsure.
said-face-number = Face { $number } { $verdict }.
said-face-number-unsure = Face { $number }: unsure.
said-left-out = { $count ->
    [one] 1 more was left out.
   *[other] { $count } more were left out.
}

## Engine

engine-webgpu = Computing with WebGPU on { $adapter }
engine-cpu = Computing on the processor: { $reason }
cpu-chosen = chosen in the address
cpu-webgpu-stopped = WebGPU stopped
cpu-no-adapter = this browser offers no WebGPU adapter
cpu-software-adapter = the WebGPU adapter is software
cpu-webgpu-no-start = WebGPU did not start

## Camera

camera-refused = The camera was not allowed. Allow it through the camera or lock symbol beside the address, then start it again. A photo works without it.
camera-missing = No camera was found. Connect one and start again, or drop a photo instead.
camera-in-use = The camera is in use by another program. Close the program or tab that shows your camera, then start it again.
camera-insecure-page = Browsers give a camera only to pages on https:// or localhost. Open this page through a secure address, or drop a photo instead.
camera-no-interface = This browser offers pages no camera. Update it or use another one, or drop a photo instead.
camera-ended = The camera stopped by itself. Check that it is connected, then start it again. Photos and videos work without it.
camera-other = The camera did not start. Start it again, or drop a photo instead.
camera-hidden = Camera stopped because the tab was hidden.

## Files

nothing-to-read = There was no picture in that. Drop or paste a picture file, such as a JPEG or PNG.
file-too-large = This file has { $size } MB; pictures up to { $limit } MB can be read. Save it smaller and try again.
file-unreadable = The browser could not open this file. Choose it again.

## Failures: headings

title-lost = The page lost its thread
title-old-copy = An old copy of the page is in the way
title-no-start = The engine did not start
title-stopped = The engine stopped
title-no-web-gpu = No WebGPU here
title-model-missing = The model did not arrive
title-model-incomplete = The model arrived incomplete
title-model-damaged = The model is damaged
title-model-version = The model is of another release
title-detector = The face finder is damaged
title-picture = This picture can’t be read
title-reading = Reading this picture failed

## Failures: what to do

no-workers = This browser starts no workers for this page. Update it, or allow workers for this site.
engine-fell-back = WebGPU stopped, so the CPU takes over. Choose the picture again when it is ready.
error-bad-message = The page and its engine misunderstood each other. Reload the page.
error-version-mismatch = The page and its engine are from different releases, so one of them is an old copy. Reload the page without the cache (Ctrl+Shift+R).
error-engine-start = The engine did not start. Try again, or add ?engine=cpu to the address.
error-engine-crashed = The engine stopped unexpectedly. Try again.
error-no-web-gpu = This browser offers no WebGPU adapter. Remove engine=webgpu from the address, and the CPU takes over.
error-model-download = The model did not arrive. Check the connection and try again.
error-model-truncated = The model file did not arrive whole. Try again.
error-model-damaged = The model file is damaged or was changed on its way. Try again.
error-model-version = The model and the page are from different releases. Reload the page; if that does not help, tell whoever runs this site.
error-manifest-invalid = The model’s description (its manifest) cannot be read. Try again later, or tell whoever runs this site.
error-model-invalid = The model does not fit this page. Tell whoever runs this site.
error-detector-invalid = The part that finds faces cannot be read. Reload the page.
error-empty-file = The file is empty. Choose it again, or fetch it once more.
error-not-an-image = This is not a picture that can be read. Choose a PNG, JPEG, WebP, GIF or BMP file.
error-unsupported-format = Pictures of this format cannot be read here. Save the picture as PNG or JPEG and choose that.
error-picture-too-large = The picture has too many pixels. Save it smaller and try again.
error-truncated-file = The file ends too early, part of it is missing. Copy or download it again.
error-damaged-file = The picture file is damaged. Open it in a picture editor and save it anew, or download it again.
error-not-ready = The engine is still loading. Wait for it, then try again.
error-engine-failed = Reading this picture failed. Try again, or add ?engine=cpu to the address.
