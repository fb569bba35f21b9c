# The page: its frame, its states, its errors.

faces = { $count ->
    [one] { $count } visage
   *[other] { $count } visages
}
