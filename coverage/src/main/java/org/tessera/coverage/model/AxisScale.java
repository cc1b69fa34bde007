package org.tessera.coverage.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the cells of an axis lie on those of the same axis in a grid of lower resolution (a level of
 * a pyramid). Places are counted in cells from the low border of the cell of index 0: cell i
 * reaches from i to i + 1. Place i of the base is place {@code (numerator i + offset) /
 * denominator} of the level; exact where the resolutions are decimal numbers of few digits.
 */
public record AxisScale(long numerator, long offset, long denominator) {
  /** Resolutions whose ratio differs by this part from a fraction of small numbers are that. */
  private static final BigDecimal SAME = new BigDecimal("1e-9");

  /** Offsets that are so near to a whole number of fractions of a cell are that. */
  private static final BigDecimal ALIGNED = new BigDecimal("0.001");

  private static final BigInteger LARGEST = BigInteger.valueOf(1_000_000);

  /** Parts of a cell where the grids are not aligned. */
  private static final long FINE = 1000;

  /**
   * The scales of all axes, in the base's array order; empty if the level cannot stand in for the
   * base: it has other axes, or irregular ones with other coordinates.
   */
  public static Optional<List<AxisScale>> of(DomainSet base, DomainSet level) {
    if (base.dimension() != level.dimension()) {
      return Optional.empty();
    }
    List<AxisScale> scales = new ArrayList<>();
    for (int i = 0; i < base.dimension(); i++) {
      Axis a = base.axes().get(i);
      Axis b = level.axes().get(i);
      Optional<AxisScale> scale =
          a.label().equals(b.label()) && a.crs().equals(b.crs()) ? of(a, b) : Optional.empty();
      if (scale.isEmpty()) {
        return Optional.empty();
      }
      scales.add(scale.get());
    }
    return Optional.of(scales);
  }

  private static Optional<AxisScale> of(Axis base, Axis level) {
    return switch (base) {
      case Axis.RegularAxis a ->
          level instanceof Axis.RegularAxis b ? regular(a, b) : Optional.empty();
      case Axis.IndexAxis a ->
          level instanceof Axis.IndexAxis b ? Optional.of(bySize(a, b)) : Optional.empty();
      case Axis.IrregularAxis a ->
          level instanceof Axis.IrregularAxis b ? irregular(a, b) : Optional.empty();
    };
  }

  private static Optional<AxisScale> regular(Axis.RegularAxis base, Axis.RegularAxis level) {
    if (base.resolution().signum() != level.resolution().signum()) {
      return Optional.empty();
    }
    BigInteger[] ratio =
        fraction(level.resolution().divide(base.resolution(), MathContext.DECIMAL64));
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal baseBorder = base.origin().subtract(base.resolution().divide(two));
    BigDecimal levelBorder = level.origin().subtract(level.resolution().divide(two));
    long d = ratio[0].longValueExact();
    long n = ratio[1].longValueExact();
    BigDecimal shift =
        baseBorder
            .subtract(levelBorder)
            .divide(level.resolution(), MathContext.DECIMAL64)
            .multiply(BigDecimal.valueOf(d));
    BigDecimal whole = shift.setScale(0, RoundingMode.HALF_EVEN);
    if (shift.subtract(whole).abs().compareTo(ALIGNED) > 0) {
      d *= FINE;
      n *= FINE;
      whole = shift.multiply(BigDecimal.valueOf(FINE)).setScale(0, RoundingMode.HALF_EVEN);
    }
    return Optional.of(
        new AxisScale(n, whole.longValueExact() + level.low() * d - base.low() * n, d));
  }

  /** Numerator and denominator of a positive number, the smallest ones that are near enough. */
  private static BigInteger[] fraction(BigDecimal value) {
    BigInteger p0 = BigInteger.ONE;
    BigInteger q0 = BigInteger.ZERO;
    BigInteger p = value.toBigInteger();
    BigInteger q = BigInteger.ONE;
    BigDecimal rest = value.subtract(new BigDecimal(p));
    while (rest.signum() != 0
        && (p.signum() == 0
            || new BigDecimal(p)
                    .divide(new BigDecimal(q), MathContext.DECIMAL128)
                    .subtract(value)
                    .abs()
                    .compareTo(value.multiply(SAME))
                > 0)) {
      BigDecimal next = BigDecimal.ONE.divide(rest, MathContext.DECIMAL128);
      BigInteger whole = next.toBigInteger();
      BigInteger p2 = whole.multiply(p).add(p0);
      BigInteger q2 = whole.multiply(q).add(q0);
      if (p2.compareTo(LARGEST) > 0 || q2.compareTo(LARGEST) > 0) {
        break;
      }
      p0 = p;
      q0 = q;
      p = p2;
      q = q2;
      rest = next.subtract(new BigDecimal(whole));
    }
    return p.signum() == 0 ? new BigInteger[] {BigInteger.ONE, LARGEST} : new BigInteger[] {p, q};
  }

  private static AxisScale bySize(Axis base, Axis level) {
    long common =
        BigInteger.valueOf(base.size()).gcd(BigInteger.valueOf(level.size())).longValueExact();
    long d = base.size() / common;
    long n = level.size() / common;
    return new AxisScale(n, level.low() * d - base.low() * n, d);
  }

  private static Optional<AxisScale> irregular(Axis.IrregularAxis base, Axis.IrregularAxis level) {
    List<BigDecimal> all = base.coordinates();
    List<BigDecimal> some = level.coordinates();
    if (some.size() > all.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < some.size(); i++) {
      int at = (int) ((long) i * all.size() / some.size());
      if (all.get(at).compareTo(some.get(i)) != 0) {
        return Optional.empty();
      }
    }
    return Optional.of(bySize(base, level));
  }

  /** Cells of the base that make one of the level. */
  public double factor() {
    return (double) denominator / numerator;
  }

  /** Whether the cells are the same, up to their indices. */
  public boolean isShift() {
    return numerator == denominator && offset % denominator == 0;
  }

  /** The level's cell that a place of the base lies in. */
  public long cell(long place) {
    return Math.floorDiv(Math.addExact(Math.multiplyExact(numerator, place), offset), denominator);
  }

  /** The last of the level's cells that a box of the base up to an index (inclusive) touches. */
  public long lastCell(long index) {
    return Math.ceilDiv(
            Math.addExact(Math.multiplyExact(numerator, index + 1), offset), denominator)
        - 1;
  }

  /** The same where the base's indices are greater by an amount. */
  public AxisScale shifted(long by) {
    return new AxisScale(numerator, offset - numerator * by, denominator);
  }
}
