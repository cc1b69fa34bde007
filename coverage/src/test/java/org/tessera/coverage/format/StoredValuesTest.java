package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.array.CellType;

class StoredValuesTest {
  private static final ArrayExpr CELLS = ArrayExpr.scalar(CellType.INT16, 7);

  @Test
  void castsBandsAndMeansAreStoredValues() {
    assertTrue(StoredValues.is(new ArrayExpr.Cast(CELLS, CellType.FLOAT64), 0));
    assertTrue(StoredValues.is(ArrayExpr.Reduce.of(Condensers.get("avg"), CELLS), 0));
  }

  @Test
  void sumsAndArithmeticAreNot() {
    assertFalse(StoredValues.is(ArrayExpr.Reduce.of(Condensers.get("sum"), CELLS), 0));
    assertFalse(StoredValues.is(ArrayExpr.Induce.of(CellFunctions.get("*", 2), CELLS, CELLS), 0));
  }

  @Test
  void eachBandIsAskedForItself() {
    ArrayExpr computed = ArrayExpr.Induce.of(CellFunctions.get("*", 2), CELLS, CELLS);
    ArrayExpr both = ArrayExpr.MakeBands.of(List.of(computed, CELLS));
    assertFalse(StoredValues.is(both, 0));
    assertTrue(StoredValues.is(both, 1));
    assertTrue(StoredValues.is(new ArrayExpr.SelectBands(both, List.of(1, 0)), 0));
  }
}
