//! A table of results as one Parquet file.

use crate::Result;
use memloom_flow::output::{Form, Mark};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::sync::Arc;

/// How a table is known again: by the key `generator` of its metadata.
pub(super) const MARK: Mark = Mark::new(Form::Parquet, "memloom sweep");

/// The values of a column, all of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Text(Vec<String>),
    Whole(Vec<i64>),
    Real(Vec<f64>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Whole(values) => values.len(),
            Self::Real(values) => values.len(),
        }
    }

    fn schema(&self, name: &str) -> parquet::errors::Result<Type> {
        let physical = match self {
            Self::Text(_) => Physical::BYTE_ARRAY,
            Self::Whole(_) => Physical::INT64,
            Self::Real(_) => Physical::DOUBLE,
        };
        let logical = matches!(self, Self::Text(_)).then_some(LogicalType::String);
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(logical)
            .build()
    }

    fn write(&self, mut column: SerializedColumnWriter<'_>) -> parquet::errors::Result<()> {
        match (column.untyped(), self) {
            (ColumnWriter::ByteArrayColumnWriter(writer), Self::Text(values)) => {
                let values: Vec<ByteArray> = values.iter().map(|v| v.as_str().into()).collect();
                writer.write_batch(&values, None, None)?;
            }
            (ColumnWriter::Int64ColumnWriter(writer), Self::Whole(values)) => {
                writer.write_batch(values, None, None)?;
            }
            (ColumnWriter::DoubleColumnWriter(writer), Self::Real(values)) => {
                writer.write_batch(values, None, None)?;
            }
            _ => unreachable!("the schema says what each column holds"),
        }
        column.close()
    }
}

/// The bytes of a Parquet file of `columns`, by name; all columns are of one length.
///
/// The same columns give the same bytes: no time and no compression that changes with a library's version.
pub(crate) fn parquet(columns: &[(String, Values)]) -> Result<Vec<u8>> {
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    if let Some((name, values)) = columns.iter().find(|(_, values)| values.len() != rows) {
        return Err(format!("column `{name}` has {} values, the first has {rows}", values.len()).into());
    }
    let fields = columns.iter().map(|(name, values)| Ok(Arc::new(values.schema(name)?)));
    let fields = fields.collect::<parquet::errors::Result<Vec<_>>>()?;
    let schema = Arc::new(Type::group_type_builder("sweep").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_created_by(concat!("memloom ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata(Some(vec![KeyValue::new("generator".into(), MARK.by().to_owned())]))
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for (_, values) in columns {
        let column = group.next_column()?.expect("as many columns as the schema has");
        values.write(column)?;
    }
    group.close()?;
    file.close()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn a_table_reads_back() {
        let columns = [
            ("tile".to_owned(), Values::Text(vec!["64x64".into(), "128x128".into()])),
            ("seed".to_owned(), Values::Whole(vec![1, -2])),
            ("accuracy".to_owned(), Values::Real(vec![0.1, 0.888])),
        ];
        let bytes = parquet(&columns).unwrap();
        assert_eq!(bytes, parquet(&columns).unwrap());
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), 2);
        let second: Vec<_> =
            rows[1].get_column_iter().map(|(name, field)| (name.as_str(), field.clone())).collect();
        let expected = [
            ("tile", Field::Str("128x128".into())),
            ("seed", Field::Long(-2)),
            ("accuracy", Field::Double(0.888)),
        ];
        assert_eq!(second, expected);
    }

    #[test]
    fn columns_are_of_one_length() {
        let columns = [("a".to_owned(), Values::Whole(vec![1])), ("b".to_owned(), Values::Whole(vec![]))];
        assert!(parquet(&columns).unwrap_err().to_string().contains("column `b`"));
    }
}
