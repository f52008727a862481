"""Open311 GeoReport v2: the open interface of the city, for programs of anybody."""
