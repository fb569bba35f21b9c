# What a face looks like: words, quality, attention, baseline, about the model.
