"""``instant-edit eval report``: every set, both ways of decoding, one report."""
