"""Small template tags of video."""
