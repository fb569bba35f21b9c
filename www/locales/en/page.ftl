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
model-accuracy = names { $share } of FER2013’s PrivateTest as most people do
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
status-photo-waits = Your file will be read as soon as the model is here.
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
emotion-other = other
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

camera-not-delegated = The page that this is embedded in does not let it use the camera. Whoever runs that page has to add allow="camera" to its frame (<iframe>). A photo works without it.
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

error-no-worker = This browser starts no workers for this page. Update it, or allow workers for this site.
engine-fell-back = WebGPU stopped, so the CPU takes over. Choose the picture again when it is ready.
engine-fell-back-live = WebGPU stopped, so the CPU takes over. Reading goes on by itself when it is ready.
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

## About the model

about-title = About the model
about-what-title = What it is
about-what = A small neural network looks at one face, cut out as 96 by 96 gray pixels, and spreads a probability over seven expressions and whatever is none of them. Another small network finds the faces. Both run in this tab, on your device.
about-trained-title = What it learned from
about-trained = { $count } gray pictures of faces: FER2013, a set from 2013 that a web search for words such as “angry” returned, for which it learned what ten people saw in each, and four smaller sets from the web, the news and a studio, with one label each. Many of the faces are posed or acted, and people often disagree about them.
about-accuracy-title = How often it is right
about-accuracy = Most of ten people agreed about { $count } test pictures (PrivateTest of FER2013, as FER+ asked them). It names { $right } of these as they did, and { $wrong } otherwise. None of these pictures was used to choose it. That is for faces cut out as in that set; the page cuts them out itself, and is then right about as often.
about-probability = A probability is the network’s own estimate of how likely people would name the expression so. It was adjusted on several sets of pictures; on faces unlike those it can be far off. It says nothing about how strong an expression or a feeling is.
about-table = Test pictures, expression by expression
about-expression = Label
about-recall = Named so
about-precision = Right when named so
about-mistaken = Most often taken for
about-images = Pictures
about-fails-title = Where it fails
about-fails-disgust = Disgust and fear are read least well: people, too, agree least on them in a single picture.
about-fails-people = Age, skin colour and origin of the faces were not recorded, so nobody can say for whom it works less well. Expect that it does for some.
about-fails-turned = Faces that are turned, tilted, covered, badly lit or small are read worse: it learned from upright, frontal ones.
about-fails-context = It sees one still face. It knows nothing of the situation, of the person, of their culture, or of how this face looks at rest. People frown when they think, and smile when they are not happy.
about-not-title = When not to use it
about-not = Not to hire, grade, supervise, police or diagnose, not for any other decision about a person, and not on anyone who has not agreed to it.
about-law-title = The law in the European Union
about-law-ban = Article 5(1)(f) of the AI Act (Regulation (EU) 2024/1689) prohibits AI systems that infer people’s emotions at the workplace or in education, except for medical or safety reasons. It applies since 2 February 2025, and it does not matter where the computing happens: on the device it is prohibited too.
about-law-inform = Article 50(3): whoever uses such a system elsewhere must tell the people whom it looks at, clearly and at the first contact at the latest. It applies since 2 August 2026. To tell people does not make a prohibited use lawful.
about-law-note = This is a summary, not legal advice.
