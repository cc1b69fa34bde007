package org.tessera.coverage.format;

import java.util.List;
import java.util.Set;
import org.tessera.engine.algebra.ArrayExpr;

/**
 * Tells values as they are stored, which their source's attributes still describe (unit, packing,
 * name of the quantity), from computed ones, which they do not.
 */
final class StoredValues {
  /** Functions and condensers that give one of their operand's values, or one between them. */
  private static final Set<String> VALUES = Set.of("value");

  private static final Set<String> BETWEEN =
      Set.of("avg", "min", "max", "median", "percentile", "mode");

  private StoredValues() {}

  /** Whether a band of an expression has values of a stored array: moved, chosen or averaged. */
  static boolean is(ArrayExpr e, int band) {
    return switch (e) {
      case ArrayExpr.ArrayRef r -> true;
      case ArrayExpr.Trim t -> is(t.input(), band);
      case ArrayExpr.Slice s -> is(s.input(), band);
      case ArrayExpr.Window w -> is(w.input(), band);
      case ArrayExpr.Shift s -> is(s.input(), band);
      case ArrayExpr.Permute p -> is(p.input(), band);
      case ArrayExpr.Extend x -> is(x.input(), band);
      case ArrayExpr.Scale s -> is(s.input(), band);
      case ArrayExpr.Resample r -> is(r.input(), band);
      case ArrayExpr.Flip f -> is(f.input(), band);
      case ArrayExpr.Sort s -> is(s.input(), band);
      case ArrayExpr.Mask m -> is(m.input(), band);
      case ArrayExpr.Cast c -> is(c.input(), band);
      case ArrayExpr.Construct c -> is(c.values(), band);
      case ArrayExpr.SelectBands s -> is(s.input(), s.bands().get(band));
      case ArrayExpr.MakeBands m -> ofOperands(m.operands(), band);
      case ArrayExpr.Reduce r -> BETWEEN.contains(r.condenser().name()) && is(r.input(), band);
      case ArrayExpr.Condense c -> BETWEEN.contains(c.condenser().name()) && is(c.using(), band);
      case ArrayExpr.Induce i ->
          VALUES.contains(i.function().name()) && is(i.operands().getFirst(), band);
      case ArrayExpr.Switch s -> false;
      case ArrayExpr.Concat c -> c.parts().stream().allMatch(p -> is(p, band));
      case ArrayExpr.Constant c -> true;
      case ArrayExpr.Variable v -> false;
    };
  }

  private static boolean ofOperands(List<ArrayExpr> operands, int band) {
    int first = 0;
    for (ArrayExpr operand : operands) {
      int bands = operand.type().bands().size();
      if (band < first + bands) {
        return is(operand, band - first);
      }
      first += bands;
    }
    throw new IllegalArgumentException("band " + band + " of " + first);
  }
}
