//! Parquet files without nested columns, as a table.
//!
//! The file's own counts and sizes are held against what may be read before anything is decoded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::columns::{Cell, Gathered, MOST_BYTES, too_large};
use super::parquet_values::{Meaning, nanoseconds};
use super::{Malformed, grouped};
use mlgrade_domain::table::Table;

/// The cells that are decoded at once.
const BATCH: usize = 8_192;

/// The table in `bytes`.
pub(super) fn table(bytes: Vec<u8>) -> Result<Table, Malformed> {
    if !bytes.starts_with(b"PAR1") {
        return Err(Malformed("this is no Parquet file: it does not start with `PAR1`".to_owned()));
    }
    // The library asserts some of what a damaged file may break.
    catch_unwind(AssertUnwindSafe(|| read(Bytes::from(bytes)))).unwrap_or_else(|_| Err(Malformed("the Parquet file is damaged".to_owned())))
}

fn read(bytes: Bytes) -> Result<Table, Malformed> {
    let reader = SerializedFileReader::new(bytes).map_err(unreadable)?;
    let metadata = reader.metadata();
    let meanings = meanings(metadata)?;
    let rows = rows(metadata, meanings.len())?;
    let mut gathered = Gathered::new();
    for (column, meaning) in meanings.into_iter().enumerate() {
        let descriptor = metadata.file_metadata().schema_descr().column(column);
        gathered.add(descriptor.name().to_owned());
        let mut cells = Cells { column, name: descriptor.name(), gathered: &mut gathered };
        let mut whole = Vec::new();
        for group in 0..metadata.num_row_groups() {
            let page = reader.get_row_group(group).and_then(|group| group.get_column_reader(column)).map_err(unreadable)?;
            let wanted = usize::try_from(metadata.row_group(group).num_rows()).unwrap_or(0);
            read_column(page, &descriptor, meaning, wanted, &mut cells, &mut whole)?;
        }
        cells.push_whole(&whole)?;
        if gathered.height(column) != rows {
            let found = grouped(gathered.height(column));
            return Err(Malformed(format!("column `{}` has {found} values, and the file promises {} rows", descriptor.name(), grouped(rows))));
        }
    }
    gathered.table()
}

/// What the cells of each column mean, if all columns are flat, of a type that is read, and packed so that they can be.
fn meanings(metadata: &ParquetMetaData) -> Result<Vec<Meaning>, Malformed> {
    let schema = metadata.file_metadata().schema_descr();
    let mut meanings: Vec<Meaning> = Vec::new();
    for (place, column) in schema.columns().iter().enumerate() {
        let name = column.path().parts().first().map_or("", String::as_str);
        if column.max_rep_level() > 0 || column.max_def_level() > 1 || column.path().parts().len() != 1 {
            let advice = "spread it over columns of single values, or leave it out";
            return Err(Malformed(format!("column `{name}` is nested: a list, a map or a structure; {advice}")));
        }
        if schema.columns()[..place].iter().any(|before| before.name() == name) {
            return Err(Malformed(format!("two columns are named `{name}`")));
        }
        meanings.push(Meaning::of(column).map_err(|what| Malformed(format!("column `{name}` holds {what}, which are not read")))?);
        for group in metadata.row_groups() {
            let packed = group.columns().get(place).map(ColumnChunkMetaData::compression);
            if let Some(other) = packed.filter(|packed| !matches!(packed, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_))) {
                let codec = other.to_string();
                let codec = codec.split('(').next().unwrap_or_default();
                return Err(Malformed(format!("column `{name}` is compressed with {codec}; write the file with compression=\"zstd\" or \"snappy\"")));
            }
        }
    }
    Ok(meanings)
}

/// The number of rows, if a table of that size may be read.
fn rows(metadata: &ParquetMetaData, columns: usize) -> Result<usize, Malformed> {
    let count = |group: &RowGroupMetaData| usize::try_from(group.num_rows()).ok();
    let rows = metadata.row_groups().iter().try_fold(0_usize, |sum, group| sum.checked_add(count(group)?));
    let rows = rows.ok_or_else(|| Malformed("the numbers of rows that the Parquet file states make no sense".to_owned()))?;
    let fitting = MOST_BYTES / size_of::<f64>() / columns.max(1);
    if rows > fitting {
        return Err(Malformed(format!("{}, and it has {}", too_large(fitting, MOST_BYTES), grouped(rows))));
    }
    Ok(rows)
}

/// Where the cells of a column go.
struct Cells<'g> {
    column: usize,
    name: &'g str,
    gathered: &'g mut Gathered,
}

