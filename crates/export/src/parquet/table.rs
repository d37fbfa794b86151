use crate::error::ExportError;
use crate::staging::{Staged, Staging};
use crate::words::day;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group: what is held in memory.
const GROUP: usize = 16_384;
/// Definition levels of a list's elements: the list is always there, empty or not.
const EMPTY_LIST: i16 = 0;
const ELEMENT: i16 = 1;

/// What a column holds. All but lists may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UTF-8.
    Text,
    /// UTF-8, none or more.
    Texts,
    /// 32 bits.
    Int,
    /// 64 bits.
    Long,
    /// A float of 64 bits.
    Real,
    /// A day.
    Day,
    /// 32 bits, none or more.
    Ints,
}

/// A value of a row.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Texts(Vec<&'a str>),
    Int(Option<i32>),
    Long(Option<i64>),
    Real(Option<f64>),
    /// ISO; what is no whole date is null.
    Day(Option<&'a str>),
    Ints(Vec<i32>),
}

/// A table on its way into a file. Rows are held until a row group is full.
pub(crate) struct Table {
    writer: SerializedFileWriter<BufWriter<Staged>>,
    columns: Vec<Column>,
    rows: usize,
}

/// The values of a row group, with the levels that tell nulls and the ends of lists.
struct Column {
    kind: Kind,
    data: Data,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

enum Data {
    Bytes(Vec<ByteArray>),
    Int(Vec<i32>),
    Long(Vec<i64>),
    Real(Vec<f64>),
}

impl Table {
    /// Begins the table `name` with these columns.
    pub(crate) fn begin(
        staging: &Staging,
        target: &Path,
        name: &str,
        columns: &[(&str, Kind)],
    ) -> std::result::Result<Self, ExportError> {
        let file = BufWriter::with_capacity(1 << 16, staging.begin(target)?);
        let writer = Self::writer(file, name, columns).map_err(ExportError::library)?;
        Ok(Self { writer, columns: columns.iter().map(|(_, kind)| Column::new(*kind)).collect(), rows: 0 })
    }

    fn writer(
        file: BufWriter<Staged>,
        name: &str,
        columns: &[(&str, Kind)],
    ) -> Result<SerializedFileWriter<BufWriter<Staged>>> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Result<Vec<_>>>()?;
        let schema = Arc::new(Type::group_type_builder(name).with_fields(fields).build()?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by(concat!("vanthu ", env!("CARGO_PKG_VERSION")).to_string())
            .build();
        SerializedFileWriter::new(file, schema, Arc::new(properties))
    }

    /// Adds a row: a value a column, in their order.
    pub(crate) fn push<const N: usize>(
        &mut self,
        row: [Value<'_>; N],
    ) -> std::result::Result<(), ExportError> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(value);
        }
        self.rows += 1;
        if self.rows >= GROUP { self.flush().map_err(ExportError::library) } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let writer =
                group.next_column()?.ok_or_else(|| ParquetError::General("too few columns".into()))?;
            column.write(writer)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// Writes what is left and gives the file its name.
    pub(crate) fn commit(mut self) -> std::result::Result<(), ExportError> {
        self.flush().map_err(ExportError::library)?;
        let file = self.writer.into_inner().map_err(ExportError::library)?;
        Ok(file.into_inner().map_err(|e| e.into_error())?.commit()?)
    }
}

impl Column {
    fn new(kind: Kind) -> Self {
        let data = match kind {
            Kind::Text | Kind::Texts => Data::Bytes(Vec::new()),
            Kind::Int | Kind::Day | Kind::Ints => Data::Int(Vec::new()),
            Kind::Long => Data::Long(Vec::new()),
            Kind::Real => Data::Real(Vec::new()),
        };
        Self { kind, data, definition: Vec::new(), repetition: Vec::new() }
    }

