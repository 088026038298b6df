"""Draws the points of a map into an image by array operations alone.

Invariant: drawing depends on nothing but the scene, so it may run in any thread; no object is made per point,
and every array operation that is long releases the interpreter lock.

Two ways, chosen by what each costs. Few points are *stamped*: for every pixel of a mark one scattered write
of all points of that shape, with smooth edges. Many are *inked*: one byte a point, dilated to discs once,
then looked up in a table of colour and density; the high bits of a byte are a hash of the row, so that on
overlap no category always wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.palette import Shape
from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.density import Density
from prodlabel.gui.map.inks import CONTEXT, EMPTY, FIRST, LEVELS, Inks, words_of
from prodlabel.gui.map.points import USUAL_SIZE, Bytes, Floats, Layer, Places
from prodlabel.gui.map.sprites import PHASES, disc_kernel, sprite

MARGIN = 24
"""Pixels around the visible frame, so that marks whose middle lies outside need no special case."""

STAMP_BUDGET = 1_200_000
"""Scattered writes above which inking is quicker than stamping."""

BLOCK = 1 << 16
"""Points a step: their intermediate arrays stay in the second-level cache."""

_OUTLINE = 1.25
"""Width of the line around what is selected, in pixels of the screen."""

_STEP_BACK = 0.4
"""Share of the background in what is not selected while a crowd is."""

_SHAPES = len(Shape)
Index = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that one frame shows. Sizes are device pixels; `travelled` is the share of the way of moving
    points.
    """

    camera: Camera
    shown: Layer
    context: Layer
    selected: Layer
    inks: Inks
    radius: float
    travelled: float = 1.0
    pixel_ratio: float = 1.0


