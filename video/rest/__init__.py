"""The API of video: cameras, incidents and their pictures."""
