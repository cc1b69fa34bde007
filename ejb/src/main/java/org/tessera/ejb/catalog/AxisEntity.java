package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapsId;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringTokenizer;
import org.tessera.coverage.model.Axis;

@SuppressWarnings("UnusedVariable") // JPA reads the key and the owner
@Entity(name = "Axis")
@Table(name = "coverage_axis")
class AxisEntity {
  @EmbeddedId private PartKey key;

  @MapsId("coverage")
  @ManyToOne
  @JoinColumn(name = "coverage_id")
  private CoverageEntity coverage;

  @Column(name = "crs_position")
  private int crsPosition;

  @Column(name = "grid_rank")
  private int gridRank;

  private String kind;
  private String label;
  private String uom;
  private String crs;
  private long low;
  private long high;
  private String origin;
  private String resolution;
  @Lob private String coordinates;

  protected AxisEntity() {}

  AxisEntity(CoverageEntity coverage, int position) {
    this.coverage = coverage;
    this.key = new PartKey(position);
  }

  final void set(Axis axis, int placeInCrs) {
    crsPosition = placeInCrs;
    gridRank = axis.gridRank();
    label = axis.label();
    uom = axis.uom();
    crs = axis.crs();
    low = axis.low();
    high = axis.high();
    switch (axis) {
      case Axis.IndexAxis a -> setKind("INDEX", null, null, null);
      case Axis.RegularAxis a ->
          setKind("REGULAR", a.origin().toString(), a.resolution().toString(), null);
      case Axis.IrregularAxis a -> setKind("IRREGULAR", null, null, join(a.coordinates()));
    }
  }

  private void setKind(
      String newKind, String newOrigin, String newResolution, String newCoordinates) {
    kind = newKind;
    origin = newOrigin;
    resolution = newResolution;
    if (!Objects.equals(coordinates, newCoordinates)) {
      coordinates = newCoordinates;
    }
  }

  private static String join(List<BigDecimal> values) {
    StringBuilder text = new StringBuilder(values.size() * 8);
    for (BigDecimal v : values) {
      text.append(text.isEmpty() ? "" : " ").append(v);
    }
    return text.toString();
  }

  private static List<BigDecimal> split(String text) {
    List<BigDecimal> values = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(text, " ");
    while (tokens.hasMoreTokens()) {
      values.add(new BigDecimal(tokens.nextToken()));
    }
    return values;
  }

  Axis toAxis() {
    return switch (kind) {
      case "INDEX" -> new Axis.IndexAxis(label, uom, crs, low, high, gridRank);
      case "REGULAR" ->
          new Axis.RegularAxis(
              label,
              uom,
              crs,
              low,
              high,
              gridRank,
              new BigDecimal(origin),
              new BigDecimal(resolution));
      case "IRREGULAR" ->
          new Axis.IrregularAxis(label, uom, crs, low, gridRank, split(coordinates));
      default ->
          throw new IllegalStateException(
              "axis " + label + " is of kind " + kind + " in the catalogue");
    };
  }

  int crsPosition() {
    return crsPosition;
  }

  String label() {
    return label;
  }
}
