//! What the numbers and bytes in a Parquet column mean (format: `LogicalTypes.md` of parquet-format).

use half::f16;
use jiff::civil::{Time, date};
use jiff::{SignedDuration, Span};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;

use super::columns::Cell;

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;
/// Nanoseconds in a day.
const DAY: i128 = 86_400_000_000_000;
/// The Julian day of 1 January 1970, from which days in INT96 timestamps are counted.
const EPOCH: i128 = 2_440_588;

/// What a column's cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Truth,
    Float,
    Half,
    /// Whole numbers.
    Whole,
    /// Whole numbers whose sign is one more bit.
    Unsigned,
    /// Whole numbers; this is the number of their digits behind the point.
    Decimal(u32),
    /// Days since 1 January 1970.
    Date,
    /// Since midnight, in units of this number of nanoseconds.
    Time(i128),
    /// Since 1 January 1970, in units of this number of nanoseconds; whether the time is UTC rather than anyone's.
    Timestamp(i128, bool),
    Text,
    Uuid,
}

impl Meaning {
    /// What the cells of `column` are; the error names what they are instead.
    pub(super) fn of(column: &ColumnDescriptor) -> Result<Self, &'static str> {
        if let Some(logical) = column.logical_type_ref() {
            return Self::of_logical(logical, column.physical_type());
        }
        let decimal = || u32::try_from(column.type_scale()).map(Self::Decimal).map_err(|_| "decimals of a strange scale");
        match (column.converted_type(), column.physical_type()) {
            // Older writers do not say of texts that they are.
            (ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON, _) | (ConvertedType::NONE, Type::BYTE_ARRAY) => Ok(Self::Text),
            (ConvertedType::DECIMAL, _) => decimal(),
            (ConvertedType::DATE, _) => Ok(Self::Date),
            (ConvertedType::TIME_MILLIS, _) => Ok(Self::Time(1_000_000)),
            (ConvertedType::TIME_MICROS, _) => Ok(Self::Time(1_000)),
            (ConvertedType::TIMESTAMP_MILLIS, _) => Ok(Self::Timestamp(1_000_000, true)),
            (ConvertedType::TIMESTAMP_MICROS, _) => Ok(Self::Timestamp(1_000, true)),
            (ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64, _) => Ok(Self::Unsigned),
            (ConvertedType::INT_8 | ConvertedType::INT_16 | ConvertedType::INT_32 | ConvertedType::INT_64, _)
            | (ConvertedType::NONE, Type::INT32 | Type::INT64) => Ok(Self::Whole),
            (ConvertedType::NONE, Type::BOOLEAN) => Ok(Self::Truth),
            (ConvertedType::NONE, Type::INT96) => Ok(Self::Timestamp(1, false)),
            (ConvertedType::NONE, Type::FLOAT | Type::DOUBLE) => Ok(Self::Float),
            _ => Err("bytes of a type of their own"),
        }
    }

    fn of_logical(logical: &LogicalType, physical: Type) -> Result<Self, &'static str> {
        match logical {
            LogicalType::String | LogicalType::Enum | LogicalType::Json => Ok(Self::Text),
            LogicalType::Decimal(decimal) => u32::try_from(decimal.scale).map(Self::Decimal).map_err(|_| "decimals of a strange scale"),
            LogicalType::Date => Ok(Self::Date),
            LogicalType::Time(time) => Ok(Self::Time(nanoseconds_of(time.unit))),
            LogicalType::Timestamp(time) => Ok(Self::Timestamp(nanoseconds_of(time.unit), time.is_adjusted_to_u_t_c)),
            LogicalType::Integer(integer) => Ok(if integer.is_signed { Self::Whole } else { Self::Unsigned }),
            LogicalType::Uuid => Ok(Self::Uuid),
            LogicalType::Float16 => Ok(Self::Half),
            // Nothing but missing values.
            LogicalType::Unknown => Ok(match physical {
                Type::INT32 | Type::INT64 | Type::INT96 => Self::Whole,
                Type::BOOLEAN => Self::Truth,
                Type::FLOAT | Type::DOUBLE => Self::Float,
                Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Self::Text,
            }),
            _ => Err("documents, variants or shapes"),
        }
    }

    /// The number that 32 bits are.
    pub(super) fn signed_32(self, value: i32) -> i128 {
        if self == Self::Unsigned { i128::from(value.cast_unsigned()) } else { i128::from(value) }
    }

    /// The number that 64 bits are.
    pub(super) fn signed_64(self, value: i64) -> i128 {
        if self == Self::Unsigned { i128::from(value.cast_unsigned()) } else { i128::from(value) }
    }

    /// Whether cells are whole numbers, which are numbers or names depending on all of them.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Whole | Self::Unsigned)
    }

    /// The cell that a whole number in the file is: a date, a time, a decimal.
    pub(super) fn cell_of_whole(self, value: i128) -> Result<Cell, String> {
        let text = match self {
            Self::Decimal(scale) => return decimal(value, scale),
            Self::Date => day(value).map(|day| day.to_string()),
            Self::Time(unit) => clock(value.checked_mul(unit)).map(|time| time.to_string()),
            Self::Timestamp(unit, utc) => moment(value.checked_mul(unit), utc),
            _ => None,
        };
        text.map(Cell::Text).ok_or_else(|| format!("{value} is no date or time that is read"))
    }

    /// The cell that bytes in the file are: a text, a decimal, half a float.
    pub(super) fn cell_of_bytes(self, bytes: &[u8]) -> Result<Cell, String> {
        match (self, bytes) {
            (Self::Text, _) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Cell::Text(text.to_owned())),
                Err(_) => Err("it holds bytes that are no UTF-8 text".to_owned()),
            },
            (Self::Decimal(scale), [first, ..]) if bytes.len() <= size_of::<i128>() => {
                let sign = if first & 0x80 == 0 { 0 } else { -1 };
                decimal(bytes.iter().fold(sign, |value: i128, &byte| (value << 8) | i128::from(byte)), scale)
            }
            (Self::Half, &[low, high]) => {
                let number = f16::from_le_bytes([low, high]).to_f64();
                Ok(if number.is_nan() { Cell::Missing } else { Cell::Number(number) })
            }
            (Self::Uuid, _) if bytes.len() == 16 => {
                let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                Ok(Cell::Text([digits[..4].concat(), digits[4..6].concat(), digits[6..8].concat(), digits[8..10].concat(), digits[10..].concat()].join("-")))
            }
            _ => Err(format!("{} bytes are no value of its type", bytes.len())),
        }
    }
}

