"""A month's pack as a page, as paper and as a workbook. The first two show the same charts; Excel draws its own."""

import html
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

import xlsxwriter
from reportlab.graphics import renderSVG
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from bot.monthly import Month
from bot.phrases import Phrases

GREEN, AMBER = colors.HexColor("#14532d"), colors.HexColor("#b45309")
WIDTH, ROW = 480, 17
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1917}
h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:2px solid #14532d}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d6d3d1;vertical-align:top}
td.n{font-weight:600;white-space:nowrap}td.w{color:#57534e;font-size:.85rem}svg{width:100%;height:auto}
@media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}
"""

Bars = Sequence[tuple[str, int]]


def chart(rows: Bars, color: Any = GREEN) -> Drawing:
    """Bars to lie beside their names, the first row on top."""
    drawing = Drawing(WIDTH, ROW * len(rows) + 24)
    bars = HorizontalBarChart()
    bars.x, bars.y, bars.width, bars.height = 170, 18, WIDTH - 210, ROW * len(rows)
    bars.data = [[count for _, count in reversed(rows)]]
    bars.categoryAxis.categoryNames = [shorten(name, 34, placeholder="…") for name, _ in reversed(rows)]
    bars.categoryAxis.labels.fontSize = bars.valueAxis.labels.fontSize = 8
    bars.categoryAxis.visibleTicks = False
    bars.valueAxis.valueMin = 0
    bars.valueAxis.valueStep = max(1, -(-max(count for _, count in rows) // 5))
    bars.valueAxis.valueMax = bars.valueAxis.valueStep * 6
    bars.bars[0].fillColor = color
    bars.bars[0].strokeColor = None
    bars.barLabelFormat = "%d"
    bars.barLabels.nudge = 9
    bars.barLabels.fontSize = 8
    drawing.add(bars)
    return drawing


def _charts(month: Month, say: Phrases) -> list[tuple[str, Bars, Any]]:
    slips = [(ask, missed) for ask, _, missed in month.items if missed]
    found = [
        (say("month.by_kind"), month.by_kind, GREEN),
        (say("month.by_week"), month.by_week, GREEN),
        (say("month.items"), slips, AMBER),
    ]
    return [(title, rows, color) for title, rows, color in found if rows]


def _tables(month: Month, say: Phrases) -> list[tuple[str, list[list[str]]]]:
    tips = [[name, f"{sent}, {answered}, {right}"] for name, sent, answered, right in month.tips]
    said = [[kind, text, did] for kind, text, did in month.said] or [[say("month.said_none")]]
    found = [(say("month.said"), said)]
    return [*([(f"{say('month.tips')}: {say('month.tips_head')}", tips)] if tips else []), *found]


def as_html(month: Month, say: Phrases) -> str:
    """One page that needs nothing else: styles and charts are in it."""
    title = html.escape(say("month.title", contract=month.contract, month=month.label))
    parts = [f"<h1>{title}</h1><p>{html.escape(month.landlord)}</p><p>{html.escape(say('month.about'))}</p>"]
    rows = "".join(
        f"<tr><th scope=row>{html.escape(one.name)}</th><td class=n>{html.escape(one.value)}</td>"
        f"<td class=w>{html.escape(one.definition)}</td></tr>"
        for one in month.figures
    )
    parts.append(f"<table>{rows}</table>")
    for name, bars, color in _charts(month, say):
        drawn = renderSVG.drawToString(chart(bars, color))
        told = html.escape(", ".join(f"{label} {count}" for label, count in bars), quote=True)
        svg = drawn[drawn.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{told}"', 1)
        parts.append(f"<h2>{html.escape(name)}</h2>{svg}")
    for name, table in _tables(month, say):
        cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table)
        parts.append(f"<h2>{html.escape(name)}</h2><table>{cells}</table>")
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>'
    )
    return f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def write_pdf(month: Month, say: Phrases, path: Path) -> None:
    """The same on A4."""
    styles = getSampleStyleSheet()
    small = ParagraphStyle("small", parent=styles["Normal"], fontSize=8, leading=10, textColor=colors.HexColor("#57534e"))
    plain = ParagraphStyle("plain", parent=styles["Normal"], fontSize=9, leading=11)

    def line(text: str, style: ParagraphStyle = plain) -> Paragraph:
        return Paragraph(html.escape(text), style)

    title = say("month.title", contract=month.contract, month=month.label)
    rows = [[line(one.name), line(one.value), line(one.definition, small)] for one in month.figures]
    ruled = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.lightgrey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    flow: list[Any] = [
        line(title, styles["Title"]),
        line(month.landlord),
        Spacer(1, 4),
        line(say("month.about"), small),
        Spacer(1, 8),
    ]
    flow.append(Table(rows, colWidths=[46 * mm, 36 * mm, 88 * mm], style=ruled))
    for name, bars, color in _charts(month, say):
        flow += [Spacer(1, 12), line(name, styles["Heading2"]), chart(bars, color)]
    for name, table in _tables(month, say):
        width = 170 * mm / max(len(row) for row in table)
        cells = [[line(cell) for cell in row] for row in table]
        flow += [Spacer(1, 12), line(name, styles["Heading2"]), Table(cells, colWidths=[width] * len(cells[0]), style=ruled)]
    SimpleDocTemplate(str(path), pagesize=A4, title=title, author="Doorstep", margins=18 * mm).build(flow)


def write_xlsx(month: Month, say: Phrases, path: Path) -> None:
    """A sheet for the figures, and one with its chart for each list."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(month.label[:31])
        sheet.set_column(0, 1, 28, wrapped)
        sheet.set_column(2, 2, 90, wrapped)
        sheet.write(0, 0, say("month.title", contract=month.contract, month=month.label), bold)
        for number, one in enumerate(month.figures, 2):
            sheet.write_row(number, 0, [one.name, one.value, one.definition])
        for name, bars, _ in _charts(month, say):
            added = book.add_worksheet(name.replace(":", "")[:31])
            added.set_column(0, 0, 44)
            for number, row in enumerate(bars):
                added.write_row(number, 0, row)
            drawn = book.add_chart({"type": "bar"})
            where = added.get_name()
            drawn.add_series({"categories": [where, 0, 0, len(bars) - 1, 0], "values": [where, 0, 1, len(bars) - 1, 1]})
            drawn.set_legend({"none": True})
            drawn.set_y_axis({"reverse": True})
            drawn.set_title({"name": name})
            added.insert_chart(0, 3, drawn)
        for name, table in _tables(month, say):
            added = book.add_worksheet(name.split(":")[0][:31])
            added.set_column(0, 2, 50, wrapped)
            for number, cells in enumerate(table):
                added.write_row(number, 0, cells)