class Canvas:
    """The pixel buffers of one frame; `words` includes a margin on all sides."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.stride = width + 2 * MARGIN
        lines = height + 2 * MARGIN
        self.words = np.zeros((lines, self.stride), dtype=np.uint32)
        self.ink = np.zeros((lines, self.stride), dtype=np.uint8)
        self.grown = np.zeros_like(self.ink)
        self.level = np.zeros_like(self.ink)
        self.pairs = np.zeros((lines, self.stride, 2), dtype=np.uint8)

    @property
    def visible(self) -> NDArray[np.uint32]:
        return self.words[MARGIN : MARGIN + self.height, MARGIN : MARGIN + self.width]


class Raster:
    """Draws scenes; keeps work arrays between frames. Use one per thread."""

    def __init__(self) -> None:
        self._x = np.empty(BLOCK, dtype=np.float32)
        self._y = np.empty(BLOCK, dtype=np.float32)
        self._line = np.empty(BLOCK, dtype=np.int32)
        self._index = np.empty(BLOCK, dtype=np.intp)
        self._column = np.empty(BLOCK, dtype=np.int32)
        self._inked: list[tuple[Layer, int, Bytes]] = []
        self._density = Density()
        self._hashed: list[tuple[Places, int, Bytes]] = []
        self._tables: tuple[Inks, dict[bool, NDArray[np.uint32]]] | None = None

    def draw(self, scene: Scene, canvas: Canvas) -> None:
        """Fills the canvas; its size must be the camera's."""
        view = _Reach(scene)
        shown, context, selected = (
            view.slices(layer) for layer in (scene.shown, scene.context, scene.selected)
        )
        dot = max(1.0, min(scene.radius * 0.5, 1.6 * scene.pixel_ratio))
        many_shown = _count(shown) * _area(scene.radius) > STAMP_BUDGET
        many_context = many_shown or _count(context) * _area(dot) > STAMP_BUDGET
        is_crowd = _count(selected) * _area(_lit_radius(scene) + _OUTLINE * scene.pixel_ratio) > STAMP_BUDGET
        if many_shown or many_context:
            crowd = selected if is_crowd and many_shown else []
            self._draw_inked(scene, canvas, shown if many_shown else [], context, crowd)
        else:
            canvas.words.fill(words_of(scene.inks.background))
        if not many_context:
            self._stamp(scene, canvas, scene.context, context, radius=dot, plain=True)
        if not many_shown:
            self._stamp(scene, canvas, scene.shown, shown, radius=scene.radius)
        if not is_crowd:
            radius, outline = _lit_radius(scene), _OUTLINE * scene.pixel_ratio
            self._stamp(scene, canvas, scene.selected, selected, radius=radius, outline=outline)
        elif not many_shown:
            self._draw_crowd_over(scene, canvas, selected)

    def _draw_crowd_over(self, scene: Scene, canvas: Canvas, slices: list[tuple[int, int]]) -> None:
        """Many selected above few that were stamped, as when a filter leaves out what is selected."""
        import cv2

        body, rim = self._crowd(scene, canvas, slices)
        # A spotlight: what is not selected steps back.
        ground = np.full_like(canvas.words, words_of(scene.inks.background))
        pixels = _as_pixels(canvas.words)
        cv2.addWeighted(pixels, 1 - _STEP_BACK, _as_pixels(ground), _STEP_BACK, 0.0, dst=pixels)
        canvas.words[rim > 0] = words_of(scene.inks.outline)
        lit = np.take(self._words_for(scene.inks)[LEVELS << 8 :][:256], body, mode="clip")
        cv2.copyTo(_as_pixels(lit), body, _as_pixels(canvas.words))

    def _crowd(
        self, scene: Scene, canvas: Canvas, slices: list[tuple[int, int]]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Ink of the selected points' discs, and the line around the crowd that they form; 0 elsewhere."""
        import cv2

        canvas.ink.fill(EMPTY)
        self._write(scene, canvas, scene.selected, slices, self._ink_bytes(scene.selected, scene.inks))
        body = cv2.dilate(canvas.ink, disc_kernel(round(max(scene.radius, 1.0) * 4) / 4))
        side = 2 * round(3.5 * scene.pixel_ratio) + 1
        region = cv2.morphologyEx(np.minimum(body, 1), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
        return body, cv2.dilate(region, disc_kernel(_OUTLINE * scene.pixel_ratio)) - region

    def _draw_inked(
        self,
        scene: Scene,
        canvas: Canvas,
        shown: list[tuple[int, int]],
        context: list[tuple[int, int]],
        crowd: list[tuple[int, int]],
    ) -> None:
        """`crowd` are the selected where they are many: outlined as one, while the others step back."""
        import cv2

        lit = self._crowd(scene, canvas, crowd) if crowd else None
        canvas.ink.fill(EMPTY)
        self._write(scene, canvas, scene.context, context, None)
        if shown:
            self._write(scene, canvas, scene.shown, shown, self._ink_bytes(scene.shown, scene.inks))
        kernel = disc_kernel(round(scene.radius * 4) / 4)
        ink = cv2.dilate(canvas.ink, kernel, dst=canvas.grown) if kernel.size > 1 else canvas.ink
        self._density.write_levels(scene.shown, scene.camera, MARGIN, canvas.level)
        if lit is not None:
            body, rim = lit
            # Two more levels: the selected in full light, and the line around them.
            cv2.copyTo(body, body, ink)
            np.maximum(canvas.level, np.minimum(body, 1) * np.uint8(LEVELS), out=canvas.level)
            np.maximum(canvas.level, rim * np.uint8(LEVELS + 1), out=canvas.level)
        # Two bytes side by side are one 16-bit index: level high, ink low, on every platform that Qt has
        # wheels for.
        index = cv2.merge([ink, canvas.level], dst=canvas.pairs).view("<u2")[..., 0]
        table = self._words_for(scene.inks, is_dimmed=lit is not None)
        np.take(table, index, out=canvas.words, mode="clip")

    def _words_for(self, inks: Inks, *, is_dimmed: bool = False) -> NDArray[np.uint32]:
        """((LEVELS + 2) * 256,) words; the last two levels are those of `Inks.crowd_table`."""
        if self._tables is None or self._tables[0] is not inks:
            self._tables = (inks, {False: inks.crowd_table(0.0), True: inks.crowd_table(_STEP_BACK)})
        return self._tables[1][is_dimmed]

    def _ink_bytes(self, layer: Layer, inks: Inks) -> Bytes:
        """(n,) ink of every point of the layer; kept for the next frame."""
        bits = inks.ink_bits
        key = (bits << 16) + inks.count
        for kept, kept_key, ink in self._inked:
            if kept is layer and kept_key == key:
                return ink
        first = np.arange(256, dtype=np.uint8) % np.uint8(min(inks.count, 255)) + np.uint8(FIRST)
        if inks.count > 251:
            first = np.minimum(np.arange(256), 255 - FIRST).astype(np.uint8) + np.uint8(FIRST)
        ink = np.take(first, layer.colour) | self._on_top(layer, bits)
        # Two are kept: what is shown and, on top, what is selected.
        self._inked = [*self._inked[-1:], (layer, key, ink)]
        return ink

    def _on_top(self, layer: Layer, bits: int) -> Bytes:
        """(n,) high bits that decide who lies on top: a hash of the row, the same whatever the colours."""
        for kept, kept_bits, high in self._hashed:
            if kept is layer.rows and kept_bits == bits:
                return high
        hashed = (layer.rows.astype(np.uint32) * np.uint32(2654435761)) >> np.uint32(24 + bits)
        high = hashed.astype(np.uint8) << np.uint8(bits)
        self._hashed = [*self._hashed[-1:], (layer.rows, bits, high)]
        return high

    def _write(
        self, scene: Scene, canvas: Canvas, layer: Layer, slices: list[tuple[int, int]], ink: Bytes | None
    ) -> None:
        """One byte per point into the ink buffer; later places win over earlier ones."""
        flat = canvas.ink.reshape(-1)
        is_within = _lies_within(scene.camera, layer)
        for x, y, pieces in self._blocks(scene, layer, slices):
            line, column = self._line[: len(x)], self._column[: len(x)]
            if not is_within:
                np.clip(x, 0, canvas.stride - 1, out=x)
                np.clip(y, 0, canvas.words.shape[0] - 1, out=y)
            column[:] = x
            line[:] = y
            line *= canvas.stride
            index = np.add(line, column, out=self._index[: len(x)])
            flat[index] = CONTEXT if ink is None else _joined(ink, pieces)

    def _blocks(
        self, scene: Scene, layer: Layer, slices: list[tuple[int, int]]
    ) -> Iterator[tuple[Floats, Floats, list[tuple[int, int]]]]:
        """Pixel coordinates (margin included) of the slices' points, block by block, in reused arrays."""
        camera = scene.camera
        scale = np.float32(camera.scale)
        middle_x, middle_y = np.float32(camera.width / 2 + MARGIN), np.float32(camera.height / 2 + MARGIN)
        for pieces in _packed(slices):
            filled = 0
            for begin, end in pieces:
                to = slice(filled, filled + end - begin)
                part = slice(begin, end)
                from_x = None if layer.from_x is None else layer.from_x[part]
                from_y = None if layer.from_y is None else layer.from_y[part]
                _place(self._x[to], layer.x[part], from_x, scene.travelled, camera.x)
                _place(self._y[to], layer.y[part], from_y, scene.travelled, camera.y)
                filled += end - begin
            x, y = self._x[:filled], self._y[:filled]
            x *= scale
            x += middle_x
            y *= -scale
            y += middle_y
            yield x, y, pieces

    def _stamp(
        self,
        scene: Scene,
        canvas: Canvas,
        layer: Layer,
        slices: list[tuple[int, int]],
        *,
        radius: float,
        outline: float = 0.0,
        plain: bool = False,
    ) -> None:
        """Every point as its mark with smooth edges; `plain` draws discs in the colour of filtered-out
        points.
        """
        radius, outline = round(radius * 8) / 8, round(outline * 8) / 8
        index, key, colour = self._gathered(scene, canvas, layer, slices, plain=plain)
        order = np.argsort(key, kind="stable")
        ends = np.cumsum(np.bincount(key, minlength=256))
        flat = canvas.words.reshape(-1)
        begin = 0
        for value in range(256):
            group, begin = order[begin : ends[value]], ends[value]
            if not group.size:
                continue
            phase, mark = value & 3, value >> 2
            shape = Shape((mark & 15) % _SHAPES)
            stamp = sprite(shape, mark >> 4 & 3, radius, outline, phase)
            table = scene.inks.stamp_table(stamp, plain=plain)
            shifts = stamp.dy * canvas.stride + stamp.dx
            step = max(1, BLOCK * 4 // shifts.size)
            for first in range(0, group.size, step):
                some = group[first : first + step]
                flat[index[some, None] + shifts] = table[colour[some]]

    def _gathered(
        self, scene: Scene, canvas: Canvas, layer: Layer, slices: list[tuple[int, int]], *, plain: bool
    ) -> tuple[NDArray[np.int64], Bytes, Bytes]:
        """Position in the flat frame, sprite key (size, shape, phase) and colour of every point in reach."""
        indices: list[NDArray[np.int64]] = []
        keys: list[Bytes] = []
        colours: list[Bytes] = []
        edge = MARGIN // 2
        for x, y, pieces in self._blocks(scene, layer, slices):
            inside = (
                (x >= edge) & (x < canvas.stride - edge) & (y >= edge) & (y < canvas.words.shape[0] - edge)
            )
            kept = np.flatnonzero(inside)
            x_kept, y_kept = x[kept], y[kept]
            column, line = x_kept.astype(np.int64), y_kept.astype(np.int64)
            indices.append(line * canvas.stride + column)
            phase_x = ((x_kept - column) * PHASES).astype(np.uint8)
            phase_y = ((y_kept - line) * PHASES).astype(np.uint8)
            mark = np.uint8(USUAL_SIZE << 4) if plain else _joined(layer.mark, pieces)[kept]
            keys.append((mark << np.uint8(2)) | (phase_y << np.uint8(1)) | phase_x)
            colours.append(_joined(layer.colour, pieces)[kept] % np.uint8(min(scene.inks.count, 255)))
        if not indices:
            return np.empty(0, np.int64), np.empty(0, np.uint8), np.empty(0, np.uint8)
        return np.concatenate(indices), np.concatenate(keys), np.concatenate(colours)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which points may touch the frame: those in view and those whose mark reaches into it."""

    scene: Scene

    def slices(self, layer: Layer) -> list[tuple[int, int]]:
        left, bottom, right, top = self.scene.camera.bounds
        more = MARGIN / 2 / self.scene.camera.scale
        return layer.slices((left - more, bottom - more, right + more, top + more))


def _lies_within(camera: Camera, layer: Layer) -> bool:
    """Whether all of the layer is in view: then nothing has to be kept from writing beside the frame."""
    if layer.from_x is not None:
        return False
    left, bottom, right, top = layer.grid.bounds
    (x_one, y_one), (x_two, y_two) = camera.to_pixel(left, top), camera.to_pixel(right, bottom)
    return 0 <= x_one <= x_two <= camera.width and 0 <= y_one <= y_two <= camera.height


def _place(out: Floats, to: Floats, start: Floats | None, travelled: float, middle: float) -> None:
    """Coordinates relative to the middle of the view: the difference first, to keep digits at deep zooms."""
    if start is None:
        np.subtract(to, np.float32(middle), out=out)
        return
    np.subtract(to, start, out=out)
    out *= np.float32(travelled)
    out += start
    out -= np.float32(middle)


def _packed(slices: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The slices in groups of at most `BLOCK` points; long ones are cut."""
    pieces: list[tuple[int, int]] = []
    room = BLOCK
    for first, end in slices:
        begin = first
        while begin < end:
            taken = min(end - begin, room)
            pieces.append((begin, begin + taken))
            begin += taken
            room -= taken
            if not room:
                yield pieces
                pieces, room = [], BLOCK
    if pieces:
        yield pieces


def _joined(values: Bytes, pieces: list[tuple[int, int]]) -> Bytes:
    if len(pieces) == 1:
        return values[pieces[0][0] : pieces[0][1]]
    return np.concatenate([values[begin:end] for begin, end in pieces])


def _lit_radius(scene: Scene) -> float:
    """Selected points are a little larger than the others."""
    return max(scene.radius * 1.15, 2.0 * scene.pixel_ratio)


def _count(slices: list[tuple[int, int]]) -> int:
    return sum(end - begin for begin, end in slices)


def _area(radius: float) -> float:
    """Pixels that a smooth disc touches."""
    return 3.2 * (radius + 0.7) ** 2


def _as_pixels(words: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return words.view(np.uint8).reshape(*words.shape, 4)
