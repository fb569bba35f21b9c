# Photos, folders, videos, the sample.
