# The page: its frame, its states, its errors.

faces = { $count } 张脸
