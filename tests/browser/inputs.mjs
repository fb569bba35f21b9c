// Several photos, folders, videos, the sample.
