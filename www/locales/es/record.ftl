# The timeline, the summary, exports.
