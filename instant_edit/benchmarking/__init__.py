"""``instant-edit bench``: what an edit costs, beside the same weights left to right.

``inputs.py`` finds code to fill, ``bench.py`` edits it in several ways, interleaved; each of
``speed.py``, ``difficulty.py``, ``candidates.py``, ``reuse.py``, ``process.py`` and ``rows.py``
measures one thing into a ``Table``; ``report.py`` and ``plots.py`` show tables.
"""
