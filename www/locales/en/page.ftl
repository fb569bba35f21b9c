# The page: its frame, its states, its errors.

## Frame

page-title = moue: what does this face look like?
brand-link = moue, start page
headline = What does this face look like?
language = Language
promise = Your picture never leaves this device.
promise-check = How to check
promise-how = Faces are found and read in this tab. Once the model has loaded, reading sends no requests. The page only saves its own files for offline use, and the browser checks once per visit for a new version. To check, open your browser’s developer tools, choose Network and drop a photo, or go on with the network switched off. No picture is stored. When you close the tab, it is gone.
about-lead = A guess about a face, not about a feeling.
about-short = The network says what an expression looks like, and is often wrong. Do not use it to judge pupils, staff, applicants or anyone else, and only use it on people who agreed.
model-accuracy = agrees with most people on { $share } of FER2013’s PrivateTest
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
drop-here = Drop photos, a folder or a video here
drop-or = or paste one, choose one, or start the camera
choose-photo = Choose photos or a video
choose-another = Choose others
remove-photo = Start over
camera-start = Start camera
camera-stop = Stop camera
status-photo-waits = Your file will be read as soon as the model has loaded.
status-loading = Loading
status-not-running = Not running
status-reading = Reading the photo…
status-camera-asked = Your browser asks to use the camera.
status-camera-starts = Starting the camera…
status-ready = Ready
status-no-face = No face found
faces = { $count ->
    [one] 1 face
   *[other] { $count } faces
}

## Readings

readings = Readings
readings-hint = For every face, seven expressions and their probabilities will appear here.
no-face-hint = No face found. A face is found best if it looks towards the camera, is well lit and is not too small.
no-face-photo = No face found. If the picture lies on its side or stands on its head, turn it. A face is found best if it looks towards the camera, is well lit and is not too small.
no-face-black = The camera’s picture is black. Open its cover or shutter, or choose another camera.
no-face-dark = No face found: it is too dark. Turn on a light, or turn towards one.
left-out = { $count ->
    [one] 1 more face was found and left out. Crop the photo to read it.
   *[other] { $count } more faces were found and left out. Crop the photo to read them.
}
maybe-hint = { $count ->
    [one] Maybe there is a face in the dashed box. Press the box to have it read.
   *[other] Maybe there are faces in the { $count } dashed boxes. Press a box to have it read.
}
maybe-read = Maybe a face. Read it
timing = Found in { $detect }, read in { $network }
face-number = Face { $number }
face-dismiss = Not a face
face-dismiss-number = Face { $number } is not a face
face-turned = Turned by { $degrees }°
face-added = Box drawn by you
face-add = Add a face
face-add-area = Square around a face that was missed
face-add-how = Draw a square around the face, or tap the face. With keys: the arrows move the square, + and − change its size, Enter reads it, Escape cancels.
turn = Turn the photo
photo-not-turned = The photo could not be turned. Turn it in a picture editor and open it again.
undo-dismissed = Undo: not a face
undo-added = Undo: added face
emotion-anger = angry
emotion-disgust = disgusted
emotion-fear = afraid
emotion-happy = happy
emotion-sad = sad
emotion-surprise = surprised
emotion-neutral = neutral
emotion-other = other
verdict-anger = looks angry
verdict-disgust = looks disgusted
verdict-fear = looks afraid
verdict-happy = looks happy
verdict-sad = looks sad
verdict-surprise = looks surprised
verdict-neutral = looks neutral
verdict-unsure = unsure
verdict-perhaps = { $verdict }, perhaps

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = No face found.
said-face-dismissed = The face was left out.
said-face = The face { $verdict }.
said-face-perhaps = The face { $verdict }, perhaps.
said-face-unsure = The face: unsure.
said-face-number = Face { $number } { $verdict }.
said-face-number-perhaps = Face { $number } { $verdict }, perhaps.
said-face-number-unsure = Face { $number }: unsure.
said-maybe = { $count ->
    [one] There may be a face in 1 more place.
   *[other] There may be faces in { $count } more places.
}
said-left-out = { $count ->
    [one] 1 more was left out.
   *[other] { $count } more were left out.
}

## Engine

engine-webgpu = Computing with WebGPU on { $adapter }
engine-webgpu-unnamed = Computing with WebGPU
engine-cpu = Computing on the processor: { $reason }
cpu-chosen = chosen in the address
cpu-webgpu-stopped = WebGPU stopped
cpu-crashed = WebGPU is left alone since the engine crashed
cpu-webgpu-starts = WebGPU is starting
cpu-faster = the processor is faster than WebGPU
cpu-no-adapter = this browser offers no WebGPU adapter
cpu-software-adapter = the WebGPU adapter is software
cpu-webgpu-no-start = WebGPU did not start
cpu-webgpu-wrong = WebGPU computes wrongly on this device

## Camera

camera-not-delegated = The page around this frame does not let it use the camera. Whoever runs that page has to add allow="camera" to its <iframe>. Photos work without a camera.
camera-refused = The camera was not allowed. Allow it with the camera or lock symbol next to the address, then start it again. Photos work without a camera.
camera-missing = No camera was found. Connect one and start again, or drop a photo instead.
camera-in-use = The camera is in use by another program. Close the program or tab that shows your camera, then start it again.
camera-insecure-page = Browsers allow a camera only on pages at https:// or localhost. Open this page at a secure address, or drop a photo instead.
camera-no-interface = This browser gives pages no access to a camera. Update it, use another browser, or drop a photo instead.
camera-ended = The camera stopped by itself. Check that it is connected, then start it again. Photos and videos work without it.
camera-other = The camera did not start. Start it again, or drop a photo instead.
canvas-withheld = This browser hides pictures from pages, so cameras and videos cannot be read here. Allow canvas data with the picture symbol next to the address, then start again. A photo works without it.
camera-hidden = Camera stopped because the tab was hidden.

