# The camera: consent, controls, the light, details.

consent-title = Before the camera starts
consent-picture-title = What happens with the picture
consent-picture = Every frame is read in this tab, on your device, and deleted at once. Nothing is sent anywhere, and no picture is stored.
consent-guess-title = What you get
consent-guess = A guess at what an expression looks like. It is often wrong, and it does not know what anyone feels.
consent-not-for-title = What it is not for
consent-not-for = Judging people: pupils, staff, applicants or anyone else. In the European Union, reading emotions at work or in education is prohibited, except for medical or safety reasons.
consent-others-title = Other people in view
consent-others = Every face in the picture is read, not only yours. Tell the others first, and start only if they agree.
consent-stop = While the camera runs, the page shows “Camera on” and a button to stop it. You can take back your answer at any time with “Withdraw consent”. Your answer is stored on this device only.
consent-agree = Agree and start camera
consent-decline = Not now
consent-given = You have agreed to the use of the camera.
consent-withdraw = Withdraw consent
consent-withdrawn = Your consent is withdrawn and the camera is off. You will be asked again before it starts.

light-on = Camera on
light-paused = Camera on, paused
light-stop = Stop camera

camera-picture = Your camera
camera-picture-mirrored = Your camera, mirrored
status-paused = Paused. The camera is still on.
status-camera-muted = No picture from the camera right now.
camera-muted = The camera is on but sends no picture right now. Its switch, the system or another program may be blocking it. Reading continues by itself when the picture is back.
camera-pause = Pause
camera-resume = Resume
camera-mirror = Mirror
camera-choice = Camera
camera-unnamed = Camera { $number }

details = Details
details-display = Display
details-readings = Readings
details-capture = Capturing the frame
details-detect = Finding faces
details-network = Reading expressions
details-total = Frame to result
details-in-flight = Frames being read
details-size = Picture read
details-engine = Engine
details-per-second = { $rate } per second
details-of-one = { $count } of at most 1
details-pixels = { $width } × { $height } pixels
