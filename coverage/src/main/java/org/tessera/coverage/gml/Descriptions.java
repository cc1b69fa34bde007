package org.tessera.coverage.gml;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.expr.CoverageDescriber;
import org.tessera.coverage.format.EncodeOptions;
import org.tessera.coverage.format.NumberText;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;

/**
 * The texts of WCPS's {@code describe()}: the coverage without its cells, as GML (GMLCOV 1.0, or
 * CIS 1.1 with the option {@code outputType=GeneralGridCoverage}) or as JSON (CIS 1.1).
 */
public final class Descriptions implements CoverageDescriber {
  private final GmlStyle style;

  public Descriptions(GmlStyle style) {
    this.style = style;
  }

  @Override
  public String describe(CompiledCoverage coverage, String format, Optional<String> options) {
    boolean general =
        EncodeOptions.parse(options.orElse(""))
            .text("outputType")
            .filter("GeneralGridCoverage"::equalsIgnoreCase)
            .isPresent();
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "gml", "application/gml+xml", "text/xml", "application/xml" -> gml(coverage, general);
      case "json", "application/json" -> json(coverage);
      default ->
          throw new OwsException(
              OwsErrorCode.INVALID_PARAMETER_VALUE,
              "describe",
              "Descriptions in '" + format + "' are not offered, expected gml or json.");
    };
  }

  private static String id(CompiledCoverage coverage) {
    return coverage.id().isEmpty() ? "coverage" : coverage.id();
  }

  private String gml(CompiledCoverage c, boolean general) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RangeSet none = new RangeSet.None();
    try {
      if (general) {
        GmlCoverages.writeGeneralGrid(id(c), c.domain(), c.range(), c.metadata(), none, style, out);
      } else {
        GmlCoverages.write(
            id(c), c.domain(), GridKind.of(c.domain()), c.range(), c.metadata(), none, style, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private String json(CompiledCoverage c) {
    DomainSet domain = c.domain();
    String axes = domain.crsAxes().stream().map(this::extent).collect(Collectors.joining(","));
    String grid = domain.crsAxes().stream().map(this::axis).collect(Collectors.joining(","));
    List<String> labels = GeneralGrids.indexLabels(domain.dimension());
    StringBuilder limits = new StringBuilder();
    for (int i = 0; i < labels.size(); i++) {
      Axis axis = domain.crsAxes().get(i);
      limits
          .append(i == 0 ? "" : ",")
          .append("{\"type\":\"IndexAxisType\",\"axisLabel\":" + quoted(labels.get(i)))
          .append(",\"lowerBound\":" + axis.low() + ",\"upperBound\":" + axis.high() + "}");
    }
    String crsAndLabels =
        "\"srsName\":"
            + quoted(style.crs(domain.crs()))
            + ",\"axisLabels\":"
            + list(domain.crsOrder());
    return "{\"type\":\"CoverageByDomainAndRangeType\",\"id\":"
        + quoted(id(c))
        + ",\"envelope\":{\"type\":\"EnvelopeByAxisType\","
        + crsAndLabels
        + ",\"axis\":["
        + axes
        + "]},\"domainSet\":{\"type\":\"DomainSetType\",\"generalGrid\":{"
        + "\"type\":\"GeneralGridCoverageType\","
        + crsAndLabels
        + ",\"axis\":["
        + grid
        + "],\"gridLimits\":{\"type\":\"GridLimitsType\",\"srsName\":"
        + quoted(style.crs(GeneralGrids.indexCrs(domain.dimension())))
        + ",\"axisLabels\":"
        + list(labels)
        + ",\"axis\":["
        + limits
        + "]}}},\"rangeType\":{\"type\":\"DataRecordType\",\"field\":["
        + c.range().stream().map(Descriptions::field).collect(Collectors.joining(","))
        + "]}}";
  }

  private String extent(Axis axis) {
    return "{\"type\":\"AxisExtentType\"," + bounds(axis) + "}";
  }

  private String axis(Axis axis) {
    return switch (axis) {
      case Axis.IndexAxis _ -> "{\"type\":\"IndexAxisType\"," + bounds(axis) + "}";
      case Axis.RegularAxis regular ->
          "{\"type\":\"RegularAxisType\","
              + bounds(axis)
              + ",\"resolution\":"
              + NumberText.of(regular.resolution())
              + "}";
      case Axis.IrregularAxis irregular ->
          "{\"type\":\"IrregularAxisType\",\"axisLabel\":"
              + quoted(axis.label())
              + ",\"uomLabel\":"
              + quoted(axis.uom())
              + ",\"coordinate\":["
              + irregular.coordinates().stream()
                  .map(v -> coordinate(axis, v))
                  .collect(Collectors.joining(","))
              + "]}";
    };
  }

  private String bounds(Axis axis) {
    return "\"axisLabel\":"
        + quoted(axis.label())
        + ",\"lowerBound\":"
        + coordinate(axis, axis.lower())
        + ",\"upperBound\":"
        + coordinate(axis, axis.upper())
        + ",\"uomLabel\":"
        + quoted(axis.uom());
  }

  private String coordinate(Axis axis, BigDecimal value) {
    return style
        .timeText(axis, value)
        .map(Descriptions::quoted)
        .orElseGet(() -> NumberText.of(value));
  }

  private static String field(RangeField field) {
    String type = RangeTypes.dataTypeUri(field.type());
    return "{\"type\":\"QuantityType\",\"name\":"
        + quoted(field.name())
        + ",\"description\":"
        + quoted(field.description())
        + ",\"uom\":{\"type\":\"UnitReference\",\"code\":"
        + quoted(field.uom())
        + "},\"definition\":"
        + quoted("ogcType:" + type.substring(type.lastIndexOf('/') + 1))
        + "}";
  }

  private static String list(List<String> texts) {
    return "[" + texts.stream().map(Descriptions::quoted).collect(Collectors.joining(",")) + "]";
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
