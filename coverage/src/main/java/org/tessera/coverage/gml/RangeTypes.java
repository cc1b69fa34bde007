package org.tessera.coverage.gml;

import jakarta.xml.bind.JAXBElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.opengis.swe._2.AbstractDataComponentType;
import net.opengis.swe._2.AbstractSimpleComponentType;
import net.opengis.swe._2.DataRecordPropertyType;
import net.opengis.swe._2.DataRecordType;
import net.opengis.swe._2.NilValuesPropertyType;
import net.opengis.swe._2.NilValuesType;
import net.opengis.swe._2.ObjectFactory;
import net.opengis.swe._2.QuantityType;
import net.opengis.swe._2.UnitReference;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.CellType;

/**
 * The fields of a coverage as {@code gmlcov:rangeType}. The attribute {@code definition} of a
 * quantity names the type of its cells, as clients of existing servers expect; what is measured is
 * the {@code xlink:href} of its {@code swe:field}.
 */
final class RangeTypes {
  private static final ObjectFactory SWE = new ObjectFactory();
  private static final net.opengis.gmlcov._1.ObjectFactory GMLCOV =
      new net.opengis.gmlcov._1.ObjectFactory();
  private static final String DATA_TYPE = "http://www.opengis.net/def/dataType/OGC/0/";

  private RangeTypes() {}

  static JAXBElement<DataRecordPropertyType> rangeType(List<RangeField> range) {
    return GMLCOV.createRangeType(property(range));
  }

  /** {@code swe:DataRecord} by itself. */
  static JAXBElement<DataRecordType> dataRecord(List<RangeField> range) {
    return SWE.createDataRecord(property(range).getDataRecord());
  }

  private static DataRecordPropertyType property(List<RangeField> range) {
    DataRecordType record = new DataRecordType();
    for (RangeField field : range) {
      DataRecordType.Field element = new DataRecordType.Field();
      element.setName(field.name());
      if (!field.definition().isEmpty()) {
        element.setHref(field.definition());
      }
      element.setAbstractDataComponent(SWE.createQuantity(quantity(field)));
      record.getField().add(element);
    }
    DataRecordPropertyType property = new DataRecordPropertyType();
    property.setDataRecord(record);
    return property;
  }

  private static QuantityType quantity(RangeField field) {
    QuantityType quantity = new QuantityType();
    quantity.setDefinition(dataTypeUri(field.type()));
    quantity.setLabel(field.label().isEmpty() ? field.name() : field.label());
    if (!field.description().isEmpty()) {
      quantity.setDescription(XmlOut.legal(field.description()));
    }
    if (!field.nils().isEmpty()) {
      NilValuesType values = new NilValuesType();
      for (NilValue nil : field.nils()) {
        net.opengis.swe._2.NilValue value = new net.opengis.swe._2.NilValue();
        value.setValue(nil.text());
        value.setReason(nil.reason());
        values.getNilValue().add(value);
      }
      NilValuesPropertyType property = new NilValuesPropertyType();
      property.setNilValues(values);
      quantity.setNilValues(property);
    }
    UnitReference uom = new UnitReference();
    // A UomSymbol must not be empty and holds no blanks or colons (swe:UomSymbol).
    String code = field.uom().strip();
    uom.setCode(code.isEmpty() ? "10^0" : code.replaceAll("[:\\s]+", "_"));
    quantity.setUom(uom);
    return quantity;
  }

  /** The fields of a data record; a component without a data type holds 64-bit floats. */
  static List<RangeField> read(DataRecordType record) {
    List<RangeField> range = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (DataRecordType.Field element : record.getField()) {
      String name = element.getName();
      AbstractDataComponentType component =
          element.getAbstractDataComponent() == null
              ? null
              : element.getAbstractDataComponent().getValue();
      if (name == null || name.isEmpty() || !(component instanceof AbstractSimpleComponentType c)) {
        throw new OwsException(
            OwsErrorCode.INVALID_XML,
            "swe:field",
            "A field of the range type has no name, or is no swe:Quantity.");
      }
      if (!names.add(name)) {
        throw new OwsException(
            OwsErrorCode.INVALID_XML, name, "The range type has two fields named " + name + ".");
      }
      range.add(field(name, text(element.getHref()), c));
    }
    if (range.isEmpty()) {
      throw new OwsException(
          OwsErrorCode.INVALID_XML, "swe:DataRecord", "The range type has no field.");
    }
    return range;
  }

  private static RangeField field(
      String name, String meaning, AbstractSimpleComponentType component) {
    String definition = text(component.getDefinition());
    CellType type = cellType(definition);
    List<NilValue> nils = new ArrayList<>();
    if (component.getNilValues() != null && component.getNilValues().getNilValues() != null) {
      for (net.opengis.swe._2.NilValue nil :
          component.getNilValues().getNilValues().getNilValue()) {
        nils.add(new NilValue(text(nil.getValue()), text(nil.getReason())));
      }
    }
    try {
      NilValues.nullSet(nils);
    } catch (IllegalArgumentException e) {
      throw new OwsException(OwsErrorCode.WRONG_INTERVAL_FORMAT, name, e.getMessage(), e);
    }
    String uom =
        component instanceof QuantityType q && q.getUom() != null ? text(q.getUom().getCode()) : "";
    return new RangeField(
        name,
        type == null ? CellType.FLOAT64 : type,
        text(component.getLabel()),
        text(component.getDescription()),
        type == null ? definition : meaning,
        uom.isEmpty() ? "10^0" : uom,
        nils);
  }

  private static String text(String text) {
    return text == null ? "" : text.strip();
  }

  /** The URI by which the type of a field's cells is known. */
  static String dataTypeUri(CellType type) {
    return DATA_TYPE
        + switch (type) {
          case BOOLEAN -> "boolean";
          case INT8 -> "signedByte";
          case UINT8 -> "unsignedByte";
          case INT16 -> "signedShort";
          case UINT16 -> "unsignedShort";
          case INT32 -> "signedInt";
          case UINT32 -> "unsignedInt";
          case INT64 -> "signedLong";
          case FLOAT32 -> "float32";
          case FLOAT64 -> "float64";
          case CINT16 -> "cint16";
          case CINT32 -> "cint32";
          case COMPLEX64 -> "cfloat32";
          case COMPLEX128 -> "cfloat64";
        };
  }

  /** The cell type of such a URI (by its last part), or null if it names none. */
  static CellType cellType(String uri) {
    String name = uri.substring(uri.lastIndexOf('/') + 1);
    return switch (name) {
      case "boolean", "bool" -> CellType.BOOLEAN;
      case "signedByte", "byte" -> CellType.INT8;
      case "unsignedByte" -> CellType.UINT8;
      case "signedShort", "short" -> CellType.INT16;
      case "unsignedShort" -> CellType.UINT16;
      case "signedInt", "int" -> CellType.INT32;
      case "unsignedInt" -> CellType.UINT32;
      case "signedLong", "long" -> CellType.INT64;
      case "float32", "float" -> CellType.FLOAT32;
      case "float64", "double" -> CellType.FLOAT64;
      case "cint16" -> CellType.CINT16;
      case "cint32" -> CellType.CINT32;
      case "cfloat32" -> CellType.COMPLEX64;
      case "cfloat64" -> CellType.COMPLEX128;
      default -> null;
    };
  }
}
