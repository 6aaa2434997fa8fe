"""Opens a model's folder as a ``Denoiser``, by what kind of family it is of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from instant_edit.errors import ModelError
from instant_edit.models import embedded, memory
from instant_edit.models.catalogue import Family
from instant_edit.models.families.block_diffusion import BlockDenoiser, BlockTokens
from instant_edit.models.families.chat import ChatTemplate
from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.compact import compacted
from instant_edit.models.families.diffusion_gemma import DiffusionGemmaDenoiser
from instant_edit.models.families.fill_in_middle import FillInMiddleDenoiser, marks
from instant_edit.models.families.loading import read_stack
from instant_edit.models.families.mask_canvas import CanvasTokens, MaskCanvasDenoiser
from instant_edit.models.families.reuse import Reuse
from instant_edit.models.families.stack import Stack
from instant_edit.models.families.stock import StockModel, read_stock
from instant_edit.models.families.vocabulary import Vocabulary
from instant_edit.models.memory import Precision
from instant_edit.models.protocol import ModelInfo

if TYPE_CHECKING:
    from instant_edit.models.protocol import Denoiser


def open_family(
    folder: Path,
    family: Family,
    name: str,
    *,
    device: torch.device | None = None,
    dtype: torch.dtype | None = None,
    threads: int | None = None,
    reuse: Reuse | None = None,
    precision: Precision | None = None,
) -> Denoiser:
    """The model in a folder.

    Args:
        folder: with ``config.json``, ``tokenizer.json`` and safetensors.
        family: which it is of.
        name: what reports call it.
        device: where it runs; None for the best that is there.
        dtype: of its weights; None for what suits the device.
        threads: of the processor that torch may use; None for the cores there are.
        reuse: for mask-canvas families, an approximate cache; None for exact passes.
        precision: of the weights as they lie in memory; None for the dtype.

    Raises:
        ModelError: something is missing, corrupt or not of that family, it is named; or there is
            no room for it.
    """
    torch.set_num_threads(threads or embedded.choose_threads())
    device = device or choose_device()
    opening = Opening(folder, family, name, device, dtype or choose_dtype(device), precision)
    opening.check_memory()
    if family.kind == "canvas":
        return opening.canvas(reuse)
    if family.kind == "fim":
        return opening.fill_in_middle()
    return opening.uniform() if family.conventions.noise == "uniform" else opening.blocks()


def choose_device() -> torch.device:
    """An accelerator where there is one."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 on accelerators; on a CPU what it multiplies natively."""
    return embedded.choose_dtype() if device.type == "cpu" else torch.bfloat16


class Opening:
    """One folder being opened; see ``open_family``."""

    def __init__(
        self,
        folder: Path,
        family: Family,
        name: str,
        device: torch.device,
        dtype: torch.dtype,
        precision: Precision | None = None,
    ) -> None:
        self.family, self.name, self.device, self.dtype = family, name, device, dtype
        self.precision = precision
        self.checkpoint = Checkpoint(folder)
        self.vocabulary = Vocabulary(self.checkpoint)

    def check_memory(self) -> None:
        """Refuse it with figures, rather than be killed while it loads."""
        width = str(self.dtype).removeprefix("torch.")
        files, device = self.checkpoint.files, self.device.type
        memory.check(self.name, files, device, self.precision or width)
        if self.precision is not None:  # weights are read whole before they are made smaller
            memory.check(self.name, files, "cpu", width)

    def canvas(self, reuse: Reuse | None) -> MaskCanvasDenoiser:
        """A mask-canvas model."""
        c, control, mask = self.family.conventions, self.vocabulary.control, self._mask()
        tokens = CanvasTokens(
            mask=mask,
            shift=c.shift,
            begin=control(c.begin),
            end=control(c.end),
            expand=control(c.expand),
            delete=control(c.delete),
        )
        stack = self._stack(mask)
        return MaskCanvasDenoiser(stack, self.vocabulary, tokens, self._info(stack), reuse)

    def blocks(self) -> BlockDenoiser:
        """A block-diffusion model."""
        c, mask = self.family.conventions, self._mask()
        config = self.checkpoint.config
        block = config.get("block_size") or config.get("bd_size") or c.block
        if not isinstance(block, int) or block < 1:
            raise ModelError(f"{self.checkpoint.folder}: a block of {block!r} is no length")
        chat, stack = ChatTemplate(self.checkpoint), self._stack(mask)
        tokens = BlockTokens(mask, block, c.shift)
        return BlockDenoiser(stack, self.vocabulary, chat, tokens, self._info(stack))

    def uniform(self) -> DiffusionGemmaDenoiser:
        """A DiffusionGemma."""
        chat = ChatTemplate(self.checkpoint)
        model = self._stock("DiffusionGemmaForBlockDiffusion")
        return DiffusionGemmaDenoiser(model, self.vocabulary, chat, self._info(model))

    def fill_in_middle(self) -> FillInMiddleDenoiser:
        """A causal model that fills in the middle."""
        marks(self.vocabulary)  # before gigabytes are read
        model = self._stock("AutoModelForCausalLM")
        return FillInMiddleDenoiser(model, self.vocabulary, self._info(model))

    def _stock(self, kind: str) -> StockModel:
        if self.precision is None:
            return read_stock(self.checkpoint, kind, self.device, self.dtype)
        model = read_stock(self.checkpoint, kind, torch.device("cpu"), self.dtype)
        return compacted(model, self.precision).to(self.device)

    def _mask(self) -> int:
        """The mask's id, which must be no text."""
        mask = self.vocabulary.control(self.family.conventions.mask)
        if mask is None:
            raise ModelError(f"family {self.family.id} names no mask token")
        if mask in self.vocabulary.text_ids:
            text = self.vocabulary.token_bytes[self.vocabulary.engine_id(mask)]
            raise ModelError(
                f"{self.checkpoint.folder}: the mask of family {self.family.id} is token {mask}, "
                f"which is the text {text.decode('utf-8', 'replace')!r} here; is it another family?"
            )
        return mask

    def _stack(self, mask: int) -> Stack:
        """Our own network, which must know every token of the tokenizer."""
        stack = read_stack(self.checkpoint, self.family.network, self.dtype)
        if self.precision is not None:
            compacted(stack, self.precision)
        stack.to(self.device)
        rows, most = stack.config.vocabulary, max(self.vocabulary.text_ids, default=0)
        if max(most, mask) >= rows:
            raise ModelError(
                f"{self.checkpoint.folder}: the network knows {rows} tokens, but its tokenizer "
                f"goes up to {most} and its mask is {mask}"
            )
        return stack

    def _info(self, model: torch.nn.Module) -> ModelInfo:
        """What reports say of the model."""
        where = f"{self.checkpoint.folder.name}, on {self.device.type}"
        return ModelInfo(
            id=self.name,
            digest=self.checkpoint.digest(),
            dtype=self.precision or str(self.dtype).removeprefix("torch."),
            threads=torch.get_num_threads(),
            parameters=sum(p.numel() for p in model.parameters()),
            description=f"{self.family.title}, {where}",
        )
