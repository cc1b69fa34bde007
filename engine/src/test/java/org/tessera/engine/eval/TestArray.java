package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/** A stored array in memory, cut into tiles, with statistics; it counts the cells that are read. */
final class TestArray implements ArraySource {
  private final ArrayType type;
  private final List<StoredTile> tiles = new ArrayList<>();
  private final List<Tile> cells = new ArrayList<>();
  final AtomicLong cellsRead = new AtomicLong();

  TestArray(ArrayType type) {
    this.type = type;
  }

  /** Adds a tile; null masks are set by the bands' null values. */
  TestArray with(GridEnvelope box, Cells... bands) {
    List<Cells> masked = new ArrayList<>();
    List<BandStatistics> statistics = new ArrayList<>();
    for (int b = 0; b < bands.length; b++) {
      NullSet nulls = type.band(b).nulls();
      long[] mask = new long[(bands[b].length() + 63) / 64];
      for (int i = 0; i < bands[b].length(); i++) {
        if (nulls.contains(bands[b].getDouble(i))) {
          mask[i >> 6] |= 1L << i;
        }
      }
      Cells c = nulls.isEmpty() ? bands[b] : bands[b].withNulls(mask);
      masked.add(c);
      if (!c.type().isComplex()) {
        statistics.add(statistics(c));
      }
    }
    tiles.add(
        new StoredTile(
            tiles.size(), box, statistics.size() == bands.length ? statistics : List.of()));
    cells.add(new Tile(box, masked));
    return this;
  }

  private static BandStatistics statistics(Cells c) {
    long count = 0;
    long nulls = 0;
    long nans = 0;
    double min = Double.NaN;
    double max = Double.NaN;
    double sum = 0;
    java.math.BigInteger exact = java.math.BigInteger.ZERO;
    for (int i = 0; i < c.length(); i++) {
      if (c.isNull(i)) {
        nulls++;
        continue;
      }
      count++;
      double v = c.getDouble(i);
      if (Double.isNaN(v)) {
        nans++;
        continue;
      }
      min = v < min || Double.isNaN(min) ? v : min;
      max = v > max || Double.isNaN(max) ? v : max;
      sum += v;
      exact = exact.add(java.math.BigInteger.valueOf(c.getLong(i)));
    }
    boolean whole = c.type().isInteger() || c.type() == CellType.BOOLEAN;
    return new BandStatistics(
        count,
        nulls,
        nans,
        min,
        max,
        sum,
        whole ? exact.longValue() : 0,
        whole && exact.bitLength() < 64);
  }

  @Override
  public String identity() {
    return "test" + System.identityHashCode(this);
  }

  @Override
  public ArrayType type() {
    return type;
  }

  @Override
  public List<StoredTile> tiles(GridEnvelope box) {
    return tiles.stream().filter(t -> t.box().intersects(box)).toList();
  }

  @Override
  public Tile read(StoredTile tile, GridEnvelope box, int... bands) {
    Tile whole = cells.get((int) tile.number());
    cellsRead.addAndGet(box.cells());
    List<Cells> out = new ArrayList<>();
    for (int b : bands) {
      out.add(part(whole.band(b), whole.box(), box));
    }
    return new Tile(box, out);
  }

  private static Cells part(Cells cells, GridEnvelope of, GridEnvelope box) {
    if (of.equals(box)) {
      return cells;
    }
    int n = box.cellsAsInt();
    Object array = Arena.allocate(cells.type().storage(), n * cells.type().components());
    long[] nulls = cells.nulls() == null ? null : new long[(n + 63) / 64];
    Strided.paste(Vec.of(cells), of, array, nulls, box, box);
    return Cells.wrap(cells.type(), array, nulls);
  }

  /** One band of a type, one tile, filled with the values in row-major order. */
  static TestArray of(CellType type, NullSet nulls, GridEnvelope box, double... values) {
    Cells c = Cells.allocate(type, box.cellsAsInt());
    for (int i = 0; i < values.length; i++) {
      Narrowing.put(type, c.array(), i, values[i]);
    }
    return new TestArray(new ArrayType(box, List.of(new Band(type, nulls)))).with(box, c);
  }
}
