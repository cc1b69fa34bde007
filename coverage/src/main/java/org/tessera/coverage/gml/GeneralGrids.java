package org.tessera.coverage.gml;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.format.NumberText;
import org.tessera.coverage.gml.XmlOut.Attribute;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;

/** The inside of a CIS 1.1 general grid coverage; axes in CRS order, equidistant ones first. */
final class GeneralGrids {
  /** Labels of the axes of OGC index CRSs (there is no l). */
  private static final String INDEX_LABELS = "ijkmnopqrsuvw";

  private static final String INDEX_CRS = Crs.DEFAULT_BASE + "/crs/OGC/0/Index";

  private GeneralGrids() {}

  static void write(
      DomainSet domain,
      List<RangeField> range,
      String metadata,
      RangeSet cells,
      GmlStyle style,
      XmlOut xml)
      throws IOException {
    envelope(domain, style, xml);
    xml.element(DomainSets.coverageFunction(domain, CellOrder.TUPLES));
    xml.start(Ns.CIS, "DomainSet");
    grid(domain, style, xml);
    xml.end();
    xml.start(Ns.CIS, "RangeType");
    xml.element(RangeTypes.dataRecord(range));
    xml.end();
    rangeSet(cells, xml);
    xml.start(Ns.CIS, "metadata");
    xml.metadata(metadata);
    xml.end();
  }

  private static void envelope(DomainSet domain, GmlStyle style, XmlOut xml) throws IOException {
    xml.start(
        Ns.CIS,
        "Envelope",
        Attribute.of("srsName", style.crs(domain.crs())),
        Attribute.of("axisLabels", String.join(" ", domain.crsOrder())),
        Attribute.of("srsDimension", Integer.toString(domain.dimension())));
    for (Axis axis : domain.crsAxes()) {
      xml.start(Ns.CIS, "AxisExtent", extent(axis, style));
      xml.end();
    }
    xml.end();
  }

  private static Attribute[] extent(Axis axis, GmlStyle style, Attribute... more) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.of("axisLabel", axis.label()));
    attributes.add(Attribute.of("uomLabel", axis.uom()));
    attributes.add(Attribute.of("lowerBound", coordinate(axis, style.lower(axis), style)));
    attributes.add(Attribute.of("upperBound", coordinate(axis, style.upper(axis), style)));
    attributes.addAll(List.of(more));
    return attributes.toArray(Attribute[]::new);
  }

  private static void grid(DomainSet domain, GmlStyle style, XmlOut xml) throws IOException {
    xml.start(
        Ns.CIS,
        "GeneralGrid",
        Attribute.of("srsName", style.crs(domain.crs())),
        Attribute.of("axisLabels", String.join(" ", domain.crsOrder())));
    for (Axis axis : domain.crsAxes()) {
      switch (axis) {
        case Axis.IndexAxis _ -> {
          xml.start(Ns.CIS, "IndexAxis", extent(axis, style));
          xml.end();
        }
        case Axis.RegularAxis regular -> {
          xml.start(
              Ns.CIS,
              "RegularAxis",
              extent(axis, style, Attribute.of("resolution", NumberText.of(regular.resolution()))));
          xml.end();
        }
        case Axis.IrregularAxis _ -> {
          // Follows the equidistant ones.
        }
      }
    }
    for (Axis axis : domain.crsAxes()) {
      if (axis instanceof Axis.IrregularAxis irregular) {
        xml.start(
            Ns.CIS,
            "IrregularAxis",
            Attribute.of("axisLabel", axis.label()),
            Attribute.of("uomLabel", axis.uom()));
        GmlStyle.Notation notation = style.inElements(axis, Ns.CIS, "C");
        xml.written(out -> DomainSets.write(style.coefficients(irregular), notation, 0, out));
        xml.end();
      }
    }
    limits(domain, style, xml);
    xml.end();
  }

  private static void limits(DomainSet domain, GmlStyle style, XmlOut xml) throws IOException {
    List<String> labels = indexLabels(domain.dimension());
    xml.start(
        Ns.CIS,
        "GridLimits",
        Attribute.of("srsName", style.crs(indexCrs(domain.dimension()))),
        Attribute.of("axisLabels", String.join(" ", labels)));
    for (int i = 0; i < labels.size(); i++) {
      Axis axis = domain.crsAxes().get(i);
      xml.start(
          Ns.CIS,
          "IndexAxis",
          Attribute.of("axisLabel", labels.get(i)),
          Attribute.of("lowerBound", Long.toString(axis.low())),
          Attribute.of("upperBound", Long.toString(axis.high())));
      xml.end();
    }
    xml.end();
  }

  /** The OGC CRS of grid indices. */
  static String indexCrs(int dimension) {
    return INDEX_CRS + dimension + "D";
  }

  /** The labels of its axes. */
  static List<String> indexLabels(int dimension) {
    return IntStream.range(0, dimension)
        .mapToObj(i -> i < INDEX_LABELS.length() ? INDEX_LABELS.substring(i, i + 1) : "axis" + i)
        .toList();
  }

  private static void rangeSet(RangeSet cells, XmlOut xml) throws IOException {
    switch (cells) {
      case RangeSet.None _ -> {
        // A description has none.
      }
      case RangeSet.Tuples tuples -> {
        xml.start(Ns.GML, "RangeSet");
        xml.start(Ns.GML, "DataBlock");
        xml.start(Ns.CIS, "V");
        Writer text = new ElementPerTuple(xml);
        tuples.text().write(text);
        text.flush();
        xml.end();
        xml.end();
        xml.end();
      }
      case RangeSet.File file -> {
        xml.start(Ns.GML, "RangeSet");
        xml.start(Ns.CIS, "FileReference");
        xml.text(file.reference());
        xml.end();
        xml.end();
      }
    }
  }

  /** Begins a new {@code cis11:V} at each comma. */
  private static final class ElementPerTuple extends Writer {
    private final XmlOut xml;
    private final Writer text;

    ElementPerTuple(XmlOut xml) {
      this.xml = xml;
      this.text = xml.characters();
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      int start = offset;
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == ',') {
          text.write(buffer, start, i - start);
          xml.end();
          xml.start(Ns.CIS, "V");
          start = i + 1;
        }
      }
      text.write(buffer, start, offset + length - start);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static String coordinate(Axis axis, BigDecimal value, GmlStyle style) {
    return style.timeText(axis, value).orElseGet(() -> NumberText.of(value));
  }
}
