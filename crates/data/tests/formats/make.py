"""Writes one small table in every format that is read, and what pandas reads of each into expected.json.

    pip install pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 fastparquet==2026.9.0 numpy==2.4.6 && python make.py
"""
import datetime
import decimal
import json
import pathlib

import fastparquet
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent

frame = pd.DataFrame(
    {
        "id": [7, 8, 9, 10, 11],
        "price": [1.5, None, -2e-3, 1e10, 0.1],
        "name": ["café, “quoted”", "plain", None, 'a "b"; c', "two\nlines"],
        "ok": [True, False, True, False, True],
        "student": [9007199254740993, 1, 2, 3, 4],  # more digits than a float keeps
    }
)


def said(frame):
    """What is left of a frame without rows in which a value is missing: numbers, or texts as pandas prints them."""
    complete = frame.dropna()
    columns = {}
    for name in frame.columns:
        values = complete[name].tolist()
        numbers = all(isinstance(value, (int, float, decimal.Decimal)) and not isinstance(value, bool) for value in values)
        if numbers and any(isinstance(value, int) and abs(value) > 2**53 for value in values):
            numbers = False
        columns[name] = [float(value) for value in values] if numbers else [str(value) for value in values]
    return {
        "columns": columns,
        "missing": [int(count) for count in frame.isna().sum()],
        "dropped": len(frame) - len(complete),
    }


expected = {}


def keep(name, frame):
    expected[name] = said(frame)


frame.to_csv(HERE / "table.csv", index=False)
keep("table.csv", pd.read_csv(HERE / "table.csv"))
frame.to_csv(HERE / "table.tsv", index=False, sep="\t")
keep("table.tsv", pd.read_csv(HERE / "table.tsv", sep="\t"))
frame.to_csv(HERE / "semicolons.csv", index=False, sep=";")
keep("semicolons.csv", pd.read_csv(HERE / "semicolons.csv", sep=";"))
frame.assign(student=frame["student"].astype(str)).to_json(HERE / "table.jsonl", orient="records", lines=True)
keep("table.jsonl", pd.read_json(HERE / "table.jsonl", lines=True, dtype={"student": str}))

frame.to_parquet(HERE / "pandas.parquet", index=False)
frame.to_parquet(HERE / "fastparquet.parquet", index=False, engine="fastparquet", compression="SNAPPY")
pl.from_pandas(frame).write_parquet(HERE / "polars.parquet")
arrow = pa.Table.from_pandas(frame, preserve_index=False)
pq.write_table(arrow, HERE / "groups.parquet", row_group_size=2, compression="zstd", data_page_version="2.0", use_dictionary=False)
pq.write_table(
    arrow,
    HERE / "delta.parquet",
    compression="none",
    use_dictionary=False,
    column_encoding={"id": "DELTA_BINARY_PACKED", "student": "DELTA_BINARY_PACKED", "name": "DELTA_BYTE_ARRAY", "price": "BYTE_STREAM_SPLIT"},
)
for name in ["pandas", "fastparquet", "polars", "groups", "delta"]:
    keep(f"{name}.parquet", pd.read_parquet(HERE / f"{name}.parquet"))

kinds = pa.table(
    {
        "int8": pa.array([-128, 127, None], pa.int8()),
        "uint64": pa.array([2**53, 0, 1], pa.uint64()),
        "half": pa.array(np.array([0.5, -2.5, 1.0], np.float16)),
        "float": pa.array([0.1, 2.0, 3.0], pa.float32()),
        "decimal": pa.array([decimal.Decimal("-12.34"), decimal.Decimal("0.05"), None], pa.decimal128(20, 2)),
        "day": pa.array([datetime.date(2023, 3, 6), datetime.date(1969, 12, 31), None], pa.date32()),
        "moment": pa.array([datetime.datetime(2023, 3, 6, 21, 0, 0, 123456), datetime.datetime(1969, 12, 31, 23, 59, 59), None], pa.timestamp("us")),
        "utc": pa.array([datetime.datetime(2023, 3, 6, 21), datetime.datetime(1970, 1, 1), None], pa.timestamp("ms", tz="UTC")),
        "category": pa.array(["b", "a", "b"]).dictionary_encode(),
    }
)
pq.write_table(kinds, HERE / "kinds.parquet")
keep("kinds.parquet", pd.read_parquet(HERE / "kinds.parquet"))

pq.write_table(pa.table({"x": [1, 2], "seen": [[1, 2], [3]]}), HERE / "list.parquet")
pq.write_table(pa.table({"x": [1, 2], "place": [{"city": "a"}, {"city": "b"}]}), HERE / "struct.parquet")
pq.write_table(pa.table({"x": [1, 2]}), HERE / "gzip.parquet", compression="gzip")
pq.write_table(pa.table({"x": pa.array([b"\xff"], pa.binary())}), HERE / "bytes.parquet")
pq.write_table(pa.table({"x": pa.array([], pa.int64())}), HERE / "empty.parquet")

# A file that promises more rows than it has, and than anyone has memory for.
plain = HERE / "claims.parquet"
pq.write_table(pa.table({"x": [1, 2]}), plain)
metadata = fastparquet.ParquetFile(plain).fmd
metadata.num_rows = metadata.row_groups[0].num_rows = 2**40
footer = metadata.to_bytes()
head = plain.read_bytes()
head = head[: len(head) - 8 - int.from_bytes(head[-8:-4], "little")]
plain.write_bytes(head + footer + len(footer).to_bytes(4, "little") + b"PAR1")

# Colour images and answers alone, as students and the course have them.
rng = np.random.default_rng(1)
images = rng.integers(0, 256, (5, 3, 4, 3), dtype=np.uint8)
labels = np.array([0, 200, 3, 3, 255])
np.savez_compressed(HERE / "images.npz", x_train=images[:3], y_train=labels[:3], x_val=np.asfortranarray(images[3:]), y_val=labels[3:, None])
np.savez(HERE / "hidden.npz", y_test=np.array([3, 0, 3]))
np.save(HERE / "names.npy", np.array(["cat", "dog", "cat"]))
expected["images.npz"] = {"x_val": images[3:].ravel().tolist(), "y_val": labels[3:].tolist()}

(HERE / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
