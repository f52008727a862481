"""Street scenes that the project renders itself: pictures to train and test the detector, and the demo's cameras."""
