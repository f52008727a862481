"""Benchmarks and proofs; each is a program of its own, so Django is set up before any of them is read."""

import django

django.setup()
