package org.tessera.coverage.gml;

import jakarta.xml.bind.JAXBElement;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import net.opengis.gml._3.AbstractGeometryType;
import net.opengis.gml._3.BoundingShapeType;
import net.opengis.gml._3.CoverageFunctionType;
import net.opengis.gml._3.DirectPositionType;
import net.opengis.gml._3.DomainSetType;
import net.opengis.gml._3.EnvelopeType;
import net.opengis.gml._3.GridEnvelopeType;
import net.opengis.gml._3.GridFunctionType;
import net.opengis.gml._3.GridLimitsType;
import net.opengis.gml._3.GridType;
import net.opengis.gml._3.ObjectFactory;
import net.opengis.gml._3.PointPropertyType;
import net.opengis.gml._3.PointType;
import net.opengis.gml._3.RectifiedGridType;
import net.opengis.gml._3.SequenceRuleEnumeration;
import net.opengis.gml._3.SequenceRuleType;
import net.opengis.gml._3.VectorType;
import org.tessera.coverage.format.NumberText;
import org.tessera.coverage.gml.XmlOut.Attribute;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.CoordinateChunk;
import org.tessera.coverage.model.Coordinates;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.Envelope;

/** A domain set as the elements of GML that describe it. All of them are in CRS order. */
final class DomainSets {
  private static final ObjectFactory GML = new ObjectFactory();

  /** Chunks of coordinates whose texts are made together. */
  private static final int CHUNKS = 32;

  private DomainSets() {}

  /** {@code gml:boundedBy} with the extent of all axes. */
  static JAXBElement<BoundingShapeType> boundedBy(DomainSet domain, GmlStyle style) {
    Envelope extent = Envelope.of(domain);
    EnvelopeType envelope = new EnvelopeType();
    envelope.setSrsName(style.crs(domain.crs()));
    envelope.setSrsDimension(BigInteger.valueOf(domain.dimension()));
    envelope.getAxisLabels().addAll(extent.axisLabels());
    List<String> uoms = domain.crsAxes().stream().map(Axis::uom).toList();
    // uomLabels is a list of NCName (GML 3.2.1 clause 10.1.3.2): a unit such as 10^0 has no place
    // there.
    if (uoms.stream().allMatch(DomainSets::isName)) {
      envelope.getUomLabels().addAll(uoms);
    }
    envelope.setLowerCorner(position(domain, style::lower, style));
    envelope.setUpperCorner(position(domain, style::upper, style));
    BoundingShapeType shape = new BoundingShapeType();
    shape.setEnvelope(GML.createEnvelope(envelope));
    return GML.createBoundedBy(shape);
  }

  /** {@code gml:coverageFunction}: in which order the cells visit the grid. */
  static JAXBElement<CoverageFunctionType> coverageFunction(DomainSet domain, CellOrder order) {
    List<Axis> slowestFirst =
        switch (order) {
          case TUPLES -> domain.gridAxes();
          case IMAGE -> domain.axes();
        };
    List<String> fastestFirst = new ArrayList<>();
    for (Axis axis : slowestFirst.reversed()) {
      fastestFirst.add("+" + (domain.crsOrder().indexOf(axis.label()) + 1));
    }
    GridFunctionType function = new GridFunctionType();
    function.setSequenceRule(linear(fastestFirst));
    function.getStartPoint().addAll(each(domain, Axis::low));
    CoverageFunctionType element = new CoverageFunctionType();
    element.setGridFunction(function);
    return GML.createCoverageFunction(element);
  }

  /** Writes {@code gml:domainSet}; the ids of its objects begin with the coverage's. */
  static void domainSet(
      DomainSet domain, GridKind kind, String coverageId, GmlStyle style, XmlOut xml)
      throws IOException {
    switch (kind) {
      case GRID ->
          xml.element(domainSet(GML.createGrid(filled(new GridType(), domain, coverageId))));
      case RECTIFIED -> {
        RectifiedGridType grid = filled(new RectifiedGridType(), domain, coverageId);
        grid.setOrigin(origin(domain, coverageId, style));
        for (Axis axis : domain.crsAxes()) {
          grid.getOffsetVector().add(offset(domain, axis, style));
        }
        xml.element(domainSet(GML.createRectifiedGrid(grid)));
      }
      case REFERENCEABLE -> referenceable(domain, coverageId, style, xml);
    }
  }

  private static JAXBElement<DomainSetType> domainSet(
      JAXBElement<? extends AbstractGeometryType> grid) {
    DomainSetType element = new DomainSetType();
    element.setAbstractGeometry(grid);
    return GML.createDomainSet(element);
  }

