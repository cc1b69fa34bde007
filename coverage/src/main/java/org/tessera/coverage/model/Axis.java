package org.tessera.coverage.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One axis of a domain set. Grid indices are those of the array (int64, inclusive bounds).
 * Coordinates are numbers in the axis' unit of measure; of a time axis the number since the epoch
 * of its CRS (AnsiDate: days since 1600-12-31T00:00:00Z, UnixTime: seconds).
 */
public sealed interface Axis {
  /** Name as used in subsets, such as Lat. */
  String label();

  /** Unit of measure, such as degree, metre, d, s, GridSpacing. */
  String uom();

  /**
   * URI of the (component) CRS that this axis belongs to, in the form {@code
   * .../def/crs/EPSG/0/4326}.
   */
  String crs();

  /** Least grid index, inclusive. */
  long low();

  /** Greatest grid index, inclusive. */
  long high();

  /** Place of this axis (from 0) in the logical grid order that clients see. */
  int gridRank();

  default long size() {
    return high() - low() + 1;
  }

  /**
   * Lower bound of the axis' extent: for regular axes the outer border of the border cell, for
   * others the least coordinate.
   */
  BigDecimal lower();

  /** Upper bound of the axis' extent, as {@link #lower()}. */
  BigDecimal upper();

  /**
   * The extent that a request asked for when it cut this axis, where that is not the extent of the
   * cells it got; only for answers that tell it. Whatever changes the axis further drops it.
   */
  default Optional<Asked> asked() {
    return Optional.empty();
  }

  /** The bounds that were asked for, as {@link #lower()} and {@link #upper()}. */
  record Asked(BigDecimal lower, BigDecimal upper) {}

  /** An axis without georeference: the coordinate is the grid index, both bounds inclusive. */
  record IndexAxis(String label, String uom, String crs, long low, long high, int gridRank)
      implements Axis {
    @Override
    public BigDecimal lower() {
      return BigDecimal.valueOf(low);
    }

    @Override
    public BigDecimal upper() {
      return BigDecimal.valueOf(high);
    }
  }

  /**
   * Equidistant points, each with a footprint of one resolution around it. The point of index
   * {@code i} is {@code origin + (i - low) * resolution}.
   *
   * @param origin coordinate of the point at index {@code low}
   * @param resolution distance between neighbouring points in direction of growing index; negative
   *     if the coordinate falls (usual for latitudes); never zero
   */
  record RegularAxis(
      String label,
      String uom,
      String crs,
      long low,
      long high,
      int gridRank,
      BigDecimal origin,
      BigDecimal resolution,
      Optional<Asked> asked)
      implements Axis {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    public RegularAxis(
        String label,
        String uom,
        String crs,
        long low,
        long high,
        int gridRank,
        BigDecimal origin,
        BigDecimal resolution) {
      this(label, uom, crs, low, high, gridRank, origin, resolution, Optional.empty());
    }

    public RegularAxis {
      if (resolution.signum() == 0) {
        throw new IllegalArgumentException("axis " + label + " has resolution 0");
      }
    }

    /** The point of a grid index. */
    public BigDecimal point(long index) {
      return origin.add(resolution.multiply(BigDecimal.valueOf(index - low)));
    }

    @Override
    public BigDecimal lower() {
      BigDecimal half = resolution.abs().divide(TWO);
      return point(resolution.signum() > 0 ? low : high).subtract(half);
    }

    @Override
    public BigDecimal upper() {
      BigDecimal half = resolution.abs().divide(TWO);
      return point(resolution.signum() > 0 ? high : low).add(half);
    }
  }

  /**
   * Points at given coordinates (coefficient i belongs to index {@code low + i}), strictly rising
   * or strictly falling; each is a point without footprint.
   */
  record IrregularAxis(
      String label,
      String uom,
      String crs,
      long low,
      int gridRank,
      Coordinates coordinates,
      Optional<Asked> asked)
      implements Axis {
    public IrregularAxis(
        String label,
        String uom,
        String crs,
        long low,
        int gridRank,
        List<BigDecimal> coordinates) {
      this(label, uom, crs, low, gridRank, Coordinates.copyOf(coordinates), Optional.empty());
    }

    public IrregularAxis {
      if (coordinates.isEmpty()) {
        throw new IllegalArgumentException("axis " + label + " has no coordinates");
      }
    }

    @Override
    public long high() {
      return low + coordinates.size() - 1;
    }

    @Override
    public BigDecimal lower() {
      return coordinates.getFirst().min(coordinates.getLast());
    }

    @Override
    public BigDecimal upper() {
      return coordinates.getFirst().max(coordinates.getLast());
    }
  }
}
