"""A ranking as an .xlsx that can be signed and published in Vietnamese: A4, block by block, safe against formulas."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

import dti_core as dti

GRID = Border(*[Side("thin")] * 4)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNRANKED = "Đơn vị không xếp hạng"


class Column(NamedTuple):
    """A column: which value of a row it shows, the heading, what stands above that, and its looks."""

    key: str
    heading: str
    above: str | None = None
    width: int = 9
    form: str = "General"
    side: str = "center"


def columns_of(ranking: dti.Ranking) -> list[Column]:
    """Rank, unit and total; points and rank of each part; the grade, and why there is no rank."""
    columns = [
        Column("rank", "Hạng", width=7),
        Column("name", "Đơn vị", width=24, side="left"),
        Column("published", "Tổng điểm", width=10, form=_decimals(ranking.total.decimals)),
    ]
    for part in ranking.parts:
        title, form = part.title.vi, _decimals(part.decimals)
        columns += [Column(part.node, "Điểm", title, form=form), Column(f"{part.node}.rank", "Hạng", title)]
    return [*columns, Column("grade_title", "Xếp loại", width=13), Column("unranked", "Ghi chú", width=24)]


def _decimals(count: int) -> str:
    """A number format. A Vietnamese computer shows 87.5 in "0.00" as 87,50."""
    return f"0.{'0' * count}" if count else "0"


def write_workbook(ranking: dti.Ranking, heading: Sequence[str], path: Path) -> None:
    """Write the heading lines and, below an empty one, the table."""
    columns, book = columns_of(ranking), Workbook()
    page: Any = book.active
    page.title = "Xếp hạng"
    for line in (*heading, None):
        page.append([line])
    top = page.max_row + 1
    page.append([column.above or column.heading for column in columns])
    page.append([column.above and column.heading for column in columns])
    banners = [*range(1, top)]
    for title, rows in groupby(ranking.rows, lambda row: row["block_title"] if row["rank"] else UNRANKED):
        page.append([title])
        banners.append(page.max_row)
        for row in rows:
            shown = {**row, "name": row["name"] or row["unit"]}
            page.append([shown[column.key] for column in columns])
    _style(page, columns, top)
    _merge_headings(page, columns, top)
    for row in banners:
        _banner(page, row, len(columns))
    _set_up_print(page, top)
    _disarm(page)
    book.save(path)


def _style(page: Any, columns: Sequence[Column], top: int) -> None:
    for at, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(at)].width = column.width
        for (cell,) in page.iter_rows(min_row=top, min_col=at, max_col=at):
            is_heading = cell.row <= top + 1
            cell.font = Font("Times New Roman", 12, bold=is_heading)
            cell.alignment = Alignment("center" if is_heading else column.side, "center", wrap_text=True)
            cell.border, cell.number_format = GRID, column.form


def _merge_headings(page: Any, columns: Sequence[Column], top: int) -> None:
    """What stands above several columns is one cell; a heading with nothing above it takes both rows."""
    page.row_dimensions[top].height = 32  # two lines: no program fits a row to merged cells
    for above, group in groupby(enumerate(columns, 1), lambda numbered: numbered[1].above or numbered[0]):
        places = [at for at, _ in group]
        bottom = top if isinstance(above, str) else top + 1
        page.merge_cells(start_row=top, end_row=bottom, start_column=places[0], end_column=places[-1])


def _banner(page: Any, row: int, width: int) -> None:
    """One bold line over the whole width."""
    cell = page.cell(row, 1)
    cell.font, cell.alignment = Font("Times New Roman", 13, bold=True), Alignment("center", "center")
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def _set_up_print(page: Any, top: int) -> None:
    """A4 on its side, the table as wide as the paper, its headings on every page, the pages counted."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    page.print_options.horizontalCentered = True
    page.print_title_rows, page.freeze_panes = f"{top}:{top + 1}", f"C{top + 2}"
    page.oddFooter.center.text = "Trang &P/&N"


def _disarm(page: Any) -> None:
    """Text stays text: Excel runs no label, neither when it opens the file nor when the cell is edited."""
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type, cell.quotePrefix = "s", cell.value.startswith(FORMULA)
