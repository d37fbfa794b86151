use crate::error::ExportError;
use crate::staging::{Staged, Staging};
use crate::tables::{Kind, Table, Value};
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

/// A table on its way into a file. Rows are held until a row group is full.
pub(crate) struct TableFile {
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

impl TableFile {
    /// Begins the file of a table.
    pub(crate) fn begin(
        staging: &Staging,
        target: &Path,
        table: Table,
    ) -> std::result::Result<Self, ExportError> {
        let file = BufWriter::with_capacity(1 << 16, staging.begin(target)?);
        let columns = table.columns();
        let writer = Self::writer(file, table.name(), columns).map_err(ExportError::library)?;
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
    pub(crate) fn push(&mut self, row: &[Value<'_>]) -> std::result::Result<(), ExportError> {
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

    fn push(&mut self, value: &Value<'_>) {
        match (&mut self.data, value) {
            (Data::Bytes(data), Value::Text(text)) => {
                optional(data, &mut self.definition, text.map(ByteArray::from));
            }
            (Data::Int(data), Value::Int(number) | Value::Day(number)) => {
                optional(data, &mut self.definition, *number);
            }
            (Data::Long(data), Value::Long(number)) => optional(data, &mut self.definition, *number),
            (Data::Real(data), Value::Real(number)) => optional(data, &mut self.definition, *number),
            (Data::Bytes(data), Value::Texts(texts)) => {
                levels(texts.len(), &mut self.definition, &mut self.repetition);
                data.extend(texts.iter().map(|text| ByteArray::from(*text)));
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
