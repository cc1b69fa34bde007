package org.tessera.coverage.virtual;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.HorizontalAxes;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.update.DomainMerge;

/**
 * Makes virtual coverages. The grid of one has the CRS of its sources or, if they differ, the one
 * asked for (else EPSG:4326), the finest resolution among them, and the union of their extents; on
 * axes that are not horizontal it has all their coordinates. Where sources overlap the later one
 * wins, but its null cells do not cover.
 */
public final class VirtualCoverage {
  /** Where the sources have several CRSs and none is asked for. */
  private static final String COMMON = "EPSG:4326";

  /** Part of a cell by which borders may miss one another. */
  private static final BigDecimal SLACK = new BigDecimal("0.001");

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private final CrsResolver resolver;

  public VirtualCoverage(CrsResolver resolver) {
    this.resolver = resolver;
  }

  /**
   * A new virtual coverage: fields and metadata of the first source.
   *
   * @param sources at least one, later ones over earlier ones
   * @param crs horizontal CRS that it shall have; empty for that of the sources
   * @param resolution of X and Y in that CRS, both the same; empty for the finest of the sources
   * @throws OwsException {@code InvalidParameterValue}, naming the source that does not fit
   */
  public Coverage describe(
      String id, List<Coverage> sources, Optional<String> crs, Optional<BigDecimal> resolution) {
    Coverage first = sources.getFirst();
    sources.forEach(s -> checkFits(id, first, s));
    DomainSet domain = first.domain();
    Optional<int[]> horizontal = horizontal(domain);
    if (horizontal.isPresent()) {
      Crs to = target(sources, crs);
      Axis[] grid = grid(sources, to, resolution);
      domain = withHorizontal(domain, to, grid[0], grid[1]);
    } else if (crs.isPresent() || resolution.isPresent()) {
      throw doesNotFit(id, first, "it has no two regular horizontal axes to put on another grid");
    }
    return new Coverage(
        id, union(id, domain, sources), first.range(), first.metadata(), first.nativeFormat(), "");
  }

  /** The coverage after its sources have become others: on the same grid, as far as they reach. */
  public Coverage follow(Coverage virtual, List<Coverage> sources) {
    Coverage first = sources.getFirst();
    sources.forEach(s -> checkFits(virtual.id(), first, s));
    DomainSet domain = first.domain();
    Optional<int[]> at = horizontal(virtual.domain());
    if (at.isPresent()) {
      Axis.RegularAxis x = (Axis.RegularAxis) virtual.domain().axes().get(at.get()[0]);
      Axis.RegularAxis y = (Axis.RegularAxis) virtual.domain().axes().get(at.get()[1]);
      Crs to = resolver.resolve(x.crs());
      List<BigDecimal[]> boxes = sources.stream().map(s -> box(s, to)).toList();
      domain = withHorizontal(domain, to, over(x, boxes, 0), over(y, boxes, 1));
    }
    return new Coverage(
        virtual.id(),
        union(virtual.id(), domain, sources),
        virtual.range(),
        virtual.metadata(),
        virtual.nativeFormat(),
        "");
  }

  /**
   * The coverage with its cells.
   *
   * @param sources those that it was described for, as they are now
   */
  public CoverageSource.Stored open(Coverage virtual, List<CoverageSource.Stored> sources) {
    VirtualCells cells = VirtualCells.of(resolver, virtual, sources);
    return new CoverageSource.Stored(virtual, cells, cells::levels);
  }

  // ---- what fits

  private void checkFits(String id, Coverage first, Coverage source) {
    if (!names(first).equals(names(source))) {
      throw doesNotFit(
          id,
          source,
          "its fields are "
              + names(source)
              + ", those of '"
              + first.id()
              + "' are "
              + names(first));
    }
    for (int i = 0; i < first.range().size(); i++) {
      RangeField a = first.range().get(i);
      RangeField b = source.range().get(i);
      if (a.type() != b.type()) {
        throw doesNotFit(
            id,
            source,
            "its field '"
                + b.name()
                + "' is of type "
                + b.type()
                + ", that of '"
                + first.id()
                + "' of "
                + a.type());
      }
      if (!NilValues.nullSet(a.nils()).equals(NilValues.nullSet(b.nils()))) {
        throw doesNotFit(
            id,
            source,
            "its field '" + b.name() + "' has other null values than that of '" + first.id() + "'");
      }
    }
    List<String> axes = others(source.domain());
    if (source.domain().dimension() != first.domain().dimension()
        || !axes.equals(others(first.domain()))
        || horizontal(source.domain()).isPresent() != horizontal(first.domain()).isPresent()) {
      throw doesNotFit(
          id,
          source,
          "its axes are "
              + source.domain().crsOrder()
              + ", those of '"
              + first.id()
              + "' are "
              + first.domain().crsOrder());
    }
  }

  private static List<String> names(Coverage coverage) {
    return coverage.range().stream().map(RangeField::name).toList();
  }

