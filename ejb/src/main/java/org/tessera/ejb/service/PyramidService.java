package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.expr.CoverageCompiler;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.Position;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.AxisScale;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.update.DomainMerge;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.catalog.PyramidMember;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.eval.Limits;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.Tiling;

/**
 * Pyramids: coverages of lower resolution that stand in for another one where it is scaled down. A
 * level that was made here follows the coverage: an update computes the touched part of each level
 * and publishes all together. A coverage that was added by hand keeps the cells that it has.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PyramidService {
  /** Levels of any coverage can be made, whatever the limits of a request are. */
  private static final Limits LIMITS =
      new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(7));

  private static final ArrayExpr.Interpolation NEAREST = ArrayExpr.Interpolation.NEAREST;

  private static final Set<String> METHODS =
      new LinkedHashSet<>(
          List.of("near", "average", "mode", "min", "max", "bilinear", "cubic", "med", "q1", "q3"));

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private CoverageService coverages;

  /**
   * A member of a pyramid.
   *
   * @param scale how many cells of the base make one of the member's, per axis in logical grid
   *     order
   * @param resampling how it is computed from the base; empty if it is not
   */
  public record Member(String id, List<BigDecimal> scale, Optional<String> resampling) {
    public Member {
      scale = List.copyOf(scale);
    }
  }

  /** The pyramid of a coverage. */
  public List<Member> list(String id) {
    Coverage base = find(id).coverage();
    List<Member> members = new ArrayList<>();
    for (PyramidMember member : catalog.pyramid(id)) {
      List<BigDecimal> scale = new ArrayList<>();
      for (Axis axis : base.domain().gridAxes()) {
        int i = base.domain().indexOf(axis.label());
        scale.add(
            member
                .derived()
                .map(d -> plain(BigDecimal.valueOf(d.factors().get(i))))
                .orElseGet(() -> scale(axis, member.coverage())));
      }
      members.add(
          new Member(
              member.coverage().id(),
              scale,
              member.derived().map(PyramidMember.Derived::resampling)));
    }
    return members;
  }

  private static BigDecimal scale(Axis axis, Coverage member) {
    Optional<Axis> other = member.domain().axis(axis.label());
    if (axis instanceof Axis.RegularAxis a && other.orElse(null) instanceof Axis.RegularAxis b) {
      return plain(b.resolution().divide(a.resolution(), new MathContext(6)));
    }
    return other
        .map(
            o ->
                plain(
                    BigDecimal.valueOf(axis.size())
                        .divide(BigDecimal.valueOf(o.size()), new MathContext(6))))
        .orElse(BigDecimal.ONE);
  }

  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** Adds existing coverages to a pyramid, with the members of theirs if so wished. */
  public void add(String id, List<String> members, boolean harvesting, Caller caller) {
    caller.require(Caller.Role.WRITER);
    List<String> all = new ArrayList<>(members);
    if (harvesting) {
      for (String member : members) {
        catalog.pyramid(member).stream()
            .map(m -> m.coverage().id())
            .filter(m -> !m.equals(id))
            .forEach(all::add);
      }
    }
    Coverage whole = find(id).coverage();
    VirtualService.checkStored(whole, "given a pyramid");
    DomainSet base = whole.domain();
    for (String member : all) {
      Coverage level = find(member).coverage();
      VirtualService.checkStored(level, "a member of a pyramid");
      List<String> axes = level.domain().crsOrder();
      if (!axes.equals(base.crsOrder())) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            member,
            "Coverage '"
                + member
                + "' has the axes "
                + axes
                + ", but '"
                + id
                + "' has "
                + base.crsOrder()
                + ": it cannot be a member of its pyramid.");
      }
    }
    catalog.addToPyramid(id, all, Optional.empty());
  }

  /** Takes members out of a pyramid; they stay coverages, and do not follow the base any more. */
  public void remove(String id, List<String> members, Caller caller) {
    caller.require(Caller.Role.WRITER);
    catalog.removeFromPyramid(id, members);
  }

  /**
   * Makes a coverage of lower resolution and adds it to the pyramid.
   *
   * @param factors per axis in the order of the CRS, how many cells become one; at least 1. Of n
   *     cells there become n / factor, rounded up, over the same extent
   * @param resampling short name of a method
   */
  public void create(
      String id, String member, List<Double> factors, String resampling, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkCurrent(id);
    TransactionService.checkId(member);
    String method = resampling.toLowerCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      throw new OwsException(
          OwsErrorCode.INTERPOLATION_METHOD_NOT_SUPPORTED,
          "RESAMPLING",
          "Resampling '" + resampling + "' is not known, expected one of " + METHODS + ".");
    }
    CatalogEntry entry = find(id);
    Coverage base = entry.coverage();
    VirtualService.checkStored(base, "given a pyramid");
    List<String> labels = base.domain().crsOrder();
    if (factors.size() != labels.size() || factors.stream().anyMatch(f -> !(f >= 1))) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "SCALEVECTOR",
          "The scale vector is "
              + factors
              + ", expected "
              + labels.size()
              + " factors of at least 1, one for each of "
              + labels
              + ".");
    }
    if (catalog.find(member).isPresent()) {
      throw new OwsException(
          OwsErrorCode.COVERAGE_ID_IN_USE,
          member,
          "Coverage '" + member + "' exists already. Delete it first or choose another id.");
    }
    PyramidMember.Derived derived =
        new PyramidMember.Derived(
            method,
            base.domain().axes().stream()
                .map(a -> factors.get(labels.indexOf(a.label())))
                .toList());
    Coverage from =
        finer(catalog.pyramid(id), derived, List.of(base))
            .map(PyramidMember::coverage)
            .orElse(base);
    Coverage made = whole(base, from, member, derived);
    catalog.insert(
        made, new CoverageVersion.Change("pyramid of " + id, caller.name()), Optional.empty());
    catalog.addToPyramid(id, List.of(member), Optional.of(derived));
    // An update that was published since did not know of this level.
    if (find(id).version() != entry.version()) {
      catalog.update(follow(base, find(id).coverage(), Optional.empty(), change(id, caller)));
    }
  }

  /** InsertScaleLevel and DeleteScaleLevel, for clients that know those. */
  public Answer scaleLevel(OwsRequest.ScaleLevel request, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkCurrent(request.id());
    BigDecimal level = level(request.level());
    String member = request.id() + "_" + level.toPlainString().replace('.', '_');
    if (request.insert()) {
      DomainSet domain = find(request.id()).coverage().domain();
      Crs crs = runtime.crs().resolve(domain.crs());
      List<Double> factors = new ArrayList<>();
      for (int i = 0; i < domain.dimension(); i++) {
        boolean map = crs.partOfAxis(i).isHorizontal() || crs.horizontal().isEmpty();
        factors.add(map ? level.doubleValue() : 1);
      }
      create(request.id(), member, factors, "near", caller);
    } else {
      boolean known =
          catalog.pyramid(request.id()).stream().anyMatch(m -> m.coverage().id().equals(member));
      if (!known) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            "level",
            "Coverage '" + request.id() + "' has no scale level '" + member + "'.");
      }
      catalog.deleteAll(Set.of(member));
    }
    return new Answer("text/xml;charset=UTF-8", Optional.empty(), out -> {});
  }

  private static BigDecimal level(String text) {
    if (text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      BigDecimal level = plain(new BigDecimal(text));
      if (level.compareTo(BigDecimal.ONE) > 0) {
        return level;
      }
    }
    throw new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "level",
        "level is '" + text + "', expected a number above 1, of cells that become one.");
  }

  private static CoverageVersion.Change change(String id, Caller caller) {
    return new CoverageVersion.Change("pyramid of " + id, caller.name());
  }

  /**
   * The coarsest level that another one may be computed from: by nearest neighbours, whose cells
   * are the coverage's own, one that it has whole cells of, and that divides the coverage without a
   * rest, before a change and after it: only then do cells of the levels share their borders.
   */
  private static Optional<PyramidMember> finer(
      List<PyramidMember> members, PyramidMember.Derived derived, List<Coverage> bases) {
    return members.stream()
        .filter(m -> m.derived().filter(d -> isFiner(d, derived) && divides(d, bases)).isPresent())
        .max(Comparator.comparingDouble(m -> reduction(m.derived().orElseThrow())));
  }

  private static boolean isFiner(PyramidMember.Derived a, PyramidMember.Derived b) {
    for (int i = 0; i < a.factors().size(); i++) {
      if (b.factors().get(i) % a.factors().get(i) != 0) {
        return false;
      }
    }
    return method(a.resampling()) == NEAREST
        && method(b.resampling()) == NEAREST
        && reduction(a) < reduction(b);
  }

  private static boolean divides(PyramidMember.Derived derived, List<Coverage> bases) {
    for (Coverage base : bases) {
      for (int i = 0; i < derived.factors().size(); i++) {
        if (base.domain().axes().get(i).size() % derived.factors().get(i) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** How many cells become one. */
  private static double reduction(PyramidMember.Derived d) {
    return d.factors().stream().reduce(1.0, (a, b) -> a * b);
  }

  /**
   * Computes a level anew.
   *
   * @param from the coverage, or a finer level of it, which is used if it covers just the same
   */
  private Coverage whole(Coverage base, Coverage from, String id, PyramidMember.Derived derived) {
    List<CoverageExpr.AxisValue> sizes = new ArrayList<>();
    for (int i = 0; i < base.domain().dimension(); i++) {
      double factor = derived.factors().get(i);
      Axis axis = base.domain().axes().get(i);
      if (factor > 1) {
        BigDecimal size =
            BigDecimal.valueOf(axis.size())
                .divide(BigDecimal.valueOf(factor), MathContext.DECIMAL64)
                .setScale(0, RoundingMode.CEILING);
        sizes.add(
            new CoverageExpr.AxisValue(
                axis.label(), new CoverageExpr.NumberLiteral(size.toPlainString())));
      }
    }
    CompiledCoverage scaled =
        coverages.compile(
            new CoverageExpr.Scale(
                new CoverageExpr.CoverageRef(base.id()),
                new CoverageExpr.Target.Sizes(sizes),
                Optional.empty(),
                Position.NONE),
            base);
    Coverage made =
        new Coverage(id, scaled.domain(), base.range(), base.metadata(), base.nativeFormat(), "");
    GridEnvelope box = made.domain().gridEnvelope();
    Tiling tiling = Tiling.standard(made.arrayType().bands(), box);
    try (ArrayWriter writer =
        runtime.arrays().create(made.arrayType().bands(), made.domain().dimension(), tiling)) {
      compute(
          new ArrayExpr.Scale(
              new ArrayExpr.ArrayRef(runtime.cells(coversTheSame(base, from) ? from : base)),
              box,
              method(derived.resampling())),
          writer);
      return at(made, made.domain(), writer.commit(box));
    }
  }

  /** Whether a level ends where its base does; one that has grown may reach beyond it. */
  private static boolean coversTheSame(Coverage base, Coverage level) {
    Optional<List<AxisScale>> scales = AxisScale.of(base.domain(), level.domain());
    GridEnvelope outer = base.domain().gridEnvelope();
    GridEnvelope inner = level.domain().gridEnvelope();
    for (int i = 0; scales.isPresent() && i < outer.dimension(); i++) {
      AxisScale scale = scales.get().get(i);
      if (place(scale, outer.low(i)) != inner.low(i) * scale.denominator()
          || place(scale, outer.high(i) + 1) != (inner.high(i) + 1) * scale.denominator()) {
        return false;
      }
    }
    return scales.isPresent();
  }

  /** Where a border of the base's cells lies in the level, in its cells' fractions. */
  private static long place(AxisScale scale, long border) {
    return scale.numerator() * border + scale.offset();
  }

  private void compute(ArrayExpr cells, ArrayWriter writer) {
    runtime.evaluator().prepare(cells, LIMITS).stream(writer::write);
  }

  private static Coverage at(Coverage c, DomainSet domain, ArrayVersion version) {
    return new Coverage(c.id(), domain, c.range(), c.metadata(), c.nativeFormat(), version.key());
  }

  private static ArrayExpr.Interpolation method(String name) {
    return CoverageCompiler.interpolation(name);
  }

  /**
   * What becomes of the levels of a coverage that has changed, to be published together with it.
   *
   * @param merges where cells were written, one after the other, only the first with shifts; empty
   *     if anything may have changed
   */
  public List<CoverageCatalog.Edit> follow(
      Coverage before,
      Coverage after,
      Optional<List<DomainMerge>> merges,
      CoverageVersion.Change change) {
    List<CoverageCatalog.Edit> edits = new ArrayList<>();
    List<PyramidMember> members =
        catalog.pyramid(before.id()).stream()
            .filter(m -> m.derived().isPresent())
            .sorted(Comparator.comparingDouble(m -> reduction(m.derived().orElseThrow())))
            .toList();
    Map<String, Coverage> levels = new HashMap<>();
    for (PyramidMember member : members) {
      PyramidMember.Derived derived = member.derived().orElseThrow();
      Optional<PyramidMember> finer = finer(members, derived, List.of(before, after));
      Coverage was = finer.map(PyramidMember::coverage).orElse(before);
      Coverage from = finer.map(f -> levels.get(f.coverage().id())).orElse(after);
      Coverage level =
          merges
              .flatMap(m -> touched(before, after, m, was, from, member.coverage(), derived))
              .orElseGet(() -> whole(after, from, member.coverage().id(), derived));
      levels.put(level.id(), level);
      edits.add(
          new CoverageCatalog.Edit(
              level.id(),
              member.entry().revision(),
              level,
              Optional.of(
                  new CoverageVersion.Change(change.cause() + " of " + before.id(), change.by())),
              runtime.settings().versions().any()));
    }
    return edits;
  }

  /**
   * Computes the touched part of a level; empty if all of it has to be computed.
   *
   * @param was the coverage before, or the finer level that this one is computed from
   * @param from the same after the change
   */
  private Optional<Coverage> touched(
      Coverage before,
      Coverage after,
      List<DomainMerge> merges,
      Coverage was,
      Coverage from,
      Coverage level,
      PyramidMember.Derived derived) {
    Optional<List<AxisScale>> known = AxisScale.of(before.domain(), level.domain());
    Optional<List<AxisScale>> toFiner = AxisScale.of(before.domain(), was.domain());
    Optional<List<AxisScale>> fromFiner = AxisScale.of(was.domain(), level.domain());
    if (known.isEmpty()
        || toFiner.isEmpty()
        || fromFiner.isEmpty()
        || !level.arrayType().bands().equals(before.arrayType().bands())) {
      return Optional.empty();
    }
    List<AxisScale> scales = known.get();
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < scales.size(); i++) {
      Optional<Axis> grown =
          grown(
              before.domain().axes().get(i),
              after.domain().axes().get(i),
              level.domain().axes().get(i),
              scales.get(i));
      if (grown.isEmpty()) {
        return Optional.empty();
      }
      axes.add(grown.get());
    }
    DomainSet domain = new DomainSet(level.domain().crs(), axes, level.domain().crsOrder());
    GridEnvelope all = domain.gridEnvelope();
    ArrayExpr.Interpolation method = method(derived.resampling());
    ArrayExpr cells = new ArrayExpr.ArrayRef(runtime.cells(from));
    try (ArrayWriter writer = runtime.arrays().update(runtime.cells(level))) {
      for (DomainMerge.Shift shift : merges.getFirst().shifts()) {
        long first = scales.get(shift.axis()).cell(shift.from());
        writer.shift(shift.axis(), first, shift.by());
      }
      for (DomainMerge merge : merges) {
        for (DomainMerge.Box box : merge.boxes()) {
          GridEnvelope touched = on(toFiner.get(), box.target(), cells.type().domain());
          compute(part(cells, touched, fromFiner.get(), all, method), writer);
        }
      }
      return Optional.of(at(level, domain, writer.commit(all)));
    }
  }

  /** The level's axis after the base's has become another one; empty if it cannot just grow. */
  private static Optional<Axis> grown(Axis before, Axis after, Axis level, AxisScale scale) {
    if (before.equals(after)) {
      return Optional.of(level);
    }
    long low = Math.min(level.low(), scale.cell(after.low()));
    long high = Math.max(level.high(), scale.lastCell(after.high()));
    return switch (level) {
      case Axis.RegularAxis a ->
          Optional.of(
              new Axis.RegularAxis(
                  a.label(),
                  a.uom(),
                  a.crs(),
                  low,
                  high,
                  a.gridRank(),
                  a.point(low),
                  a.resolution()));
      case Axis.IndexAxis a ->
          scale.isShift()
              ? Optional.of(
                  new Axis.IndexAxis(a.label(), a.uom(), a.crs(), low, high, a.gridRank()))
              : Optional.empty();
      case Axis.IrregularAxis a ->
          scale.isShift() && after instanceof Axis.IrregularAxis b
              ? Optional.of(
                  new Axis.IrregularAxis(
                      a.label(), a.uom(), a.crs(), low, a.gridRank(), b.coordinates()))
              : Optional.empty();
    };
  }

  /** The cells of a level that lie on a box of the base. */
  private static GridEnvelope on(List<AxisScale> scales, GridEnvelope box, GridEnvelope level) {
    GridEnvelope on = level;
    for (int i = 0; i < scales.size(); i++) {
      AxisScale s = scales.get(i);
      long low = Math.clamp(s.cell(box.low(i)), level.low(i), level.high(i));
      long high = Math.clamp(s.lastCell(box.high(i)), low, level.high(i));
      on = on.with(i, low, high);
    }
    return on;
  }

  /** The cells of the level that depend on a box of the base. */
  private static ArrayExpr part(
      ArrayExpr base,
      GridEnvelope touched,
      List<AxisScale> scales,
      GridEnvelope all,
      ArrayExpr.Interpolation method) {
    GridEnvelope from = base.type().domain();
    GridEnvelope box = all;
    List<ArrayExpr.Extent> extents = new ArrayList<>();
    for (int i = 0; i < scales.size(); i++) {
      AxisScale s = scales.get(i);
      long reach = s.isShift() ? 0 : reach(method, s.factor());
      long low = Math.max(all.low(i), s.cell(touched.low(i) - reach));
      long high = Math.min(all.high(i), s.lastCell(touched.high(i) + reach));
      box = box.with(i, low, high);
      extents.add(
          new ArrayExpr.Extent(
              s.denominator() * low - s.offset() - s.numerator() * from.low(i),
              s.denominator() * (high - low + 1),
              s.numerator()));
    }
    return new ArrayExpr.Scale(base, box, method, extents);
  }

  /** How far beyond the cells that it covers a cell of a level looks. */
  private static long reach(ArrayExpr.Interpolation method, double factor) {
    long wide = (long) Math.ceil(Math.max(1, factor));
    return switch (method) {
      case LINEAR -> wide + 1;
      case CUBIC -> 2 * wide + 1;
      case NEAREST, AVERAGE, MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> 0;
    };
  }

  /** The levels that may be read instead of a coverage. */
  public List<CoverageSource.Level> levels(CatalogEntry entry) {
    List<CoverageSource.Level> levels = new ArrayList<>();
    for (PyramidMember member : catalog.pyramid(entry)) {
      AxisScale.of(entry.coverage().domain(), member.coverage().domain())
          .ifPresent(
              scales ->
                  levels.add(
                      new CoverageSource.Level(
                          runtime.cells(member.coverage()),
                          scales,
                          member.derived().map(d -> method(d.resampling())))));
    }
    return levels;
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
