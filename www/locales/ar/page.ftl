# The page: its frame, its states, its errors.

faces = { $count ->
    [zero] لا وجوه
    [one] وجه واحد
    [two] وجهان
    [few] { $count } وجوه
    [many] { $count } وجهًا
   *[other] { $count } وجه
}
