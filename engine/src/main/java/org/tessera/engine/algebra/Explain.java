package org.tessera.engine.algebra;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.Cells;

/** Expressions as text. */
public final class Explain {
  private Explain() {}

  /**
   * One line a node, operands indented by two blanks below it: what it does, then its domain
   * (bounds inclusive) and the cell types of its bands.
   */
  public static String print(ArrayExpr expr) {
    StringBuilder text = new StringBuilder();
    print(expr, 0, text);
    return text.toString();
  }

  /**
   * What a node does, with its domain (bounds inclusive) and the cell types of its bands, a
   * question mark at those with null values; as in {@link #print}.
   */
  public static String line(ArrayExpr e) {
    return what(e) + ' ' + type(e.type());
  }

  private static void print(ArrayExpr e, int depth, StringBuilder text) {
    text.append("  ".repeat(depth)).append(line(e)).append('\n');
    for (ArrayExpr o : operands(e)) {
      print(o, depth + 1, text);
    }
  }

  private static String type(ArrayType t) {
    return (t.isScalar() ? "" : t.domain() + " ")
        + t.bands().stream().map(Explain::band).collect(Collectors.joining(", "));
  }

  private static String band(Band b) {
    return b.type() + (b.nulls().isEmpty() ? "" : "?");
  }

  /** What the node does, without its operands. */
  private static String what(ArrayExpr e) {
    return switch (e) {
      case ArrayExpr.ArrayRef x -> "array " + x.source().identity();
      case ArrayExpr.Constant x -> "constant" + (x.type().isScalar() ? values(x) : "");
      case ArrayExpr.Variable x -> variable(x);
      case ArrayExpr.Trim x -> "trim";
      case ArrayExpr.Slice x -> "slice axis " + x.axis();
      case ArrayExpr.Window x -> "window axis " + x.axis() + " of " + x.size();
      case ArrayExpr.Shift x -> "shift " + x.offset();
      case ArrayExpr.Permute x -> "permute " + x.order();
      case ArrayExpr.Induce x -> "induce " + x.function();
      case ArrayExpr.Cast x -> "cast " + x.to();
      case ArrayExpr.SelectBands x -> "bands " + x.bands();
      case ArrayExpr.MakeBands x -> "make bands";
      case ArrayExpr.Reduce x -> "reduce " + x.condenser();
      case ArrayExpr.Condense x ->
          "condense "
              + x.condenser()
              + " over "
              + variables(x.variables())
              + (x.where().isPresent() ? " where, using" : "");
      case ArrayExpr.Construct x -> "construct over " + variables(x.variables());
      case ArrayExpr.Switch x -> "switch of " + x.cases().size();
      case ArrayExpr.Extend x -> "extend";
      case ArrayExpr.Scale x ->
          "scale "
              + x.interpolation()
              + (x.extents().equals(ArrayExpr.Extent.whole(x.input().type().domain()))
                  ? ""
                  : x.extents().stream()
                      .map(part -> part.start() + "+" + part.size() + "/" + part.unit())
                      .collect(Collectors.joining(", ", " from ", "")));
      case ArrayExpr.Resample x ->
          "resample "
              + x.interpolation()
              + " axes "
              + x.rows()
              + " and "
              + x.columns()
              + " at "
              + x.mesh();
      case ArrayExpr.Flip x -> "flip axis " + x.axis();
      case ArrayExpr.Sort x ->
          "sort axis " + x.axis() + (x.descending() ? " descending" : "") + " by last operand";
      case ArrayExpr.Mask x -> "mask by last operand";
      case ArrayExpr.Concat x -> "concat " + x.parts().size() + " along axis " + x.axis();
    };
  }

  private static String values(ArrayExpr.Constant x) {
    List<String> values = new ArrayList<>();
    for (Cells c : x.cells().bands()) {
      String im = c.type().isComplex() ? "+" + c.getImaginary(0) + "i" : "";
      boolean whole = c.type().isInteger();
      values.add(c.isNull(0) ? "null" : (whole ? "" + c.getLong(0) : "" + c.getDouble(0)) + im);
    }
    return " " + String.join(" ", values);
  }

  private static String variable(ArrayExpr.Variable v) {
    return "$" + v.name() + "(" + v.low() + ":" + v.high() + ")";
  }

  private static String variables(List<ArrayExpr.Variable> all) {
    return all.stream().map(Explain::variable).collect(Collectors.joining(", "));
  }

  /** The operands in the order in which they are printed. */
  public static List<ArrayExpr> operands(ArrayExpr e) {
    return switch (e) {
      case ArrayExpr.ArrayRef x -> List.of();
      case ArrayExpr.Constant x -> List.of();
      case ArrayExpr.Variable x -> List.of();
      case ArrayExpr.Trim x -> List.of(x.input());
      case ArrayExpr.Slice x -> List.of(x.input(), x.position());
      case ArrayExpr.Window x -> List.of(x.input(), x.low());
      case ArrayExpr.Shift x -> List.of(x.input());
      case ArrayExpr.Permute x -> List.of(x.input());
      case ArrayExpr.Induce x -> x.operands();
      case ArrayExpr.Cast x -> List.of(x.input());
      case ArrayExpr.SelectBands x -> List.of(x.input());
      case ArrayExpr.MakeBands x -> x.operands();
      case ArrayExpr.Reduce x -> List.of(x.input());
      case ArrayExpr.Condense x ->
          x.where().map(w -> List.of(w, x.using())).orElse(List.of(x.using()));
      case ArrayExpr.Construct x -> List.of(x.values());
      case ArrayExpr.Switch x -> {
        List<ArrayExpr> all = new ArrayList<>();
        for (ArrayExpr.Case c : x.cases()) {
          all.add(c.condition());
          all.add(c.value());
        }
        all.add(x.otherwise());
        yield all;
      }
      case ArrayExpr.Extend x -> List.of(x.input());
      case ArrayExpr.Scale x -> List.of(x.input());
      case ArrayExpr.Resample x -> List.of(x.input());
      case ArrayExpr.Flip x -> List.of(x.input());
      case ArrayExpr.Sort x -> List.of(x.input(), x.keys());
      case ArrayExpr.Mask x -> List.of(x.input(), x.mask());
      case ArrayExpr.Concat x -> x.parts();
    };
  }
}