    fn push(&mut self, value: Value<'_>) {
        match (&mut self.data, value) {
            (Data::Bytes(data), Value::Text(text)) => {
                optional(data, &mut self.definition, text.map(ByteArray::from));
            }
            (Data::Int(data), Value::Int(number)) => optional(data, &mut self.definition, number),
            (Data::Int(data), Value::Day(date)) => {
                optional(data, &mut self.definition, date.and_then(days_since_1970));
            }
            (Data::Long(data), Value::Long(number)) => optional(data, &mut self.definition, number),
            (Data::Real(data), Value::Real(number)) => optional(data, &mut self.definition, number),
            (Data::Bytes(data), Value::Texts(texts)) => {
                levels(texts.len(), &mut self.definition, &mut self.repetition);
                data.extend(texts.into_iter().map(ByteArray::from));
            }
            (Data::Int(data), Value::Ints(numbers)) => {
                levels(numbers.len(), &mut self.definition, &mut self.repetition);
                data.extend(numbers);
            }
            // A value of another kind than its column's is a slip in `tables`; its tests would show it.
            _ => debug_assert!(false, "{:?}", self.kind),
        }
    }

    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<()> {
        let definition = Some(self.definition.as_slice());
        let repetition = matches!(self.kind, Kind::Texts | Kind::Ints).then_some(self.repetition.as_slice());
        match &mut self.data {
            Data::Bytes(data) => {
                writer.typed::<ByteArrayType>().write_batch(data, definition, repetition)?;
                data.clear();
            }
            Data::Int(data) => {
                writer.typed::<Int32Type>().write_batch(data, definition, repetition)?;
                data.clear();
            }
            Data::Long(data) => {
                writer.typed::<Int64Type>().write_batch(data, definition, repetition)?;
                data.clear();
            }
            Data::Real(data) => {
                writer.typed::<DoubleType>().write_batch(data, definition, repetition)?;
                data.clear();
            }
        }
        self.definition.clear();
        self.repetition.clear();
        writer.close()
    }
}

fn optional<T>(data: &mut Vec<T>, definition: &mut Vec<i16>, value: Option<T>) {
    definition.push(i16::from(value.is_some()));
    data.extend(value);
}

/// The levels of a list of `n` elements.
fn levels(n: usize, definition: &mut Vec<i16>, repetition: &mut Vec<i16>) {
    definition.push(if n == 0 { EMPTY_LIST } else { ELEMENT });
    repetition.push(0);
    for _ in 1..n {
        definition.push(ELEMENT);
        repetition.push(1);
    }
}

/// The schema of a column; lists have the three levels that the format asks for.
fn field(name: &str, kind: Kind) -> Result<TypePtr> {
    let (physical, logical) = match kind {
        Kind::Text | Kind::Texts => (Physical::BYTE_ARRAY, Some((LogicalType::String, ConvertedType::UTF8))),
        Kind::Day => (Physical::INT32, Some((LogicalType::Date, ConvertedType::DATE))),
        Kind::Int | Kind::Ints => (Physical::INT32, None),
        Kind::Long => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
    };
    let leaf = |name: &str, repetition: Repetition| {
        let mut leaf = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        if let Some((logical, converted)) = &logical {
            leaf = leaf.with_logical_type(Some(logical.clone())).with_converted_type(*converted);
        }
        leaf.build().map(Arc::new)
    };
    if !matches!(kind, Kind::Texts | Kind::Ints) {
        return leaf(name, Repetition::OPTIONAL);
    }
    let list = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![leaf("element", Repetition::REQUIRED)?])
        .build()?;
    let outer = Type::group_type_builder(name)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::List))
        .with_converted_type(ConvertedType::LIST)
        .with_fields(vec![Arc::new(list)])
        .build()?;
    Ok(Arc::new(outer))
}

/// Days from 1970-01-01 to a date, after Howard Hinnant's `days_from_civil`.
fn days_since_1970(date: &str) -> Option<i32> {
    let (year, month, day) = day(date)?;
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days_since_1970("1970-01-01"), Some(0));
        assert_eq!(days_since_1970("2000-03-01"), Some(11_017));
        assert_eq!(days_since_1970("2026-06-30"), Some(20_634));
        assert_eq!(days_since_1970("2026-06"), None);
    }
}