  /** Not by the generated classes: these hold every coefficient as a text. */
  private static void referenceable(DomainSet domain, String coverageId, GmlStyle style, XmlOut xml)
      throws IOException {
    String crs = style.crs(domain.crs());
    xml.start(Ns.GML, "domainSet");
    xml.start(
        Ns.RGRID,
        "ReferenceableGridByVectors",
        Attribute.of("dimension", Integer.toString(domain.dimension())),
        new Attribute(Ns.GML, "id", coverageId + "-grid"));
    xml.start(Ns.GML, "limits");
    xml.start(Ns.GML, "GridEnvelope");
    xml.element(Ns.GML, "low", joined(domain, a -> Long.toString(a.low())));
    xml.element(Ns.GML, "high", joined(domain, a -> Long.toString(a.high())));
    xml.end();
    xml.end();
    xml.element(Ns.GML, "axisLabels", String.join(" ", domain.crsOrder()));
    xml.start(Ns.RGRID, "origin");
    xml.start(
        Ns.GML,
        "Point",
        Attribute.of("srsName", crs),
        new Attribute(Ns.GML, "id", coverageId + "-point"));
    xml.element(Ns.GML, "pos", joined(domain, a -> style.coordinate(a, style.origin(a))));
    xml.end();
    xml.end();
    for (Axis axis : domain.crsAxes()) {
      xml.start(Ns.RGRID, "generalGridAxis");
      xml.start(Ns.RGRID, "GeneralGridAxis");
      String step = NumberText.of(step(axis));
      xml.element(
          Ns.RGRID,
          "offsetVector",
          joined(domain, a -> a == axis ? step : "0"),
          Attribute.of("srsName", crs));
      // Present but empty: the axis is equidistant.
      xml.start(Ns.RGRID, "coefficients");
      if (axis instanceof Axis.IrregularAxis irregular) {
        GmlStyle.Notation notation = style.inLists(axis);
        xml.written(out -> write(style.coefficients(irregular), notation, 1, out));
      }
      xml.end();
      xml.element(Ns.RGRID, "gridAxesSpanned", axis.label());
      xml.element(Ns.RGRID, "sequenceRule", "Linear", Attribute.of("axisOrder", "+1"));
      xml.end();
      xml.end();
    }
    xml.end();
    xml.end();
  }

  private static String joined(DomainSet domain, Function<Axis, String> text) {
    return domain.crsAxes().stream().map(text).collect(Collectors.joining(" "));
  }

  /**
   * Writes coordinates.
   *
   * @param skip bytes at the beginning that are left out
   */
  static void write(List<BigDecimal> points, GmlStyle.Notation notation, int skip, OutputStream out)
      throws IOException {
    List<CoordinateChunk> chunks = Coordinates.copyOf(points).chunks();
    // Texts are made by all processors, a few chunks ahead of what is sent.
    for (int from = 0; from < chunks.size(); from += CHUNKS) {
      List<byte[]> texts =
          chunks.subList(from, Math.min(chunks.size(), from + CHUNKS)).parallelStream()
              .map(notation::of)
              .toList();
      for (int i = 0; i < texts.size(); i++) {
        int start = from + i == 0 ? skip : 0;
        out.write(texts.get(i), start, texts.get(i).length - start);
      }
    }
  }

  private static <G extends GridType> G filled(G grid, DomainSet domain, String coverageId) {
    grid.setId(coverageId + "-grid");
    grid.setDimension(BigInteger.valueOf(domain.dimension()));
    GridEnvelopeType envelope = new GridEnvelopeType();
    envelope.getLow().addAll(each(domain, Axis::low));
    envelope.getHigh().addAll(each(domain, Axis::high));
    GridLimitsType limits = new GridLimitsType();
    limits.setGridEnvelope(envelope);
    grid.setLimits(limits);
    grid.getAxisLabelList().addAll(domain.crsOrder());
    return grid;
  }

  private static PointPropertyType origin(DomainSet domain, String coverageId, GmlStyle style) {
    PointType point = new PointType();
    point.setId(coverageId + "-point");
    point.setSrsName(style.crs(domain.crs()));
    point.setPos(position(domain, style::origin, style));
    PointPropertyType property = new PointPropertyType();
    property.setPoint(point);
    return property;
  }

  private static VectorType offset(DomainSet domain, Axis axis, GmlStyle style) {
    BigDecimal step = step(axis);
    VectorType vector = new VectorType();
    vector.setSrsName(style.crs(domain.crs()));
    for (String label : domain.crsOrder()) {
      vector.getValue().add(label.equals(axis.label()) ? NumberText.of(step) : "0");
    }
    return vector;
  }

  private static BigDecimal step(Axis axis) {
    return switch (axis) {
      case Axis.IndexAxis _ -> BigDecimal.ONE;
      case Axis.RegularAxis regular -> regular.resolution();
      case Axis.IrregularAxis _ -> BigDecimal.ONE;
    };
  }

  private static SequenceRuleType linear(List<String> axisOrder) {
    SequenceRuleType rule = new SequenceRuleType();
    rule.setValue(SequenceRuleEnumeration.LINEAR);
    rule.getAxisOrder().addAll(axisOrder);
    return rule;
  }

  private static DirectPositionType position(
      DomainSet domain, Function<Axis, BigDecimal> coordinate, GmlStyle style) {
    DirectPositionType position = new DirectPositionType();
    for (Axis axis : domain.crsAxes()) {
      position.getValue().add(style.coordinate(axis, coordinate.apply(axis)));
    }
    return position;
  }

  private static List<BigInteger> each(DomainSet domain, ToLongFunction<Axis> value) {
    Function<Axis, BigInteger> number = a -> BigInteger.valueOf(value.applyAsLong(a));
    return domain.crsAxes().stream().map(number).toList();
  }

  /** Whether a text is an NCName of the usual letters. */
  static boolean isName(String text) {
    return text.matches("[\\p{L}_][\\p{L}\\p{N}._-]*");
  }
}
