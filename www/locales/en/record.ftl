# The timeline, the summary, exports.

record-title = Timeline
record-face = Face
record-follow = anyone in view
record-span = Show
record-span-minute = the last minute
record-span-five-minutes = the last five minutes
record-span-whole = everything
record-live = Back to now
record-discard = Discard the recording
record-moment = Moment
record-chart = Seven lines, one for each expression: the probabilities of face { $number } from { $from } to { $until }. The table below has their numbers.
record-out-of-sight = not in sight
record-not-judged = not seen clearly enough
record-table = The lines as a table
record-table-caption = The numbers behind the lines, over time.
record-time = Seconds
record-verdict = Reading

summary-title = The whole recording
summary-all = All faces together
summary-length = Recorded: { $duration }.
summary-faces = { $count ->
    [one] 1 face. Someone who leaves and comes back counts again.
   *[other] { $count } faces. Someone who leaves and comes back counts again.
}
summary-faceless = Nobody in sight for { $share } of the time.
summary-longest = Longest: { $outcome } ({ $share } of the time in sight).
summary-changes = { $count ->
    [one] 1 change from one expression to another.
   *[other] { $count } changes from one expression to another.
}
summary-share = Share of time
summary-mean = Mean probability

export-recording = Save or copy the recording
export-photo = Save or copy the reading
export-png = Save the picture (PNG)
export-csv = Save as CSV
export-json = Save as JSON
export-copy = Copy as text
export-copy-picture = Copy the picture
export-note = Made on this device; nothing is sent anywhere.
export-photos = CSV, JSON and text contain the readings of the { $count } photos that were read; the picture is the one shown.
export-saved = Saved as { $name }.
export-copied = Copied.
export-refused = The browser did not allow that. Allow it for this page and try again.
export-face = Face { $number }: { $outcome } ({ $share })
export-face-unsure = Face { $number }: { $outcome }