  /** Labels of the axes that are not horizontal, in an order of their own. */
  private List<String> others(DomainSet domain) {
    Optional<int[]> at = horizontal(domain);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < domain.dimension(); i++) {
      if (at.isEmpty() || (i != at.get()[0] && i != at.get()[1])) {
        labels.add(domain.axes().get(i).label());
      }
    }
    return labels.stream().sorted().toList();
  }

  private static OwsException doesNotFit(String id, Coverage source, String why) {
    return new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        source.id(),
        "Coverage '"
            + source.id()
            + "' cannot be a source of the virtual coverage '"
            + id
            + "': "
            + why
            + ".");
  }

  // ---- the grid

  /** Places of the X and the Y axis in array order, if there are both and they are regular. */
  private Optional<int[]> horizontal(DomainSet domain) {
    return horizontal(resolver, domain);
  }

  static Optional<int[]> horizontal(CrsResolver resolver, DomainSet domain) {
    Map<String, CrsAxis> kinds = resolver.axes(domain);
    int x = -1;
    int y = -1;
    for (int i = 0; i < domain.dimension(); i++) {
      if (domain.axes().get(i) instanceof Axis.RegularAxis a) {
        CrsAxis.Kind kind = kinds.get(a.label()).kind();
        x = kind == CrsAxis.Kind.X ? i : x;
        y = kind == CrsAxis.Kind.Y ? i : y;
      }
    }
    return x < 0 || y < 0 ? Optional.empty() : Optional.of(new int[] {x, y});
  }

  private Crs crs(Coverage source) {
    int x = horizontal(source.domain()).orElseThrow()[0];
    return resolver.resolve(source.domain().axes().get(x).crs());
  }

  private Crs target(List<Coverage> sources, Optional<String> asked) {
    Crs first = crs(sources.getFirst());
    String name = asked.orElse(COMMON);
    if (asked.isEmpty() && sources.stream().allMatch(s -> crs(s).path().equals(first.path()))) {
      return first;
    }
    return resolver
        .resolve(name)
        .horizontal()
        .orElseThrow(
            () ->
                new OwsException(
                    OwsErrorCode.INVALID_CRS, name, "CRS '" + name + "' has no horizontal axes."));
  }

  /** The X and the Y axis of the union. */
  private Axis[] grid(List<Coverage> sources, Crs to, Optional<BigDecimal> resolution) {
    List<BigDecimal[]> boxes = sources.stream().map(s -> box(s, to)).toList();
    Axis.RegularAxis[] model = model(sources, to);
    for (int i = 0; i < 2; i++) {
      if (resolution.isPresent()) {
        BigDecimal r = resolution.get().abs();
        model[i] = withResolution(model[i], model[i].resolution().signum() < 0 ? r.negate() : r);
      }
    }
    return new Axis[] {over(model[0], boxes, 0), over(model[1], boxes, 1)};
  }

  /** Axes whose borders and resolution the grid takes over: those of the finest source. */
  private Axis.RegularAxis[] model(List<Coverage> sources, Crs to) {
    Axis.RegularAxis x = null;
    Axis.RegularAxis y = null;
    for (Coverage s : sources) {
      if (crs(s).path().equals(to.path())) {
        int[] at = horizontal(s.domain()).orElseThrow();
        Axis.RegularAxis sx = (Axis.RegularAxis) s.domain().axes().get(at[0]);
        Axis.RegularAxis sy = (Axis.RegularAxis) s.domain().axes().get(at[1]);
        if (x == null || finer(sx, x)) {
          x = sx;
          y = sy;
        }
      }
    }
    if (x != null) {
      return new Axis.RegularAxis[] {x, y};
    }
    BigDecimal finest = sources.stream().map(s -> square(s, to)).min(BigDecimal::compareTo).get();
    int[] at = horizontal(sources.getFirst().domain()).orElseThrow();
    return new Axis.RegularAxis[] {
      fresh(sources.getFirst(), at[0], to, CrsAxis.Kind.X, finest),
      fresh(sources.getFirst(), at[1], to, CrsAxis.Kind.Y, finest.negate())
    };
  }

  private static boolean finer(Axis.RegularAxis a, Axis.RegularAxis b) {
    return a.resolution().abs().compareTo(b.resolution().abs()) < 0;
  }

  /** As many cells along the diagonal as the source has. */
  private BigDecimal square(Coverage source, Crs to) {
    BigDecimal[] box = box(source, to);
    int[] at = horizontal(source.domain()).orElseThrow();
    double cells =
        Math.hypot(
            (double) source.domain().axes().get(at[0]).size(),
            (double) source.domain().axes().get(at[1]).size());
    double diagonal =
        Math.hypot(box[2].subtract(box[0]).doubleValue(), box[3].subtract(box[1]).doubleValue());
    return new BigDecimal(diagonal / cells).round(new MathContext(6));
  }

  private static Axis.RegularAxis fresh(
      Coverage first, int place, Crs to, CrsAxis.Kind kind, BigDecimal resolution) {
    Axis old = first.domain().axes().get(place);
    CrsAxis axis = to.axes().stream().filter(a -> a.kind() == kind).findFirst().orElseThrow();
    String base = old.crs().substring(0, Math.max(0, old.crs().indexOf("/crs/")));
    return new Axis.RegularAxis(
        axis.label(),
        axis.uom(),
        to.uri(base),
        0,
        0,
        old.gridRank(),
        resolution.divide(TWO),
        resolution);
  }

  private static Axis.RegularAxis withResolution(Axis.RegularAxis a, BigDecimal resolution) {
    BigDecimal border = a.origin().subtract(a.resolution().divide(TWO));
    return new Axis.RegularAxis(
        a.label(),
        a.uom(),
        a.crs(),
        0,
        0,
        a.gridRank(),
        border.add(resolution.divide(TWO)),
        resolution);
  }

  /** Lower X, lower Y, upper X, upper Y of a source. */
  private BigDecimal[] box(Coverage source, Crs to) {
    int[] at = horizontal(source.domain()).orElseThrow();
    Axis x = source.domain().axes().get(at[0]);
    Axis y = source.domain().axes().get(at[1]);
    Crs from = crs(source);
    if (from.path().equals(to.path())) {
      return new BigDecimal[] {x.lower(), y.lower(), x.upper(), y.upper()};
    }
    int fromX = HorizontalAxes.placeOfX(from);
    int toX = HorizontalAxes.placeOfX(to);
    double[] lower = new double[2];
    double[] upper = new double[2];
    lower[fromX] = x.lower().doubleValue();
    upper[fromX] = x.upper().doubleValue();
    lower[1 - fromX] = y.lower().doubleValue();
    upper[1 - fromX] = y.upper().doubleValue();
    double[] box = resolver.reprojection(from, to).transformBox(lower, upper);
    return new BigDecimal[] {
      BigDecimal.valueOf(box[toX]),
      BigDecimal.valueOf(box[1 - toX]),
      BigDecimal.valueOf(box[toX + 2]),
      BigDecimal.valueOf(box[3 - toX])
    };
  }

  /**
   * The axis with the model's resolution and borders that holds all boxes; its indices start at 0.
   *
   * @param place 0 for X, 1 for Y
   */
  private static Axis over(Axis.RegularAxis model, List<BigDecimal[]> boxes, int place) {
    BigDecimal lower = boxes.stream().map(b -> b[place]).min(BigDecimal::compareTo).orElseThrow();
    BigDecimal upper =
        boxes.stream().map(b -> b[place + 2]).max(BigDecimal::compareTo).orElseThrow();
    BigDecimal r = model.resolution();
    BigDecimal border = model.origin().subtract(r.divide(TWO));
    BigDecimal from = (r.signum() > 0 ? lower : upper).subtract(border);
    BigDecimal to = (r.signum() > 0 ? upper : lower).subtract(border);
    MathContext digits = MathContext.DECIMAL128;
    BigDecimal low = from.divide(r, digits).add(SLACK).setScale(0, RoundingMode.FLOOR);
    BigDecimal end = to.divide(r, digits).subtract(SLACK).setScale(0, RoundingMode.CEILING);
    long size = Math.max(1, end.subtract(low).longValueExact());
    return new Axis.RegularAxis(
        model.label(),
        model.uom(),
        model.crs(),
        0,
        size - 1,
        model.gridRank(),
        model.origin().add(r.multiply(low)),
        r);
  }

  /** A domain set with other horizontal axes. */
  private DomainSet withHorizontal(DomainSet domain, Crs to, Axis x, Axis y) {
    int[] at = horizontal(domain).orElseThrow();
    return HorizontalAxes.replace(domain, at[0], at[1], to, x, y);
  }

  /** The union along all other axes. */
  private DomainSet union(String id, DomainSet domain, List<Coverage> sources) {
    DomainSet all = domain;
    for (Coverage s : sources) {
      try {
        all = merged(resolver, all, s.domain()).domain();
      } catch (OwsException e) {
        throw doesNotFit(id, s, e.getMessage().replaceFirst("\\.$", ""));
      }
    }
    return all;
  }

  /**
   * Where a source lies along the axes that are not horizontal: the other ones of the merge are the
   * whole axis.
   */
  static DomainMerge merged(CrsResolver resolver, DomainSet virtual, DomainSet source) {
    Optional<int[]> to = horizontal(resolver, virtual);
    Optional<int[]> from = horizontal(resolver, source);
    List<Axis> axes = new ArrayList<>(source.axes());
    if (to.isPresent() && from.isPresent()) {
      axes.set(from.get()[0], virtual.axes().get(to.get()[0]));
      axes.set(from.get()[1], virtual.axes().get(to.get()[1]));
    }
    Stream<String> labels = axes.stream().map(Axis::label);
    return DomainMerge.of(
        virtual, new DomainSet(virtual.crs(), axes, labels.toList()), axis -> Optional.empty());
  }
}
