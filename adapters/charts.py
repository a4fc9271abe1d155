"""Draws a card's chart: bars for each day, two colours, as a PNG that is sharp on a phone and a few kilobytes small."""

import io
from collections.abc import Sequence

WIDTH, HEIGHT, SCALE = 480, 220, 2
COLOURS = 32


def draw(rows: Sequence[str]) -> bytes:
    """The picture of a `chart` block's items: what the bars mean, then the bars.

    The libraries are fetched when the first chart is drawn: most processes never draw one.
    """
    import pypdfium2  # noqa: PLC0415
    from reportlab.graphics import renderPDF  # noqa: PLC0415
    from reportlab.graphics.charts.barcharts import VerticalBarChart  # noqa: PLC0415
    from reportlab.graphics.shapes import Drawing, Rect, String  # noqa: PLC0415
    from reportlab.lib import colors  # noqa: PLC0415

    green, amber = colors.HexColor("#14532d"), colors.HexColor("#d97706")
    kinds = rows[0].split("|")[1:]
    names, came, gone = zip(*(row.split("|") for row in rows[1:]), strict=True)
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.add(Rect(0, 0, WIDTH, HEIGHT, fillColor=colors.white, strokeColor=None))
    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 36, 28, WIDTH - 48, HEIGHT - 64
    bars.data = [tuple(int(one) for one in came), tuple(int(one) for one in gone)]
    every = 1 if len(names) <= 10 else 5
    bars.categoryAxis.categoryNames = [name if number % every == 0 else "" for number, name in enumerate(names)]
    bars.categoryAxis.visibleTicks = False
    bars.categoryAxis.labels.fontSize = bars.valueAxis.labels.fontSize = 12
    bars.categoryAxis.labels.dy = -6
    bars.valueAxis.valueMin = 0
    bars.valueAxis.valueStep = max(1, -(-max(map(max, bars.data)) // 4))
    bars.valueAxis.valueMax = bars.valueAxis.valueStep * max(1, -(-max(map(max, bars.data)) // bars.valueAxis.valueStep))
    bars.groupSpacing, bars.barSpacing = 6, 1
    drawing.add(bars)
    for number, (name, colour) in enumerate(zip(kinds, (green, amber), strict=True)):
        bars.bars[number].fillColor, bars.bars[number].strokeColor = colour, None
        drawing.add(Rect(36 + 130 * number, HEIGHT - 22, 12, 12, fillColor=colour, strokeColor=None))
        drawing.add(String(54 + 130 * number, HEIGHT - 20, name, fontSize=13))
    with pypdfium2.PdfDocument(renderPDF.drawToString(drawing)) as document:
        picture = document[0].render(scale=SCALE).to_pil()
    out = io.BytesIO()
    picture.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()
