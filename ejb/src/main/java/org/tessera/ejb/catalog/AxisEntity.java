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
import org.tessera.coverage.model.CoordinateChunk;
import org.tessera.coverage.model.Coordinates;

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

  /** Of an irregular axis, the last ones; those before them are in rows of their own. */
  @Lob private String coordinates;

  @Lob private String chunks;

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
      case Axis.IrregularAxis a ->
          setKind("IRREGULAR", null, null, join(lastChunk(a.coordinates())));
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

  private static List<BigDecimal> lastChunk(Coordinates all) {
    return all.subList(all.size() - all.chunks().getLast().size(), all.size());
  }

  /** Makes rows of the coordinates that are not in this one. */
  void store(long owner, Axis axis, CoordinateRows rows) {
    List<CoordinateChunk> all =
        axis instanceof Axis.IrregularAxis a ? a.coordinates().chunks() : List.of();
    String ids = rows.store(owner, chunks, all.subList(0, Math.max(0, all.size() - 1)));
    if (!Objects.equals(ids, chunks)) {
      chunks = ids;
    }
  }

  /** Ids of the rows with the coordinates that are not in this one; may be null. */
  String chunks() {
    return chunks;
  }

  private static Coordinates coordinates(List<CoordinateChunk> before, List<BigDecimal> last) {
    List<CoordinateChunk> all = new ArrayList<>(before);
    all.addAll(Coordinates.copyOf(last).chunks());
    return Coordinates.ofChunks(all);
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

  Axis toAxis(CoordinateRows rows) {
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
          new Axis.IrregularAxis(
              label, uom, crs, low, gridRank, coordinates(rows.load(chunks), split(coordinates)));
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
