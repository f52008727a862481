"""Texts by language, as programs get them."""

from rest_framework import serializers


class WordsField(serializers.DictField):
    """A text by language: {zh, en}."""

    child = serializers.CharField(allow_blank=True)
