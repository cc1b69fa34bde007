package org.tessera.coverage.model;

import java.math.BigDecimal;
import java.util.List;

/**
 * Extent of a coverage: lower and upper corner (both part of it), axis by axis in the order of the
 * CRS (GML 3.2.1 Envelope).
 */
public record Envelope(
    String crs, List<String> axisLabels, List<BigDecimal> lower, List<BigDecimal> upper) {
  public Envelope {
    axisLabels = List.copyOf(axisLabels);
    lower = List.copyOf(lower);
    upper = List.copyOf(upper);
  }

  /** The extent of a domain set. */
  public static Envelope of(DomainSet domain) {
    List<Axis> axes = domain.crsAxes();
    return new Envelope(
        domain.crs(),
        axes.stream().map(Axis::label).toList(),
        axes.stream().map(Axis::lower).toList(),
        axes.stream().map(Axis::upper).toList());
  }
}
