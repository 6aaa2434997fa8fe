"""Records a real Neovim session as an animated SVG: ``python -m tests.neovim.recording OUT``."""
