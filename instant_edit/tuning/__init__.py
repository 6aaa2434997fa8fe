"""``instant-edit train``: the embedded model trained further on a repository, on this machine.

``command.py`` tells the story: what is held out, what is learned from, the training, and both
models measured on the same held-out spans. Nothing is fetched or sent.
"""
