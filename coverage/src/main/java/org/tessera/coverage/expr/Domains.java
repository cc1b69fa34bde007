package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.NearNames;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coordinates;
import org.tessera.coverage.model.DomainSet;

/** Domain sets made of others. */
final class Domains {
  /** Farther than this no grid reaches; keeps sizes within a long. */
  static final long MAX_INDEX = 1L << 40;

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private Domains() {}

  static final DomainSet SCALAR = new DomainSet("", List.of(), List.of());

  /**
   * Place of an axis in array order by its label. Long and Lon are the same, as the CRS's authority
   * and the clients of this field do not agree about it.
   */
  static Optional<Integer> find(DomainSet domain, String label) {
    int i = domain.indexOf(label);
    if (i < 0 && (label.equals("Long") || label.equals("Lon"))) {
      i = domain.indexOf(label.equals("Long") ? "Lon" : "Long");
    }
    return i < 0 ? Optional.empty() : Optional.of(i);
  }

  static int indexOf(DomainSet domain, String label) {
    return find(domain, label)
        .orElseThrow(
            () ->
                new OwsException(
                    OwsErrorCode.INVALID_AXIS_LABEL,
                    label,
                    "Axis label '"
                        + label
                        + "' does not exist, the coverage has "
                        + domain.gridAxes().stream().map(Axis::label).toList()
                        + "."
                        + NearNames.hint(label, domain.crsOrder())));
  }

  /**
   * The domain with some axes taken away or changed: place i of {@code axes} (null if dropped)
   * stands for axis i of the old one. Ranks are numbered anew, the CRS keeps the components that
   * still have an axis.
   */
  static DomainSet replace(DomainSet old, List<Axis> axes) {
    List<Axis> kept = new ArrayList<>();
    List<Axis> byRank = new ArrayList<>();
    for (Axis a : axes) {
      if (a != null) {
        byRank.add(a);
      }
    }
    byRank.sort((a, b) -> Integer.compare(a.gridRank(), b.gridRank()));
    for (Axis a : axes) {
      if (a != null) {
        kept.add(withRank(a, byRank.indexOf(a)));
      }
    }
    if (kept.size() == old.dimension()) {
      return new DomainSet(old.crs(), kept, old.crsOrder(), old.referenceable());
    }
    List<String> order = new ArrayList<>();
    for (String label : old.crsOrder()) {
      if (kept.stream().anyMatch(a -> a.label().equals(label))) {
        order.add(label);
      }
    }
    return new DomainSet(crsOf(old, kept, order), kept, order, old.referenceable());
  }

  private static String crsOf(DomainSet old, List<Axis> kept, List<String> order) {
    Set<String> components = new LinkedHashSet<>();
    for (String label : order) {
      for (Axis a : kept) {
        if (a.label().equals(label)) {
          components.add(a.crs());
        }
      }
    }
    Set<String> before = new LinkedHashSet<>();
    for (Axis a : old.axes()) {
      before.add(a.crs());
    }
    return components.size() == before.size() ? old.crs() : compound(List.copyOf(components));
  }

  /** The URI of a compound of the CRSs of axes. */
  static String compound(List<String> components) {
    if (components.isEmpty()) {
      return "";
    }
    if (components.size() == 1) {
      return components.getFirst();
    }
    String first = components.getFirst();
    int crs = first.indexOf("/crs/");
    StringBuilder s =
        new StringBuilder(crs < 0 ? "" : first.substring(0, crs)).append("/crs-compound?");
    for (int i = 0; i < components.size(); i++) {
      s.append(i == 0 ? "" : "&")
          .append(i + 1)
          .append('=')
          .append(components.get(i).replace("&", "%26"));
    }
    return s.toString();
  }

