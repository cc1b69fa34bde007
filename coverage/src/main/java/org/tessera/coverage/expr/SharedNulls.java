package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.NullRule;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * A stored array read by {@link NullRule#SHARED}: all bands have the same null values, and null
 * cells have the first of them as value. What is known of its tiles counts null cells of the bands'
 * own, and is left aside.
 */
final class SharedNulls implements ArraySource {
  private final ArraySource stored;
  private final ArrayType type;

  private SharedNulls(ArraySource stored, ArrayType type) {
    this.stored = stored;
    this.type = type;
  }

  /** The array with the null values of its own for each band: what is scaled. */
  ArraySource stored() {
    return stored;
  }

  /**
   * The coverage with the null values of all fields for each; itself if that makes no difference.
   */
  static CoverageSource.Stored of(CoverageSource.Stored s) {
    Map<String, NilValue> nils = new LinkedHashMap<>();
    for (RangeField f : s.coverage().range()) {
      f.nils().forEach(n -> nils.putIfAbsent(n.text(), n));
    }
    List<NilValue> all = List.copyOf(nils.values());
    if (all.isEmpty()) {
      return s;
    }
    List<Band> bands = new ArrayList<>();
    NullSet set = NilValues.nullSet(all);
    for (RangeField f : s.coverage().range()) {
      bands.add(new Band(f.type(), f.type() == CellType.FLOAT32 ? asDoubles(set) : set));
    }
    return new CoverageSource.Stored(
        s.coverage(),
        of(s.cells(), bands),
        () ->
            s.levels().get().stream()
                .filter(l -> l.cells().type().bands().size() == bands.size())
                .map(
                    l -> new CoverageSource.Level(of(l.cells(), bands), l.scales(), l.resampling()))
                .toList());
  }

  /**
   * Without the single values that no float equals: cells are compared as doubles. Cells that were
   * never stored stay null.
   */
  private static NullSet asDoubles(NullSet nulls) {
    List<NullSet.Interval> kept =
        nulls.intervals().stream()
            .filter(i -> i.low() != i.high() || (double) (float) i.low() == i.low())
            .toList();
    return kept.equals(nulls.intervals()) ? nulls : new NullSet(kept, true);
  }

  private static SharedNulls of(ArraySource stored, List<Band> bands) {
    return new SharedNulls(stored, new ArrayType(stored.type().domain(), bands));
  }

  @Override
  public String identity() {
    return stored.identity() + " with shared nulls";
  }

  @Override
  public ArrayType type() {
    return type;
  }

  @Override
  public List<StoredTile> tiles(GridEnvelope box) {
    return stored.tiles(box).stream()
        .map(t -> new StoredTile(t.number(), t.box(), List.of()))
        .toList();
  }

  @Override
  public void ensureReadable(GridEnvelope box) {
    stored.ensureReadable(box);
  }

  @Override
  public Tile read(StoredTile tile, GridEnvelope box, int... bands) {
    Tile raw = stored.read(tile, box, bands);
    List<Cells> shared = new ArrayList<>();
    for (int i = 0; i < bands.length; i++) {
      shared.add(shared(raw.band(i), type.band(bands[i]).nulls()));
    }
    return new Tile(raw.box(), shared);
  }

  private static Cells shared(Cells cells, NullSet nulls) {
    long[] mask = NullMask.of(cells, nulls);
    if (mask == null) {
      return cells.withNulls(null);
    }
    // What was read may lie in a cache.
    Cells copy = Cells.allocate(cells.type(), cells.length());
    System.arraycopy(cells.array(), 0, copy.array(), 0, cells.length() * cells.type().components());
    for (int w = 0; w < mask.length; w++) {
      for (long rest = mask[w]; rest != 0; rest &= rest - 1) {
        copy.set((w << 6) + Long.numberOfTrailingZeros(rest), nulls.fill(), 0);
      }
    }
    return copy.withNulls(mask);
  }
}
