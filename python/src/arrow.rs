//! Records as Arrow tables, handed over through the Arrow C data interface.
//!
//! The columns are those of the Parquet files (`export::tables`). Values go from the records into Arrow's buffers and
//! these, shared, to whoever asks: there is no JSON on the way and no copy after it.

use crate::record::Record;
use arrow_array::builder::{
    ArrayBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use export::tables::{Kind, Table as Of, Value, rows};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::HashSet;
use std::ffi::CStr;
use std::sync::Arc;
use vanthu_model as model;

/// A batch ends at so many rows or so many bytes of text. Offsets of 32 bits reach 2 GiB; no record comes near that.
const ROWS: usize = 65_536;
const BYTES: usize = 256 << 20;

const SCHEMA: &CStr = c"arrow_schema";
const STREAM: &CStr = c"arrow_array_stream";

/// An Arrow table. Anything that knows the Arrow C data interface takes it in without a copy: `pyarrow.table(t)`,
/// `polars.DataFrame(t)`, `duckdb.sql("from t")`, `pandas.DataFrame.from_arrow(t)`.
#[pyclass(frozen, module = "vanthu")]
pub struct Table {
    of: Of,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    /// `documents`, `tasks`, `targets` or `references`.
    #[getter]
    fn name(&self) -> &'static str {
        self.of.name()
    }

    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&'static str> {
        self.of.columns().iter().map(|(name, _)| *name).collect()
    }

    /// Number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("Table({}, rows: {}, columns: {})", self.name(), self.num_rows(), self.of.columns().len())
    }

    /// The schema in a capsule of the Arrow C data interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(|e| failed(&e))?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    /// The batches in a capsule of the Arrow C data interface. The schema that is asked for is no more than a wish; the
    /// types are as they are.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok::<_, ArrowError>);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        // What is in the capsule when that goes, released by its taker or not, is dropped with it.
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
    }
}

/// The tables of some records. The column `record` joins them.
#[pyclass(frozen, get_all, module = "vanthu")]
pub struct Tables {
    /// A row a record.
    documents: Py<Table>,
    /// A row a task.
    tasks: Py<Table>,
    /// A row a target.
    targets: Py<Table>,
    /// A row a cited document.
    references: Py<Table>,
}

#[pymethods]
impl Tables {
    fn __repr__(&self) -> String {
        let rows = |table: &Py<Table>| table.get().num_rows();
        format!(
            "Tables(documents: {}, tasks: {}, targets: {}, references: {})",
            rows(&self.documents),
            rows(&self.tasks),
            rows(&self.targets),
            rows(&self.references)
        )
    }
}

/// The tables of `records`, whose keys in the column `record` are `names`, or, without those, what their files would be
/// called in the output folder of `vanthu ingest`.
#[pyfunction]
pub fn tables(py: Python<'_>, records: &Bound<'_, PyAny>, names: Option<Vec<String>>) -> PyResult<Tables> {
    let mut making = Of::ALL.map(Making::new);
    let mut keys = Keys { given: names.map(Vec::into_iter), used: HashSet::new() };
    let mut some: Vec<(String, Arc<model::Record>)> = Vec::new();
    // Records may come out of a generator: they are let go again some at a time.
    for record in records.try_iter()? {
        let record = record?;
        let Ok(record) = record.cast::<Record>() else {
            let given = record.get_type().qualname()?;
            return Err(PyTypeError::new_err(format!("give records as vanthu.read makes them, not {given}")));
        };
        let record = record.get().0.clone();
        some.push((keys.next(&record)?, record));
        if some.len() >= 256 {
            let taken = std::mem::take(&mut some);
            making = py.detach(|| take(making, &taken)).map_err(|e| failed(&e))?;
        }
    }
    keys.end()?;
    let made = py.detach(|| take(making, &some)?.into_iter().map(Making::end).collect::<Result<Vec<_>, _>>());
    let mut made = made.map_err(|e| failed(&e))?.into_iter();
    let mut next = || {
        let table = made.next().ok_or_else(|| PyRuntimeError::new_err("a table is missing"))?;
        Py::new(py, table)
    };
    Ok(Tables { documents: next()?, tasks: next()?, targets: next()?, references: next()? })
}

