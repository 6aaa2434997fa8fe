"""A question in a checkpoint's own chat template.

The template is Jinja from the checkpoint and runs in Jinja's sandbox. What the user's file says can
not act as a control token: the template is rendered around a placeholder, and only what the
template itself wrote is read with its control tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instant_edit.errors import ModelError
from instant_edit.models.families.checkpoint import Checkpoint, needs

if TYPE_CHECKING:
    from instant_edit.models.families.vocabulary import Vocabulary

PLACE = "\ufdd0question\ufdd1"  # no character of any text


class ChatTemplate:
    """The chat template of a checkpoint.

    Raises:
        ModelError: it has none, or one that cannot be read or does not show the question.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.where = checkpoint.folder
        settings = checkpoint.optional("tokenizer_config.json")
        file = checkpoint.folder / "chat_template.jinja"
        source = file.read_text("utf-8") if file.is_file() else settings.get("chat_template")
        if not isinstance(source, str):
            raise ModelError(f"{self.where} has no chat template")
        roles = ("bos_token", "eos_token", "mask_token")
        names = {role: _text(settings.get(role)) for role in roles}
        self.before, self.after = self._rendered(source, names)

    def _rendered(self, source: str, names: dict[str, str]) -> tuple[str, str]:
        """The texts around a question of the user, up to where the answer begins."""
        try:
            from jinja2 import TemplateError
            from jinja2.sandbox import ImmutableSandboxedEnvironment
        except ImportError as error:
            raise needs(error) from error
        room = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        room.globals["raise_exception"] = _refuse
        messages = [{"role": "user", "content": PLACE}]
        try:
            shown = room.from_string(source).render(
                messages=messages,
                tools=None,
                documents=None,
                add_generation_prompt=True,
                enable_thinking=False,
                **names,
            )
        except (TemplateError, ValueError, TypeError) as error:
            raise ModelError(f"{self.where}: its chat template fails: {error}") from error
        before, place, after = shown.partition(PLACE)
        if not place:
            raise ModelError(f"{self.where}: its chat template leaves the question out")
        return before, after

    def ids(self, question: str, opening: str, vocabulary: Vocabulary) -> list[int]:
        """The checkpoint's ids of a question and of how its answer begins."""
        said, begun = (
            vocabulary.model_ids(vocabulary.encode(text)) for text in (question, opening)
        )
        before, after = vocabulary.trusted(self.before), vocabulary.trusted(self.after)
        return [*before, *said, *after, *begun]


def _text(token: object) -> str:
    """A token of ``tokenizer_config.json``, which may be a string or an object."""
    if isinstance(token, dict):
        token = token.get("content")
    return token if isinstance(token, str) else ""


def _refuse(message: str) -> None:
    raise ValueError(message)
