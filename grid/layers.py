"""The map's layers, published: regions and cells."""

from grid.contracts import register_layers
from grid.selectors import MapLayers

register_layers("grid", MapLayers)
