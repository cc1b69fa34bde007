package org.tessera.coverage.gml;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.format.NumberText;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.CoordinateChunk;

/**
 * How a server writes what is the same in every way of writing it: names of CRSs and coordinates on
 * time axes.
 *
 * @param crs tells which axes are times
 * @param crsBase the resolver in whose terms CRSs are named, without a slash at the end, such as
 *     {@link Crs#DEFAULT_BASE}; names of any base are read
 * @param times how coordinates on time axes are written in positions, corners and coefficients
 * @param dialect what is said of what a request has cut
 */
public record GmlStyle(CrsResolver crs, String crsBase, Times times, Dialect dialect) {
  /** Whose words an answer has about coverages that a request has made. */
  public enum Dialect {
    /** The extent of the cells in the answer. */
    STANDARD,
    /**
     * What rasdaman says: the bounds asked for ({@link Axis.Asked}), which cells, origin and
     * coefficients do not always fit; index axes beside others begin at half a cell; null values
     * that the request names have no reason; inserts are answered with {@code coverageId}.
     */
    RASDAMAN
  }

  /** Notations of coordinates on time axes. */
  public enum Times {
    /**
     * The number on the axis, such as days since the epoch of AnsiDate: the only one that the
     * schemas of GML allow, whose positions are lists of doubles.
     */
    NUMBER,
    /**
     * ISO 8601 text in quotes, {@code "2008-01-01T00:00:00.000Z"}, as clients of rasdaman expect;
     * not valid by the schemas.
     */
    ISO
  }

  /** The style of the standards: their place of CRSs, and numbers. */
  public static GmlStyle standard(CrsResolver crs) {
    return new GmlStyle(crs, Crs.DEFAULT_BASE, Times.NUMBER, Dialect.STANDARD);
  }

  /** The URI of a CRS, which may have any base, at this style's base. */
  String crs(String uri) {
    return Crs.rebased(uri, crsBase);
  }

  /** Lower bound of the extent that is told of an axis. */
  BigDecimal lower(Axis axis) {
    return asked(axis).map(Axis.Asked::lower).orElseGet(axis::lower);
  }

  /** Upper bound of the extent that is told of an axis. */
  BigDecimal upper(Axis axis) {
    return asked(axis).map(Axis.Asked::upper).orElseGet(axis::upper);
  }

  /** The coordinate that is told of the axis' least index. */
  BigDecimal origin(Axis axis) {
    return switch (axis) {
      case Axis.IndexAxis index ->
          BigDecimal.valueOf(index.low())
              .add(dialect == Dialect.RASDAMAN ? new BigDecimal("0.5") : BigDecimal.ZERO);
      case Axis.RegularAxis regular ->
          asked(axis)
              .map(a -> regular.resolution().signum() > 0 ? a.lower() : a.upper())
              .map(border -> border.add(regular.resolution().divide(BigDecimal.TWO)))
              .orElseGet(regular::origin);
      case Axis.IrregularAxis irregular ->
          asked(axis).map(Axis.Asked::lower).orElseGet(irregular.coordinates()::getFirst);
    };
  }

  /** The coefficients that are told of an irregular axis: times begin at the origin told. */
  List<BigDecimal> coefficients(Axis.IrregularAxis axis) {
    List<BigDecimal> points = axis.coordinates();
    BigDecimal shift = origin(axis).subtract(points.getFirst());
    return shift.signum() == 0 || timeText(axis, points.getFirst()).isEmpty()
        ? points
        : points.stream().map(shift::add).toList();
  }

  private Optional<Axis.Asked> asked(Axis axis) {
    return dialect == Dialect.RASDAMAN ? axis.asked() : Optional.empty();
  }

  /** A coordinate as it stands in lists of coordinates. */
  String coordinate(Axis axis, BigDecimal value) {
    if (times == Times.ISO) {
      Optional<String> time = timeText(axis, value);
      if (time.isPresent()) {
        return '"' + time.get() + '"';
      }
    }
    return NumberText.of(value);
  }

  /**
   * How coordinates of an axis are written: equal for axes whose coordinates are written alike.
   *
   * @param scale makes times of numbers; empty where numbers are written
   * @param before stands before each coordinate, {@code after} behind it
   */
  record Notation(Optional<TimeScale> scale, String before, String after) {
    /** A coordinate. */
    String of(BigDecimal value) {
      return scale
          .flatMap(s -> GmlStyle.text(s, value))
          .map(time -> '"' + time + '"')
          .orElseGet(() -> NumberText.of(value));
    }

    /** The coordinates of a chunk, made once. Not to be changed. */
    byte[] of(CoordinateChunk chunk) {
      return chunk.text(this, this::text);
    }

    private byte[] text(CoordinateChunk chunk) {
      StringBuilder text = new StringBuilder(chunk.size() * 16);
      for (int i = 0; i < chunk.size(); i++) {
        text.append(before).append(of(chunk.get(i))).append(after);
      }
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The notation of coordinates in lists, each behind a blank. */
  Notation inLists(Axis axis) {
    return new Notation(times == Times.ISO ? timeScale(axis) : Optional.empty(), " ", "");
  }

  /** The notation of coordinates that are times wherever they are, each in an element. */
  Notation inElements(Axis axis, Ns ns, String element) {
    String name = ns.prefix() + ':' + element + '>';
    return new Notation(timeScale(axis), '<' + name, "</" + name);
  }

  /** A coordinate of a time axis as ISO 8601 text without quotes; empty for other axes. */
  Optional<String> timeText(Axis axis, BigDecimal value) {
    return timeScale(axis).flatMap(scale -> text(scale, value));
  }

  private Optional<TimeScale> timeScale(Axis axis) {
    if (axis.crs().isEmpty()) {
      return Optional.empty();
    }
    return crs.resolve(axis.crs()).parts().stream()
        .filter(c -> c.kind() == Crs.Kind.TIME)
        .findFirst()
        .flatMap(Crs::time);
  }

  /** Times beyond what a calendar can hold stay numbers. */
  private static Optional<String> text(TimeScale scale, BigDecimal value) {
    try {
      return Optional.of(scale.text(value));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