## Files

nothing-to-read = That contained no picture. Drop or paste a picture file, such as a JPEG or PNG.
file-not-handed-over = Your browser did not hand over that file. Choose it with the button instead.
file-too-large = This file is { $size } MB; only pictures up to { $limit } MB can be read. Save a smaller copy and try again.
file-unreadable = The browser could not open this file. Choose it again.

## Failures: headings

title-lost = An error inside the page
title-old-copy = An old copy of the page is in use
title-no-start = The engine did not start
title-stopped = The engine stopped
title-no-web-gpu = No WebGPU here
title-model-missing = The model did not arrive
title-model-incomplete = The model arrived incomplete
title-model-damaged = The model is damaged
title-model-version = The model is from another release
title-detector = The face detector is damaged
title-picture = This picture can’t be read
title-reading = Reading this picture failed

## Failures: what to do

error-no-worker = This browser does not start workers for this page. Update it, or allow workers for this site.
engine-fell-back = The engine crashed and starts again without WebGPU. Choose the picture again when it is ready.
engine-fell-back-live = The engine crashed and starts again without WebGPU. Reading continues by itself when it is ready.
error-bad-message = The page and its engine could not understand each other. Reload the page.
error-version-mismatch = The page and its engine are from different releases, so one of them is an old copy. Reload the page without the cache (Ctrl+Shift+R).
error-engine-start = The engine did not start. Try again, or choose the engine “cpu”.
error-engine-crashed = The engine stopped unexpectedly. Try again.
error-no-web-gpu = This browser offers no WebGPU adapter. Choose the engine “auto” instead of “webgpu” to use the CPU.
error-model-download = The model did not arrive. Check the connection and try again.
error-model-truncated = The model file arrived incomplete. Try again.
error-model-damaged = The model file is damaged or was changed during the download. Try again.
error-model-version = The model and the page are from different releases. Reload the page; if that does not help, tell whoever runs this site.
error-manifest-invalid = The model’s description (its manifest) cannot be read. Try again later, or tell whoever runs this site.
error-model-invalid = The model does not fit this page. Tell whoever runs this site.
error-detector-invalid = The face detector cannot be read. Reload the page.
error-empty-file = The file is empty. Choose it again, or download it again.
error-not-an-image = This file cannot be read as a picture. Choose a PNG, JPEG, WebP, GIF or BMP file.
error-unsupported-format = Pictures in this format cannot be read here. Save the picture as PNG or JPEG and choose that file.
error-picture-too-large = The picture has too many pixels: up to 134 megapixels can be read. Save a smaller copy and try again.
error-truncated-file = Part of the file is missing at the end. Copy or download it again.
error-damaged-file = The picture file is damaged. Open it in a picture editor and save it again, or download it again.
error-not-ready = The engine is still loading. Wait for it, then try again.
error-engine-failed = Reading this picture failed. Try again, or choose the engine “cpu”.

## About the model

about-title = About the model
about-what-title = What it is
about-what = A small neural network looks at one face, cut out as 96 by 96 gray pixels. It gives a probability to each of seven expressions and to “none of these”. Another small network finds the faces. Both run in this tab, on your device.
about-trained-title = What it learned from
about-trained = { $count } gray pictures of faces. One set, FER2013 from 2013, came from a web search for words such as “angry”; for each of its pictures the network learned what ten people saw. Four smaller sets, from the web, the news and a studio, have one label for each picture. Many of the faces are posed or acted, and people often disagree about them.
about-accuracy-title = How often it is right
about-accuracy = FER+ asked ten people about each test picture of FER2013 (PrivateTest). Most of them agreed about { $count } pictures. The network names { $right } of these as they did, and { $wrong } otherwise. None of these pictures was used to choose it. This holds for faces cut out as in FER2013. The page cuts faces out itself, and is then right about as often.
about-probability = A probability is the network’s own estimate of how likely people are to name the expression this way. It was adjusted on several sets of pictures. On other kinds of faces it can be far off. It says nothing about how strong an expression or a feeling is.
about-table = Test pictures, expression by expression
about-expression = Label
about-recall = Correct
about-precision = Right when named
about-mistaken = Most often taken for
about-images = Pictures
about-fails-title = Where it fails
about-fails-disgust = Disgust and fear are read worst. People, too, agree least about them in a single picture.
about-fails-people = Age, skin colour and origin of the people were not recorded, so nobody can say for whom it works worse. Expect that it works worse for some.
about-fails-missed = Not every face is found: of those that fill a tenth of a photo about seven in a hundred are missed, of smaller ones more. Now and then something is taken for a face that is none. You can add the one and dismiss the other.
about-fails-turned = Faces that are turned, tilted, covered, badly lit or small are read worse. It learned from upright faces seen from the front.
about-fails-context = It sees one still face. It knows nothing about the situation, the person, their culture, or how this face looks at rest. People frown when they think, and smile when they are not happy.
about-not-title = When not to use it
about-not = Do not use it to hire, grade, supervise, police or diagnose, or for any other decision about a person. Do not use it on anyone who has not agreed.
about-law-title = The law in the European Union
about-law-ban = Article 5(1)(f) of the AI Act (Regulation (EU) 2024/1689) prohibits AI systems that infer people’s emotions at the workplace or in education, except for medical or safety reasons. It has applied since 2 February 2025. It does not matter where the computing happens: on the device it is prohibited too.
about-law-inform = Article 50(3): whoever uses such a system elsewhere must inform the people it looks at, clearly and no later than at the first contact. It has applied since 2 August 2026. Informing people does not make a prohibited use lawful.
about-law-note = This is a summary, not legal advice.
