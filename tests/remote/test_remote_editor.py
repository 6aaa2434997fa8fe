"""From a request to a gated result, by each protocol, with good answers and bad ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from instant_edit.errors import EditCancelled, InputError, RemoteError
from instant_edit.interface import StepLike
from instant_edit.remote.endpoint import BEFORE
from instant_edit.request import EditRequest, EditResult, Finding, Span, Verdict
from tests.remote.endpoints import (
    SOURCE,
    Answer,
    Server,
    asks,
    chosen,
    editor,
    events,
    infilled,
    says,
    silence,
)

DONE = "return width * height"
WHOLE = f"```python\n    {DONE}\n```"


def edited(
    server: Server, request: EditRequest, protocol: str = "infill", **rest: Any
) -> EditResult:
    with editor(server, protocol, "" if protocol == "infill" else "m") as one:
        return one.edit(request, **rest)


def findings(result: EditResult) -> list[str]:
    assert result.source == SOURCE, "a rejected edit leaves the text as it was"
    return [finding.kind for finding in result.verdict.findings]


# Each protocol, as its own documentation has it.


def test_infill_sends_the_spans_in_their_text(server: Server) -> None:
    server.reset(says(infilled(DONE)))
    request = asks(instruction="compute it", seed=7, candidates=2, path="secret/place/shapes.py")
    result = edited(server, request)
    assert result.source == SOURCE.replace("return 0", DONE)
    assert result.edits[0].confidence == 0.75
    body = server.seen[0].body
    assert server.seen[0].path == "/v1/infill"
    assert body["text"][body["spans"][0]["start"] : body["spans"][0]["end"]] == "return 0"
    assert (body["mode"], body["instruction"], body["seed"]) == ("rewrite", "compute it", 7)
    assert (body["candidates"], body["name"], body["stream"]) == (2, "shapes.py", False)
    assert "place" not in json.dumps(body)


def test_chat_asks_for_the_lines_of_the_span(server: Server) -> None:
    server.reset(says(chosen(f"Here you are:\n{WHOLE}\n")))
    result = edited(server, asks(instruction="compute it", seed=7), "chat")
    assert result.source == SOURCE.replace("return 0", DONE)
    assert result.stats.tokens == 5
    (seen,) = server.seen
    assert seen.path == "/v1/chat/completions"
    assert (seen.body["model"], seen.body["seed"], seen.body["temperature"]) == ("m", 7, 0.0)
    assert [one["role"] for one in seen.body["messages"]] == ["system", "user"]
    assert "compute it" in seen.body["messages"][1]["content"]
    assert "<<<REGION\n    return 0\nREGION>>>" in seen.body["messages"][1]["content"]


def test_fim_sends_what_stands_on_either_side_and_never_the_old_text(server: Server) -> None:
    server.reset(says(chosen(DONE + "\n", key="text")))
    result = edited(server, asks(), "fim")
    assert result.source == SOURCE.replace("return 0", DONE)
    (seen,) = server.seen
    assert seen.path == "/v1/fim/completions"
    assert seen.body["prompt"] == SOURCE.partition("return 0")[0]
    assert seen.body["suffix"] == SOURCE.partition("return 0")[2]


def test_edit_sends_one_message_of_tags_and_takes_the_region_back(server: Server) -> None:
    region = SOURCE.replace("return 0", DONE).rstrip("\n")
    server.reset(says(chosen(f"```\n<|code_to_edit|>\n{region}\n<|/code_to_edit|>\n```")))
    result = edited(server, asks(mode="rewrite", path="a/shapes.py"), "edit")
    assert result.source == SOURCE.replace("return 0", DONE)
    (seen,) = server.seen
    assert seen.path == "/v1/edit/completions"
    (message,) = seen.body["messages"]
    assert message["role"] == "user"
    assert "current_file_path: shapes.py\n" in message["content"]
    assert "<|cursor|>return 0" in message["content"]
    tags = ("recently_viewed_code_snippets", "current_file_content", "edit_diff_history")
    places = [message["content"].index(f"<|{tag}|>") for tag in tags]
    assert places == sorted(places)


@pytest.mark.parametrize("protocol", ["fim", "edit"])
def test_a_protocol_without_instructions_says_so(server: Server, protocol: str) -> None:
    with pytest.raises(InputError, match=f"protocol {protocol} .*instruction"):
        edited(server, asks(instruction="compute it"), protocol)
    assert server.seen == []


# What is refused.


@pytest.mark.parametrize(
    ("protocol", "answer", "kind"),
    [
        ("chat", chosen(""), "empty"),
        ("chat", chosen("<think>hm</think>\n \n"), "empty"),
        ("chat", chosen(f"{WHOLE}\n{WHOLE}"), "unclear"),
        ("chat", chosen("```\n" + "x" * 20_000 + "\n```"), "too-long"),
        ("chat", chosen("```\n    return (\n", "length"), "incomplete"),
        ("chat", chosen("```\n    return (\n```"), "syntax"),
        ("fim", chosen(" \n", key="text"), "empty"),
        ("fim", chosen(f"{DONE}\n\n\nprint(area(2, 3))", key="text"), "outside-span"),
        ("edit", chosen(f"```\n{SOURCE.replace('metres', 'feet')}```"), "outside-span"),
        ("infill", infilled("x" * 20_000), "too-long"),
        ("infill", infilled("return (▒)"), "special-token"),
        ("infill", infilled("return '\x1b[2J'"), "control-character"),
        ("chat", chosen("```\n    return '\u202e'\n```"), "control-character"),
        ("infill", infilled(findings=[{"kind": "incomplete", "message": "m"}]), "incomplete"),
    ],
)
def test_a_candidate_that_cannot_be_used_is_a_finding(
    server: Server, protocol: str, answer: object, kind: str
) -> None:
    server.reset(says(answer))
    request = asks(mode="fill" if protocol == "fim" else "rewrite")
    assert kind in findings(edited(server, request, protocol))


def test_text_outside_the_span_must_come_back_as_it_was(server: Server) -> None:
    source = "total = price * count  # in cents\n"
    request = asks(source, "price", instruction="round it")
    server.reset(says(chosen("```\ntotal = round(price) * count  # in cents\n```")))
    assert edited(server, request, "chat").edits[0].text == "round(price)"
    server.reset(says(chosen("```\ntotal = round(price) * number  # in cents\n```")))
    (finding,) = edited(server, request, "chat").verdict.findings
    assert (finding.kind, finding.position) == ("outside-span", source.index("price"))


@pytest.mark.parametrize(
    ("protocol", "answer", "message"),
    [
        ("chat", {"choices": []}, "breaks off before its finish_reason"),
        ("chat", {"choices": [{"finish_reason": "stop"}]}, "expected text, message or delta"),
        ("chat", {"choices": "none"}, "choices: expected an array, got a string"),
        ("chat", {"error": "overloaded"}, "overloaded"),
        ("chat", [1], "expected an object"),
        ("infill", infilled(), "none, and no findings"),
        ("infill", {**infilled("x"), "type": "other"}, "type: expected one of result"),
        ("infill", {**infilled("x"), "candidates": [[]]}, "expected 1 replacements, got 0"),
        ("infill", {**infilled(), "candidates": [[{"text": 5}]]}, "expected a string"),
        ("infill", {"type": "error", "message": "out of memory"}, "out of memory"),
    ],
)
def test_an_answer_of_another_schema_is_named(
    server: Server, protocol: str, answer: object, message: str
) -> None:
    server.reset(says(answer))
    with pytest.raises(RemoteError, match=message):
        edited(server, asks(mode="rewrite"), protocol)


# The engine's other promises.


def test_the_next_candidate_is_tried_where_one_falls(server: Server) -> None:
    server.reset(says(infilled("return (", DONE)))
    assert edited(server, asks(candidates=2)).edits[0].text == DONE
    server.reset(says(chosen("")), says(chosen(WHOLE)))
    result = edited(server, asks(instruction="compute it", candidates=3, seed=5), "chat")
    assert result.edits[0].text == DONE
    assert [seen.body["seed"] for seen in server.seen] == [5, 6], "the third was not asked for"


def test_the_judge_has_its_say(server: Server) -> None:
    server.reset(says(infilled("return 1", DONE)))
    taken = edited(server, asks(candidates=2), judge=lambda result: Verdict(DONE in result.source))
    assert taken.edits[0].text == DONE
    no = Verdict(False, (Finding("judge", "no", 0),))
    assert findings(edited(server, asks(), judge=lambda result: no)) == ["judge"]


def test_line_endings_stay(server: Server) -> None:
    source = SOURCE.replace("\n", "\r\n")
    server.reset(says(chosen("```\n    x = 1\n    return x\n```")))
    result = edited(server, asks(source, instruction="two lines"), "chat")
    assert result.source == source.replace("return 0", "x = 1\r\n    return x")


def test_an_answer_without_its_indentation_gets_it(server: Server) -> None:
    server.reset(says(chosen("```\nif width:\n    return 1\nreturn 2\n```")))
    result = edited(server, asks(instruction="branch"), "chat")
    assert "    if width:\n        return 1\n    return 2\n" in result.source


def test_no_more_than_a_window_is_sent(server: Server) -> None:
    far = "".join(f"secret_{n} = {n}\n" for n in range(3000))
    server.reset(says(infilled(DONE)))
    result = edited(server, asks(far + SOURCE + far))
    assert result.source == far + SOURCE.replace("return 0", DONE) + far
    sent = server.seen[0].body["text"]
    assert len(sent) <= BEFORE + 4_000 + len("return 0")
    assert "secret_0 " not in sent[: len(sent) // 2]
    assert sent.startswith("secret_")


def test_several_spans_are_one_question_or_one_each(server: Server) -> None:
    source = "a = 1\nb = 2\n"
    request = EditRequest(source, (Span(4, 5), Span(10, 11)), "python", mode="fill")
    both = {**infilled(), "candidates": [[{"text": "10"}, {"text": "20"}]]}
    server.reset(says(both))
    assert edited(server, request).source == "a = 10\nb = 20\n"
    server.reset(says(chosen("10", key="text")), says(chosen("20", key="text")))
    assert edited(server, request, "fim").source == "a = 10\nb = 20\n"
    assert server.seen[0].body["suffix"] == "\nb = \n", "what is hidden of the other stays hidden"


def test_several_texts_are_gated_each_by_itself(server: Server) -> None:
    server.reset(says(infilled(DONE)), says(infilled("return (")))
    with editor(server) as one:
        good, bad = one.edit_many([asks(), asks()])
    assert good.verdict.ok
    assert not bad.verdict.ok


def test_drafts_are_shown_as_they_come(server: Server) -> None:
    draft = {"type": "draft", "step": 1, "drafts": [[{"text": "return "}, {"text": "▒"}]]}
    server.reset(events(draft, infilled(DONE)))
    steps: list[StepLike] = []
    assert edited(server, asks(), on_step=steps.append).verdict.ok
    assert [(s.number, s.masked, s.pieces[0][0].text) for s in steps] == [(1, 1, "return ")]
    assert server.seen[0].body["stream"] is True


def test_a_chat_that_streams_is_put_together(server: Server) -> None:
    parts = ["```\n    return ", "width * height", "\n```"]
    deltas = [chosen(part, None, "delta") for part in parts]
    server.reset(events(*deltas, chosen(None, "stop", "delta"), "[DONE]"))
    steps: list[StepLike] = []
    result = edited(server, asks(instruction="compute it"), "chat", on_step=steps.append)
    assert result.edits[0].text == DONE
    assert len(steps) == 4


def test_a_stream_that_breaks_off_is_no_answer(server: Server) -> None:
    server.reset(events(chosen("```\n    return 1\n```", None, "delta")))
    with pytest.raises(RemoteError, match="breaks off"):
        edited(server, asks(instruction="x"), "chat", on_step=lambda step: None)
    draft = {"type": "draft", "drafts": [[]]}
    server.reset(events(draft))
    with pytest.raises(RemoteError, match="broke its answer off"):
        edited(server, asks(), on_step=lambda step: None)


def test_a_cancel_ends_an_edit_at_once(server: Server) -> None:
    server.reset(silence)
    with pytest.raises(EditCancelled):
        edited(server, asks(), cancelled=server.arrived.is_set)
    assert server.gone.wait(10)


@pytest.mark.parametrize("answer", [silence])
def test_a_deadline_that_passes_is_a_finding(server: Server, answer: Answer) -> None:
    server.reset(answer)
    assert findings(edited(server, asks(deadline_ms=60))) == ["deadline"]


def test_the_endpoint_is_told_how_long_it_may_take(server: Server) -> None:
    server.reset(says(infilled(DONE)))
    assert edited(server, asks(deadline_ms=60_000)).verdict.ok
    assert 0 < server.seen[0].body["deadline_ms"] <= 54_000


def test_the_model_is_named_without_its_path(server: Server) -> None:
    server.reset(says(infilled(DONE)))
    with editor(server) as one:
        one.edit(asks())
        assert one.model.id == f"remote:infill+127.0.0.1:{server.port}"
        assert one.model.digest == "sha256:7"
