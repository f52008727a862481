"""The pages of the grid: versions of the map and their editor, comparison, supervision areas."""