fn failed(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// Keys for the column `record`.
struct Keys {
    given: Option<std::vec::IntoIter<String>>,
    used: HashSet<String>,
}

impl Keys {
    fn next(&mut self, record: &model::Record) -> PyResult<String> {
        if let Some(given) = &mut self.given {
            let key = given.next().ok_or_else(|| few("fewer"))?;
            return Ok(key);
        }
        let path = &record.source.path;
        let mut key = format!("{path}.json");
        let mut n = 2_usize;
        while !self.used.insert(key.clone()) {
            key = format!("{path}~{n}.json");
            n += 1;
        }
        Ok(key)
    }

    fn end(&mut self) -> PyResult<()> {
        match self.given.as_mut().and_then(Iterator::next) {
            Some(_) => Err(few("more")),
            None => Ok(()),
        }
    }
}

fn few(which: &str) -> PyErr {
    pyo3::exceptions::PyValueError::new_err(format!("there are {which} names than records"))
}

/// A table on its way.
struct Making {
    of: Of,
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
    batches: Vec<RecordBatch>,
}

/// Takes records into the tables.
fn take(
    mut tables: [Making; 4],
    records: &[(String, Arc<model::Record>)],
) -> Result<[Making; 4], ArrowError> {
    for (key, record) in records {
        rows(key, record, |table, row| {
            tables.get_mut(table as usize).map_or(Ok(()), |making| making.push(row))
        })?;
    }
    Ok(tables)
}

impl Making {
    fn new(of: Of) -> Self {
        let fields: Vec<Field> = of.columns().iter().map(|(name, kind)| field(name, *kind)).collect();
        let columns = of.columns().iter().map(|(_, kind)| Column::new(*kind)).collect();
        Self { of, schema: Arc::new(Schema::new(fields)), columns, rows: 0, bytes: 0, batches: Vec::new() }
    }

    fn push(&mut self, row: &[Value<'_>]) -> Result<(), ArrowError> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            self.bytes += column.push(value);
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ArrowError> {
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Column::finish).collect();
        self.batches.push(RecordBatch::try_new(self.schema.clone(), arrays)?);
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    fn end(mut self) -> Result<Table, ArrowError> {
        if self.rows > 0 {
            self.flush()?;
        }
        Ok(Table { of: self.of, schema: self.schema, batches: self.batches })
    }
}

/// A column's Arrow type, as readers of the Parquet files see it.
fn field(name: &str, kind: Kind) -> Field {
    let list = |element: DataType| DataType::List(Arc::new(Field::new("element", element, false)));
    match kind {
        Kind::Text => Field::new(name, DataType::Utf8, true),
        Kind::Int => Field::new(name, DataType::Int32, true),
        Kind::Long => Field::new(name, DataType::Int64, true),
        Kind::Real => Field::new(name, DataType::Float64, true),
        Kind::Day => Field::new(name, DataType::Date32, true),
        Kind::Texts => Field::new(name, list(DataType::Utf8), false),
        Kind::Ints => Field::new(name, list(DataType::Int32), false),
    }
}

enum Column {
    Text(StringBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Real(Float64Builder),
    Day(Date32Builder),
    Texts(ListBuilder<StringBuilder>),
    Ints(ListBuilder<Int32Builder>),
}

impl Column {
    fn new(kind: Kind) -> Self {
        let element = |of: DataType| Field::new("element", of, false);
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Int => Self::Int(Int32Builder::new()),
            Kind::Long => Self::Long(Int64Builder::new()),
            Kind::Real => Self::Real(Float64Builder::new()),
            Kind::Day => Self::Day(Date32Builder::new()),
            Kind::Texts => {
                Self::Texts(ListBuilder::new(StringBuilder::new()).with_field(element(DataType::Utf8)))
            }
            Kind::Ints => {
                Self::Ints(ListBuilder::new(Int32Builder::new()).with_field(element(DataType::Int32)))
            }
        }
    }

    /// Adds a value; tells how many bytes of text it took.
    fn push(&mut self, value: &Value<'_>) -> usize {
        match (self, value) {
            (Self::Text(column), Value::Text(text)) => {
                column.append_option(*text);
                return text.map_or(0, str::len);
            }
            (Self::Texts(column), Value::Texts(texts)) => {
                texts.iter().for_each(|text| column.values().append_value(text));
                column.append(true);
                return texts.iter().map(|text| text.len()).sum();
            }
            (Self::Ints(column), Value::Ints(numbers)) => {
                column.values().append_slice(numbers);
                column.append(true);
            }
            (Self::Int(column), Value::Int(number)) => column.append_option(*number),
            (Self::Long(column), Value::Long(number)) => column.append_option(*number),
            (Self::Real(column), Value::Real(number)) => column.append_option(*number),
            (Self::Day(column), Value::Day(day)) => column.append_option(*day),
            // A value of another kind than its column's is a slip in `export::tables`; a column of another length then
            // makes the batch fail.
            _ => debug_assert!(false, "a value of another kind than its column"),
        }
        0
    }

    fn finish(&mut self) -> ArrayRef {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Text(column) => column,
            Self::Int(column) => column,
            Self::Long(column) => column,
            Self::Real(column) => column,
            Self::Day(column) => column,
            Self::Texts(column) => column,
            Self::Ints(column) => column,
        };
        builder.finish()
    }
}
