# The page: its frame, its states, its errors.

faces = { $count ->
    [one] 1 Gesicht
   *[other] { $count } Gesichter
}
