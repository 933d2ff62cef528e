"""Normalise: a wire item becomes an article of uniform text with recognised parts."""

from streams.stages.normalise.stage import Normalise

__all__ = ["Normalise"]
