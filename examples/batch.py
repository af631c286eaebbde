"""63 marks files → one sheet → Parquet, and a workbook for publication.

``python examples/batch.py FOLDER`` makes up the files there and leaves ``results.parquet`` and ``ranking.xlsx`` beside
them. Needs openpyxl and pyarrow.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from made_up import RUBRIC, documents
from workbook import write_workbook

import dti_core as dti

HEADING = (
    "UBND TỈNH VÍ DỤ (GIẢ ĐỊNH)",
    "KẾT QUẢ XẾP HẠNG CHUYỂN ĐỔI SỐ CẤP XÃ NĂM 2024",
    "(Kèm theo Quyết định số 15/QĐ-VD ngày 15/3/2025)",
)


def read(paths: Iterable[Path], rubric: dti.Rubric) -> dti.MarkSheet:
    """One sheet of many files. What is wrong in any of them is told at once, file by file."""
    sheets, refused = [], []
    for path in paths:
        try:
            sheets.append(dti.load_marks(path, rubric))
        except dti.InvalidDocument as error:
            refused.append(error.text("vi"))
    if refused:
        raise SystemExit("\n".join(refused))
    return dti.MarkSheet.concat(sheets)


def write_parquet(result: dti.Result, path: Path) -> None:
    """A row per unit. Decimals stay exact, and a rank that is not there is null."""
    table = pa.table(result)
    exact = [
        field.with_type(pa.decimal128(12, 4)) if pa.types.is_floating(field.type) else field
        for field in table.schema
    ]
    pq.write_table(table.cast(pa.schema(exact)), path)


def main(folder: Path) -> None:
    """Make up the files, and do with them what a batch job does."""
    folder.mkdir(parents=True, exist_ok=True)
    rubric = dti.load_rubric(RUBRIC)
    for document in documents(rubric):
        path = folder / f"{document['units'][0]['code']}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    result = dti.evaluate(rubric, read(sorted(folder.glob("u*.json")), rubric))
    write_parquet(result, folder / "results.parquet")
    indices = [index.code for index in rubric.indices]
    write_workbook(result.ranking(nodes=indices), HEADING, folder / "ranking.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
