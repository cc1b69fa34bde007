package org.tessera.importer.wcst;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.engine.array.CellType;

/**
 * A slice as a GMLCOV 1.0 document with its cells in a file. All lists are in CRS order; the grid
 * order is told by the sequence rule, fastest axis first.
 */
public final class SliceGml {
  private static final String GML = "http://www.opengis.net/gml/3.2";
  private static final String GMLCOV = "http://www.opengis.net/gmlcov/1.0";
  private static final String RGRID = "http://www.opengis.net/gml/3.3/rgrid";
  private static final String SWE = "http://www.opengis.net/swe/2.0";
  private static final String RASDAMAN = "http://www.rasdaman.org";

  private final XMLStreamWriter xml;
  private final DomainSet domain;
  private final String id;

  private SliceGml(XMLStreamWriter xml, DomainSet domain, String id) {
    this.xml = xml;
    this.domain = domain;
    this.id = id;
  }

  /**
   * The document.
   *
   * @param metadata XML elements or JSON text, put in as they are; may be empty
   * @param reference {@code file:} or {@code cid:} URI of the file
   */
  public static String of(
      String coverageId,
      DomainSet domain,
      List<RangeField> fields,
      String metadata,
      String reference,
      String mediaType,
      SourceLayout layout) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      new SliceGml(xml, domain, coverageId)
          .write(fields, metadata, reference, mediaType, layout, out);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a text cannot fail to be written", e);
    }
    return out.toString();
  }

  private void write(
      List<RangeField> fields,
      String metadata,
      String reference,
      String mediaType,
      SourceLayout layout,
      StringWriter out)
      throws XMLStreamException {
    String type = type();
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeStartElement("gmlcov", type, GMLCOV);
    xml.writeNamespace("gmlcov", GMLCOV);
    xml.writeNamespace("gml", GML);
    xml.writeNamespace("gmlrgrid", RGRID);
    xml.writeNamespace("swe", SWE);
    xml.writeNamespace("rasdaman", RASDAMAN);
    xml.writeAttribute("gml", GML, "id", id);
    boundedBy();
    domainSet(type);
    gml("rangeSet");
    gml("File");
    text("rangeParameters", layout.toJson());
    text("fileReference", reference);
    text("fileStructure", "Record Interleaved");
    text("mimeType", mediaType);
    end(2);
    gml("coverageFunction");
    gml("GridFunction");
    gml("sequenceRule");
    xml.writeAttribute("axisOrder", fastestFirst());
    xml.writeCharacters("Linear");
    end(1);
    text("startPoint", each(a -> Long.toString(a.low())));
    end(2);
    rangeType(fields);
    if (!metadata.isBlank()) {
      xml.writeStartElement("gmlcov", "metadata", GMLCOV);
      xml.writeStartElement("gmlcov", "Extension", GMLCOV);
      xml.writeStartElement("rasdaman", "covMetadata", RASDAMAN);
      if (metadata.startsWith("<")) {
        // The elements are well-formed already; an empty text closes the start tag first.
        xml.writeCharacters("");
        xml.flush();
        out.write(metadata);
      } else {
        xml.writeCharacters(metadata);
      }
      end(3);
    }
    xml.writeEndDocument();
    xml.flush();
  }

  private String type() {
    if (domain.axes().stream().allMatch(Axis.IndexAxis.class::isInstance)) {
      return "GridCoverage";
    }
    return domain.axes().stream().anyMatch(Axis.IrregularAxis.class::isInstance)
        ? "ReferenceableGridCoverage"
        : "RectifiedGridCoverage";
  }

  private void boundedBy() throws XMLStreamException {
    gml("boundedBy");
    gml("Envelope");
    xml.writeAttribute("srsName", domain.crs());
    xml.writeAttribute("axisLabels", String.join(" ", domain.crsOrder()));
    xml.writeAttribute("uomLabels", each(Axis::uom));
    xml.writeAttribute("srsDimension", Integer.toString(domain.dimension()));
    text("lowerCorner", each(a -> number(a.lower())));
    text("upperCorner", each(a -> number(a.upper())));
    end(2);
  }

  private void domainSet(String type) throws XMLStreamException {
    gml("domainSet");
    switch (type) {
      case "GridCoverage" -> {
        gml("Grid");
        limits();
      }
      case "RectifiedGridCoverage" -> {
        gml("RectifiedGrid");
        limits();
        gml("origin");
        origin();
        for (Axis a : domain.crsAxes()) {
          gml("offsetVector");
          xml.writeAttribute("srsName", domain.crs());
          xml.writeCharacters(offset(a));
          end(1);
        }
      }
      default -> {
        rgrid("ReferenceableGridByVectors");
        limits();
        rgrid("origin");
        origin();
        for (Axis a : domain.crsAxes()) {
          rgrid("generalGridAxis");
          rgrid("GeneralGridAxis");
          rgrid("offsetVector");
          xml.writeAttribute("srsName", domain.crs());
          xml.writeCharacters(offset(a));
          end(1);
          rgrid("coefficients");
          if (a instanceof Axis.IrregularAxis i) {
            xml.writeCharacters(
                String.join(" ", i.coordinates().stream().map(SliceGml::number).toList()));
          }
          end(1);
          rgrid("gridAxesSpanned");
          xml.writeCharacters(a.label());
          end(1);
          rgrid("sequenceRule");
          xml.writeAttribute("axisOrder", "+1");
          xml.writeCharacters("Linear");
          end(3);
        }
      }
    }
    end(2);
  }

  private void limits() throws XMLStreamException {
    xml.writeAttribute("gml", GML, "id", id + "-grid");
    xml.writeAttribute("dimension", Integer.toString(domain.dimension()));
    gml("limits");
    gml("GridEnvelope");
    text("low", each(a -> Long.toString(a.low())));
    text("high", each(a -> Long.toString(a.high())));
    end(2);
    text("axisLabels", String.join(" ", domain.crsOrder()));
  }

  /** The content and the end of the origin, whose element is of another namespace in each grid. */
  private void origin() throws XMLStreamException {
    gml("Point");
    xml.writeAttribute("gml", GML, "id", id + "-origin");
    xml.writeAttribute("srsName", domain.crs());
    text("pos", each(a -> number(first(a))));
    end(2);
  }

  private static BigDecimal first(Axis axis) {
    return switch (axis) {
      case Axis.IndexAxis i -> BigDecimal.valueOf(i.low());
      case Axis.RegularAxis r -> r.origin();
      case Axis.IrregularAxis i -> i.coordinates().getFirst();
    };
  }

  private String offset(Axis axis) {
    BigDecimal step =
        switch (axis) {
          case Axis.IndexAxis i -> BigDecimal.ONE;
          case Axis.RegularAxis r -> r.resolution();
          case Axis.IrregularAxis i -> BigDecimal.ONE;
        };
    List<String> out = new ArrayList<>();
    for (String label : domain.crsOrder()) {
      out.add(label.equals(axis.label()) ? number(step) : "0");
    }
    return String.join(" ", out);
  }

  private String fastestFirst() {
    List<String> out = new ArrayList<>();
    for (Axis a : domain.gridAxes().reversed()) {
      out.add("+" + (domain.crsOrder().indexOf(a.label()) + 1));
    }
    return String.join(" ", out);
  }

  private void rangeType(List<RangeField> fields) throws XMLStreamException {
    xml.writeStartElement("gmlcov", "rangeType", GMLCOV);
    swe("DataRecord");
    for (RangeField f : fields) {
      swe("field");
      xml.writeAttribute("name", f.name());
      swe("Quantity");
      xml.writeAttribute("definition", dataType(f.type()));
      sweText("label", f.label());
      if (!f.description().isEmpty()) {
        sweText("description", f.description());
      }
      if (!f.nils().isEmpty()) {
        swe("nilValues");
        swe("NilValues");
        for (NilValue n : f.nils()) {
          swe("nilValue");
          xml.writeAttribute("reason", n.reason());
          xml.writeCharacters(n.text());
          end(1);
        }
        end(2);
      }
      swe("uom");
      xml.writeAttribute("code", f.uom());
      end(3);
    }
    end(2);
  }

  private static String dataType(CellType type) {
    return "http://www.opengis.net/def/dataType/OGC/0/"
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

  /** Plain decimals; no exponents, which some readers of GML do not know. */
  static String number(BigDecimal n) {
    BigDecimal s = n.stripTrailingZeros();
    return s.toPlainString();
  }

  private String each(Function<Axis, String> text) {
    return String.join(" ", domain.crsAxes().stream().map(text).toList());
  }

  private void gml(String name) throws XMLStreamException {
    xml.writeStartElement("gml", name, GML);
  }

  private void rgrid(String name) throws XMLStreamException {
    xml.writeStartElement("gmlrgrid", name, RGRID);
  }

  private void swe(String name) throws XMLStreamException {
    xml.writeStartElement("swe", name, SWE);
  }

  private void sweText(String name, String text) throws XMLStreamException {
    swe(name);
    xml.writeCharacters(text);
    end(1);
  }

  private void text(String name, String text) throws XMLStreamException {
    gml(name);
    xml.writeCharacters(text);
    end(1);
  }

  private void end(int elements) throws XMLStreamException {
    for (int i = 0; i < elements; i++) {
      xml.writeEndElement();
    }
  }
}
