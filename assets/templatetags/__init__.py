"""Small tags of the pages of components."""
