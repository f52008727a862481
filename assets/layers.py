"""The register's layers, published: all components, and those of each type; and components as a new map moves them."""

from assets.selectors import ComponentLayers, ComponentPoints
from grid.contracts import register_layers, register_points

register_layers("assets", ComponentLayers)
register_points(ComponentPoints())
