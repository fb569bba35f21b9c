# The page: its frame, its states, its errors.

faces = { $count ->
    [one] 1 rostro
   *[other] { $count } rostros
}
