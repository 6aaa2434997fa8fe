"""The recorder shows what was on the screen."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from tests.neovim.conftest import Open
from tests.neovim.recording.__main__ import Recorder

SVG = "{http://www.w3.org/2000/svg}"


def test_a_recording_holds_the_drafts_and_the_accepted_text(open_nvim: Open) -> None:
    nvim = open_nvim("a = 1\nb = 2\n")
    recorder = Recorder(nvim)
    recorder.begin()
    nvim.keys(':1InstantEdit {"texts": ["value = 漢字 and more"]}<CR>')
    nvim.until_ready()
    nvim.accept()
    nvim.until_idle()
    recorder.pause(0)
    picture = ElementTree.fromstring(recorder.film())
    texts = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert any("step" in text or "1 of 1" in text for text in texts)
    assert any("value = 漢字 and more" in text for text in texts)
    times = [time for time, _ in recorder.frames]
    assert times == sorted(times)
    assert times[0] == 0