impl Cells<'_> {
    fn push(&mut self, cell: Cell) -> Result<(), Malformed> {
        self.gathered.push(self.column, cell).map_err(|refusal| {
            let row = self.gathered.height(self.column);
            refusal.at(&format!("row {} (counted from 0), column `{}`", grouped(row), self.name), row)
        })
    }

    /// Puts in a column of whole numbers: as texts if a float would make another of one, so that ids stay what they are.
    fn push_whole(&mut self, whole: &[Option<i128>]) -> Result<(), Malformed> {
        let is_long = |value: &i128| value.unsigned_abs() > 1 << 53;
        let long = whole.iter().flatten().any(is_long);
        whole.iter().try_for_each(|value| {
            self.push(match value {
                None => Cell::Missing,
                Some(value) if long => Cell::Text(value.to_string()),
                #[expect(clippy::cast_precision_loss, reason = "it is at most 2^53")]
                Some(value) => Cell::Number(*value as f64),
            })
        })
    }
}

/// Reads `wanted` cells of a column in one row group; whole numbers are put into `whole`, which is looked at when all are there.
fn read_column(
    reader: ColumnReader,
    descriptor: &ColumnDescriptor,
    meaning: Meaning,
    wanted: usize,
    cells: &mut Cells<'_>,
    whole: &mut Vec<Option<i128>>,
) -> Result<(), Malformed> {
    let most = descriptor.max_def_level();
    let name = cells.name;
    let fault = |what: String| Malformed(format!("column `{name}`: {what}"));
    let text = |cells: &mut Cells<'_>, text: Option<Result<String, String>>| {
        let cell = text.transpose().map_err(|what| Malformed(format!("column `{}`: {what}", cells.name)))?;
        cells.push(cell.map_or(Cell::Missing, Cell::Text))
    };
    let mut int = |cells: &mut Cells<'_>, value: Option<i128>| match meaning {
        meaning if meaning.is_whole() => {
            whole.push(value);
            Ok(())
        }
        _ => cells.push(value.map_or(Ok(Cell::Missing), |value| meaning.cell_of_whole(value)).map_err(fault)?),
    };
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            batches(reader, most, wanted, |value| text(cells, value.map(|value| Ok(if value { "True" } else { "False" }.to_owned()))))
        }
        ColumnReader::Int32ColumnReader(reader) => batches(reader, most, wanted, |value| int(cells, value.map(|value| meaning.signed_32(value)))),
        ColumnReader::Int64ColumnReader(reader) => batches(reader, most, wanted, |value| int(cells, value.map(|value| meaning.signed_64(value)))),
        ColumnReader::Int96ColumnReader(reader) => batches(reader, most, wanted, |value| int(cells, value.map(|value| nanoseconds(value.data())))),
        ColumnReader::FloatColumnReader(reader) => batches(reader, most, wanted, |value| cells.push(number(value.map(f64::from)))),
        ColumnReader::DoubleColumnReader(reader) => batches(reader, most, wanted, |value| cells.push(number(value))),
        ColumnReader::ByteArrayColumnReader(reader) => {
            batches(reader, most, wanted, |value| cells.push(value.map_or(Ok(Cell::Missing), |value| meaning.cell_of_bytes(value.data())).map_err(fault)?))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            batches(reader, most, wanted, |value| cells.push(value.map_or(Ok(Cell::Missing), |value| meaning.cell_of_bytes(value.data())).map_err(fault)?))
        }
    }
}

/// A number; NaN stands for a missing value, as in pandas.
fn number(value: Option<f64>) -> Cell {
    value.filter(|value| !value.is_nan()).map_or(Cell::Missing, Cell::Number)
}

/// Gives the `wanted` cells of `reader` to `take`, a missing one as `None`; `most` is the level of those that are there.
fn batches<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    most: i16,
    wanted: usize,
    mut take: impl FnMut(Option<T::T>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut left = wanted;
    while left > 0 {
        values.clear();
        levels.clear();
        let (read, _, _) = reader.read_records(left.min(BATCH), Some(&mut levels), None, &mut values).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        let mut values = values.drain(..);
        if most == 0 {
            values.by_ref().try_for_each(|value| take(Some(value)))?;
        }
        for level in &levels {
            take(if *level == most { Some(values.next().ok_or_else(|| Malformed("the Parquet file is damaged".to_owned()))?) } else { None })?;
        }
        left = left.saturating_sub(read);
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes it so")]
fn unreadable(error: ParquetError) -> Malformed {
    let text = error.to_string();
    Malformed(format!("the Parquet file cannot be read: {}", text.lines().next().unwrap_or_default()))
}
