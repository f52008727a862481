"""Answers as XML: the same document as the JSON, by the Spark rule of Open311."""

from portal.codecs.spark import ITEMS, xml_of

__all__ = ["ITEMS", "xml_of"]
