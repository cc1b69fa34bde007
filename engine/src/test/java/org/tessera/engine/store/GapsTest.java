package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/** Cells that were never stored have no value, also where no value is a null value. */
final class GapsTest {
  private final ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(0), 1000);

  /** Two parts of a row of six cells: 4 4 . . 8 8, in one tile or in three. */
  private ArrayVersion mosaic(long edge) {
    try (ArrayWriter w =
        store.create(List.of(new Band(CellType.UINT8)), 1, Tiling.of(new long[] {edge}))) {
      w.write(part(0, 4, 4));
      w.write(part(4, 8, 8));
      return w.commit();
    }
  }

  private static Tile part(long low, int... values) {
    Cells cells = Cells.allocate(CellType.UINT8, values.length);
    for (int i = 0; i < values.length; i++) {
      cells.set(i, values[i], 0);
    }
    return new Tile(
        GridEnvelope.of(new long[] {low}, new long[] {low + values.length - 1}), List.of(cells));
  }

  private static double one(ArrayExpr e) {
    try (Evaluator evaluator = Evaluators.create()) {
      return evaluator.prepare(e, Limits.NONE).read(e.type().domain()).band(0).getDouble(0);
    }
  }

  private static double condensed(String condenser, ArraySource a) {
    return one(ArrayExpr.Reduce.of(Condensers.get(condenser), new ArrayExpr.ArrayRef(a)));
  }

  @Test
  void condensers_pass_over_them_whether_a_tile_has_such_cells_or_there_is_no_tile() {
    for (long edge : new long[] {6, 2, 5}) {
      ArrayVersion a = mosaic(edge);
      assertTrue(a.type().band(0).nulls().gaps());
      assertEquals(6, condensed("avg", a), "tiles of " + edge);
      assertEquals(4, condensed("min", a));
      assertEquals(24, condensed("sum", a));
      ArrayExpr isNull =
          ArrayExpr.Induce.of(CellFunctions.get("is null", 1), new ArrayExpr.ArrayRef(a));
      assertEquals(2, one(ArrayExpr.Reduce.of(Condensers.get("count"), isNull)));
    }
  }

  @Test
  void they_are_filled_by_a_later_write_and_are_no_longer_known_when_all_are() {
    ArrayVersion a = mosaic(6);
    try (ArrayWriter w = store.update(a)) {
      w.write(part(2, 0));
      a = w.commit();
    }
    assertEquals(4.8, condensed("avg", a), 1e-12);
    try (ArrayWriter w = store.update(a)) {
      w.write(part(3, 0));
      a = w.commit();
    }
    assertFalse(a.type().band(0).nulls().gaps());
    assertEquals(4, condensed("avg", a));
  }

  @Test
  void a_copy_of_the_cells_has_the_same_gaps() {
    ArrayVersion a = mosaic(6);
    try (Evaluator evaluator = Evaluators.create();
        ArrayWriter w =
            store.create(List.of(new Band(CellType.UINT8)), 1, Tiling.of(new long[] {4}))) {
      evaluator.prepare(new ArrayExpr.ArrayRef(a), Limits.NONE).stream(w::write);
      ArrayVersion copy = w.commit();
      assertEquals(6, condensed("avg", copy));
      assertTrue(copy.type().band(0).nulls().gaps());
    }
  }
}
