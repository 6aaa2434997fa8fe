"""The models on this machine: ``instant-edit models`` lists, fetches, tries, chooses, removes.

Which models there are is the catalogue's to say (``models/catalogue.py``), where they lie the
store's. Only ``pulling.py`` opens a connection, to the hub that it fetches from.
"""