fn nanoseconds_of(unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::MILLIS => 1_000_000,
        TimeUnit::MICROS => 1_000,
        TimeUnit::NANOS => 1,
    }
}

/// The nanoseconds since 1 January 1970 in an INT96: those of the day, then the Julian day.
pub(super) fn nanoseconds(words: &[u32]) -> i128 {
    match *words {
        [low, high, day] => (i128::from(day) - EPOCH) * DAY + ((i128::from(high) << 32) | i128::from(low)),
        _ => i128::MAX,
    }
}

/// The number nearest to `value` · 10^-`scale`.
fn decimal(value: i128, scale: u32) -> Result<Cell, String> {
    format!("{value}e-{scale}").parse().map(Cell::Number).map_err(|_| format!("{value} is no decimal"))
}

fn day(days: i128) -> Option<jiff::civil::Date> {
    let days = Span::new().try_days(i64::try_from(days).ok()?).ok()?;
    date(1970, 1, 1).checked_add(days).ok()
}

fn clock(nanoseconds: Option<i128>) -> Option<Time> {
    let nanoseconds = nanoseconds.filter(|nanoseconds| (0..DAY).contains(nanoseconds))?;
    Time::midnight().checked_add(SignedDuration::from_nanos(i64::try_from(nanoseconds).ok()?)).ok()
}

/// Date and time as pandas writes them: "2023-03-06 21:00:00", "+00:00" behind if it is UTC.
fn moment(nanoseconds: Option<i128>, utc: bool) -> Option<String> {
    let nanoseconds = nanoseconds?;
    let (seconds, rest) = (nanoseconds.div_euclid(SECOND), nanoseconds.rem_euclid(SECOND));
    let since = SignedDuration::new(i64::try_from(seconds).ok()?, i32::try_from(rest).ok()?);
    let moment = date(1970, 1, 1).at(0, 0, 0, 0).checked_add(since).ok()?;
    let zone = if utc { "+00:00" } else { "" };
    Some(format!("{} {}{zone}", moment.date(), moment.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python: `str(datetime.date(1970, 1, 1) + timedelta(days))`, `str(pd.Timestamp(n, unit="ns"))`, `float(Decimal(v).scaleb(-s))`.
    #[test]
    fn dates_times_and_decimals_are_those_of_python() {
        let text = |meaning: Meaning, value: i128| match meaning.cell_of_whole(value) {
            Ok(Cell::Text(text)) => text,
            other => format!("{other:?}"),
        };
        assert_eq!(text(Meaning::Date, 19_422), "2023-03-06");
        assert_eq!(text(Meaning::Date, -1), "1969-12-31");
        assert_eq!(text(Meaning::Timestamp(1_000_000, true), 1_678_136_400_000), "2023-03-06 21:00:00+00:00");
        assert_eq!(text(Meaning::Timestamp(1, false), 1_678_136_400_123_456_789), "2023-03-06 21:00:00.123456789");
        assert_eq!(text(Meaning::Time(1_000), 75_600_000_000), "21:00:00");
        assert_eq!(Meaning::Decimal(2).cell_of_whole(-1_234), Ok(Cell::Number(-12.34)));
        assert_eq!(Meaning::Decimal(1).cell_of_bytes(&[0xff, 0xf3]), Ok(Cell::Number(-1.3)));
        for hostile in [i128::MAX, i128::MIN, i128::from(i64::MAX), i128::from(i64::MIN)] {
            assert!(
                [Meaning::Date, Meaning::Time(1_000_000), Meaning::Timestamp(1_000_000, true)].iter().all(|meaning| meaning.cell_of_whole(hostile).is_err())
            );
        }
    }

    #[test]
    fn unsigned_numbers_halves_and_names_are_read() {
        assert_eq!((Meaning::Unsigned.signed_32(-1), Meaning::Unsigned.signed_64(-1)), (4_294_967_295, 18_446_744_073_709_551_615));
        // np.float16(-2.5).tobytes()
        assert_eq!(Meaning::Half.cell_of_bytes(&[0x00, 0xc1]), Ok(Cell::Number(-2.5)));
        // str(uuid.UUID(bytes=bytes(range(16))))
        let uuid = Meaning::Uuid.cell_of_bytes(&(0..16).collect::<Vec<u8>>());
        assert_eq!(uuid, Ok(Cell::Text("00010203-0405-0607-0809-0a0b0c0d0e0f".to_owned())));
        assert!(
            Meaning::Text.cell_of_bytes(&[0xff]).is_err() && Meaning::Half.cell_of_bytes(&[]).is_err() && Meaning::Decimal(0).cell_of_bytes(&[0; 17]).is_err()
        );
        // Spark's INT96 of 2023-03-06 21:00:00: 75,600 s in nanoseconds (low and high 32 bits) of the day 2,460,010.
        assert_eq!(nanoseconds(&[4_280_623_104, 17_601, 2_460_010]), 1_678_136_400_000_000_000);
    }
}
