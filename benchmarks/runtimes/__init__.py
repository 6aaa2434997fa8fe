"""Runtimes side by side: one denoising step over the same canvases in each of them.

``canvases.py`` makes the inputs, ``torch_ways.py`` and ``exported.py`` build a step in a runtime,
``child.py`` measures one of them in a process of its own, ``__main__.py`` compares them.
"""