  static Axis withRank(Axis axis, int rank) {
    return switch (axis) {
      case Axis.IndexAxis a ->
          new Axis.IndexAxis(a.label(), a.uom(), a.crs(), a.low(), a.high(), rank);
      case Axis.RegularAxis a ->
          new Axis.RegularAxis(
              a.label(),
              a.uom(),
              a.crs(),
              a.low(),
              a.high(),
              rank,
              a.origin(),
              a.resolution(),
              a.asked());
      case Axis.IrregularAxis a ->
          new Axis.IrregularAxis(
              a.label(), a.uom(), a.crs(), a.low(), rank, a.coordinates(), a.asked());
    };
  }

  static Axis withLabel(Axis axis, String label, int rank) {
    return switch (axis) {
      case Axis.IndexAxis a -> new Axis.IndexAxis(label, a.uom(), a.crs(), a.low(), a.high(), rank);
      case Axis.RegularAxis a ->
          new Axis.RegularAxis(
              label, a.uom(), a.crs(), a.low(), a.high(), rank, a.origin(), a.resolution());
      case Axis.IrregularAxis a ->
          new Axis.IrregularAxis(label, a.uom(), a.crs(), a.low(), rank, a.coordinates());
    };
  }

  /** The axis on other grid indices, which may reach beyond it. */
  static Axis extended(Axis axis, long low, long high) {
    return switch (axis) {
      case Axis.IndexAxis a -> GridMapping.withBounds(a, low, high);
      case Axis.RegularAxis a -> GridMapping.withBounds(a, low, high);
      case Axis.IrregularAxis a -> {
        if (low < a.low() || high > a.high()) {
          throw new OwsException(
              OwsErrorCode.INVALID_SUBSETTING,
              a.label(),
              "Irregular axis '" + a.label() + "' cannot be extended.");
        }
        yield GridMapping.withBounds(a, low, high);
      }
    };
  }

  /** A piece of the axis' line that holds both coordinates, for subsets beyond the coverage. */
  static Axis reaching(Axis axis, BigDecimal lower, BigDecimal upper) {
    return switch (axis) {
      case Axis.IndexAxis a ->
          GridMapping.withBounds(
              a, Math.min(a.low(), index(lower) - 1), Math.max(a.high(), index(upper) + 1));
      case Axis.RegularAxis a -> {
        BigDecimal far =
            a.lower()
                .subtract(lower)
                .abs()
                .max(a.upper().subtract(upper).abs())
                .max(a.lower().subtract(upper).abs())
                .max(a.upper().subtract(lower).abs());
        long cells = index(far.divide(a.resolution().abs(), MathContext.DECIMAL64)) + 2;
        yield GridMapping.withBounds(a, a.low() - cells, a.high() + cells);
      }
      case Axis.IrregularAxis a -> a;
    };
  }

  private static long index(BigDecimal value) {
    return (long) Math.max(-MAX_INDEX, Math.min(MAX_INDEX, value.doubleValue()));
  }

  /** The axis with {@code high - low + 1} cells over the same extent. */
  static Axis scaled(Axis axis, long low, long high) {
    long n = high - low + 1;
    return switch (axis) {
      case Axis.IndexAxis a ->
          new Axis.IndexAxis(a.label(), a.uom(), a.crs(), low, high, a.gridRank());
      case Axis.RegularAxis a -> {
        BigDecimal resolution =
            n == a.size()
                ? a.resolution()
                : plain(
                    a.resolution()
                        .multiply(BigDecimal.valueOf(a.size()))
                        .divide(BigDecimal.valueOf(n), MathContext.DECIMAL64));
        BigDecimal border = a.resolution().signum() > 0 ? a.lower() : a.upper();
        yield new Axis.RegularAxis(
            a.label(),
            a.uom(),
            a.crs(),
            low,
            high,
            a.gridRank(),
            plain(border.add(resolution.divide(TWO))),
            resolution,
            a.asked());
      }
      case Axis.IrregularAxis a -> {
        List<BigDecimal> points = new ArrayList<>();
        for (long i = 0; i < n; i++) {
          points.add(a.coordinates().get((int) (i * a.size() / n)));
        }
        yield new Axis.IrregularAxis(
            a.label(), a.uom(), a.crs(), low, a.gridRank(), Coordinates.copyOf(points), a.asked());
      }
    };
  }

  static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
