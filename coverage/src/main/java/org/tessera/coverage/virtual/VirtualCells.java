package org.tessera.coverage.virtual;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.AxisScale;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * The cells of a virtual coverage, put together from its sources box by box; nothing is kept but
 * where the cells of the last boxes are.
 */
final class VirtualCells implements ArraySource {
  /** Edge of a tile along the horizontal axes. */
  private static final long EDGE = 512;

  /** Cells of a source to hold at once. */
  private static final long MOST = 8L << 20;

  /** Selections that are kept: bands are asked for one after the other. */
  private static final int KEPT = 64;

  private final CrsResolver resolver;
  private final Coverage coverage;
  private final List<CoverageSource.Stored> sources;
  private final List<Member> members;
  private final DomainSet grid;
  private final ArrayType type;
  private final long[] edges;

  private record Chosen(int member, GridEnvelope box) {}

  private final Map<Chosen, Member.Selection> selections =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Chosen, Member.Selection> eldest) {
          return size() > KEPT;
        }
      };

  private VirtualCells(
      CrsResolver resolver,
      Coverage coverage,
      List<CoverageSource.Stored> sources,
      List<Member> members,
      DomainSet grid) {
    this.resolver = resolver;
    this.coverage = coverage;
    this.sources = sources;
    this.members = members;
    this.grid = grid;
    this.type = new ArrayType(grid.gridEnvelope(), coverage.arrayType().bands());
    this.edges = new long[grid.dimension()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = i >= edges.length - 2 ? EDGE : 1;
    }
  }

  static VirtualCells of(
      CrsResolver resolver, Coverage coverage, List<CoverageSource.Stored> sources) {
    List<Member> members =
        sources.stream().map(s -> Member.of(resolver, coverage.domain(), s)).toList();
    return new VirtualCells(resolver, coverage, sources, members, coverage.domain());
  }

  /**
   * The coverage at lower resolutions, where all sources have pyramids: each reads of these what is
   * not coarser.
   */
  List<CoverageSource.Level> levels() {
    List<CoverageSource.Level> levels = new ArrayList<>();
    Optional<int[]> at = VirtualCoverage.horizontal(resolver, grid);
    if (at.isEmpty()) {
      return levels;
    }
    TreeSet<Long> factors = new TreeSet<>();
    for (int m = 0; m < members.size(); m++) {
      for (CoverageSource.Level level : sources.get(m).levels().get()) {
        int[] source =
            VirtualCoverage.horizontal(resolver, sources.get(m).coverage().domain()).orElseThrow();
        double factor = level.scales().get(source[0]).factor() / members.get(m).ratio(at.get()[0]);
        if (factor > 1.5) {
          factors.add(Math.round(factor));
        }
      }
    }
    for (long factor : factors) {
      DomainSet coarse = coarser(at.get(), factor);
      List<Member> reduced = new ArrayList<>();
      for (int m = 0; m < members.size(); m++) {
        Member.reduced(resolver, coarse, sources.get(m), members.get(m)).ifPresent(reduced::add);
      }
      Optional<List<AxisScale>> scales = AxisScale.of(grid, coarse);
      if (reduced.size() == members.size() && scales.isPresent()) {
        levels.add(
            new CoverageSource.Level(
                new VirtualCells(resolver, coverage, List.of(), reduced, coarse),
                scales.get(),
                resampling()));
      }
    }
    return levels;
  }

  /** How all levels of all sources were computed, if they were alike. */
  private Optional<ArrayExpr.Interpolation> resampling() {
    List<Optional<ArrayExpr.Interpolation>> all =
        sources.stream()
            .flatMap(s -> s.levels().get().stream())
            .map(CoverageSource.Level::resampling)
            .distinct()
            .toList();
    return all.size() == 1 ? all.getFirst() : Optional.empty();
  }

  private DomainSet coarser(int[] at, long factor) {
    List<Axis> axes = new ArrayList<>(grid.axes());
    for (int i : at) {
      Axis.RegularAxis a = (Axis.RegularAxis) grid.axes().get(i);
      BigDecimal r = a.resolution().multiply(BigDecimal.valueOf(factor));
      BigDecimal two = BigDecimal.valueOf(2);
      axes.set(
          i,
          new Axis.RegularAxis(
              a.label(),
              a.uom(),
              a.crs(),
              0,
              Math.ceilDiv(a.size(), factor) - 1,
              a.gridRank(),
              a.origin().subtract(a.resolution().divide(two)).add(r.divide(two)),
              r));
    }
    return new DomainSet(grid.crs(), axes, grid.crsOrder());
  }

  @Override
  public String identity() {
    return "virtual "
        + grid.hashCode()
        + members.stream().map(m -> m.cells().identity()).collect(Collectors.joining(" ", " ", ""));
  }

  @Override
  public ArrayType type() {
    return type;
  }

  @Override
  public List<StoredTile> tiles(GridEnvelope box) {
    List<StoredTile> tiles = new ArrayList<>();
    Optional<GridEnvelope> asked = box.intersection(type.domain());
    if (asked.isEmpty()) {
      return tiles;
    }
    int n = edges.length;
    long[] low = new long[n];
    long[] high = new long[n];
    for (int i = 0; i < n; i++) {
      low[i] = (asked.get().low(i) - type.domain().low(i)) / edges[i];
      high[i] = (asked.get().high(i) - type.domain().low(i)) / edges[i];
    }
    long[] at = low.clone();
    int axis;
    do {
      long number = 0;
      GridEnvelope tile = type.domain();
      for (int i = 0; i < n; i++) {
        number = number * Math.ceilDiv(type.domain().size(i), edges[i]) + at[i];
        long from = type.domain().low(i) + at[i] * edges[i];
        tile = tile.with(i, from, Math.min(from + edges[i] - 1, type.domain().high(i)));
      }
      GridEnvelope here = tile;
      if (members.stream().anyMatch(m -> m.footprint().intersects(here))) {
        tiles.add(new StoredTile(number, tile, List.of()));
      }
      axis = n - 1;
      while (axis >= 0 && ++at[axis] > high[axis]) {
        at[axis] = low[axis];
        axis--;
      }
    } while (axis >= 0);
    return tiles;
  }

  @Override
  public void ensureReadable(GridEnvelope box) {
    for (Member m : members) {
      // The footprint's share of the source, without looking up each cell.
      m.footprint()
          .intersection(box)
          .ifPresent(
              part -> {
                if (part.equals(m.footprint()) || part.cells() > MOST) {
                  m.cells().ensureReadable(m.cells().type().domain());
                } else {
                  m.bounds(part).ifPresent(m.cells()::ensureReadable);
                }
              });
    }
  }

  @Override
  public Tile read(StoredTile tile, GridEnvelope box, int... bands) {
    List<Cells> result = new ArrayList<>();
    for (int b : bands) {
      Band band = type.band(b);
      Cells cells = empty(band, box.cellsAsInt());
      for (int m = 0; m < members.size(); m++) {
        cover(m, b, box, box, cells);
      }
      result.add(cells.withNulls(NullMask.of(cells, band.nulls())));
    }
    return new Tile(box, result);
  }

  /** Lays the cells of a source over those of a box, part by part if it needs many. */
  private void cover(int member, int band, GridEnvelope part, GridEnvelope box, Cells target) {
    Member m = members.get(member);
    Optional<GridEnvelope> here = m.footprint().intersection(part);
    if (here.isEmpty()) {
      return;
    }
    Optional<GridEnvelope> needed = m.bounds(here.get());
    if (needed.isEmpty()) {
      return;
    }
    int longest = longest(here.get());
    if (needed.get().cells() > MOST && here.get().size(longest) > 1) {
      long middle = (here.get().low(longest) + here.get().high(longest)) / 2;
      cover(member, band, here.get().with(longest, here.get().low(longest), middle), box, target);
      cover(
          member,
          band,
          here.get().with(longest, middle + 1, here.get().high(longest)),
          box,
          target);
      return;
    }
    Member.Selection selection = selection(member, here.get());
    Cells cells = source(m.cells(), selection.box(), band);
    lay(cells, selection.from(), here.get(), box, target, type.band(band));
  }

  private static int longest(GridEnvelope box) {
    int longest = 0;
    for (int i = 1; i < box.dimension(); i++) {
      longest = box.size(i) > box.size(longest) ? i : longest;
    }
    return longest;
  }

  private Member.Selection selection(int member, GridEnvelope box) {
    Chosen key = new Chosen(member, box);
    synchronized (selections) {
      Member.Selection known = selections.get(key);
      if (known != null) {
        return known;
      }
    }
    Member.Selection made = members.get(member).select(box);
    synchronized (selections) {
      selections.put(key, made);
    }
    return made;
  }

  /** Null cells, or zeroes. */
  private static Cells empty(Band band, int n) {
    Cells cells = Cells.allocate(band.type(), n);
    if (!band.nulls().isEmpty()) {
      double fill = band.nulls().fill();
      for (int i = 0; i < n; i++) {
        cells.set(i, fill, 0);
      }
    }
    return cells;
  }

  /** The cells of a box of a source. */
  private static Cells source(ArraySource source, GridEnvelope box, int band) {
    Cells cells = empty(source.type().band(band), box.cellsAsInt());
    for (StoredTile t : source.tiles(box)) {
      GridEnvelope part = t.box().intersection(box).orElseThrow();
      Cells read = source.read(t, part, band).band(0);
      if (part.equals(box)) {
        return read;
      }
      paste(read, part, cells, box);
    }
    return cells;
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the same primitive type
  private static void paste(Cells from, GridEnvelope part, Cells to, GridEnvelope box) {
    int unit = from.type().components();
    int n = part.dimension();
    int row = n == 0 ? 1 : (int) part.size(n - 1);
    long[] at = part.low();
    for (int cell = 0; cell < from.length(); cell += row) {
      System.arraycopy(
          from.array(), cell * unit, to.array(), (int) box.offset(at) * unit, row * unit);
      for (int i = n - 2; i >= 0 && ++at[i] > part.high(i); i--) {
        at[i] = part.low(i);
      }
    }
  }

  /** Copies the cells that are not null to their places. */
  private static void lay(
      Cells source, int[] from, GridEnvelope part, GridEnvelope box, Cells target, Band band) {
    long[] nulls = NullMask.of(source, band.nulls());
    CellType type = source.type();
    int n = part.dimension();
    int row = n == 0 ? 1 : (int) part.size(n - 1);
    long[] at = part.low();
    for (int cell = 0; cell < from.length; cell += row) {
      int to = (int) box.offset(at);
      for (int k = 0; k < row; k++) {
        int f = from[cell + k];
        if (f != Member.NONE && (nulls == null || (nulls[f >> 6] >>> f & 1) == 0)) {
          copy(type, source.array(), f, target.array(), to + k);
        }
      }
      for (int i = n - 2; i >= 0 && ++at[i] > part.high(i); i--) {
        at[i] = part.low(i);
      }
    }
  }

  private static void copy(CellType type, Object source, int from, Object target, int to) {
    int unit = type.components();
    for (int c = 0; c < unit; c++) {
      int f = from * unit + c;
      int t = to * unit + c;
      switch (source) {
        case byte[] s -> ((byte[]) target)[t] = s[f];
        case short[] s -> ((short[]) target)[t] = s[f];
        case int[] s -> ((int[]) target)[t] = s[f];
        case long[] s -> ((long[]) target)[t] = s[f];
        case float[] s -> ((float[]) target)[t] = s[f];
        case double[] s -> ((double[]) target)[t] = s[f];
        default -> throw new IllegalArgumentException(source.getClass().getName());
      }
    }
  }
}
