package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.expr.CoverageExpr.Target;
import org.tessera.coverage.expr.DimensionSubset.DimensionTrim;
import org.tessera.coverage.model.Axis;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.eval.Limits;

/**
 * What to ask for in place of a coverage that exceeds the limits: a box of it and a coarser scale,
 * in words of a request. Both are compiled as that request would be, and would be taken.
 */
final class Smaller {
  /** Halvings of a box or of a scale. */
  private static final int TRIES = 48;

  /** How long is looked for: a refusal must not cost more than many an answer. */
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final long deadline = System.nanoTime() + PATIENCE_NANOS;

  private final CoverageCompiler compiler;
  private final Scope scope;
  private final GridMapping mapping;
  private final CompiledCoverage whole;
  private final UnaryOperator<ArrayExpr> use;
  private final Limits limits;

  /**
   * @param whole what is too large
   * @param use what is made of its cells, such as their sum
   * @param limits that have to hold
   */
  Smaller(
      CoverageCompiler compiler,
      Scope scope,
      GridMapping mapping,
      CompiledCoverage whole,
      UnaryOperator<ArrayExpr> use,
      Limits limits) {
    this.compiler = compiler;
    this.scope = scope;
    this.mapping = mapping;
    this.whole = whole;
    this.use = use;
    this.limits = limits;
  }

  /** The suggestion as a sentence; empty if nothing was found. */
  Optional<String> sentence() {
    Optional<String> box = box().map(b -> "the part [" + b + "] of ");
    Optional<String> scale = scale().map(s -> "all of it scaled by " + s);
    if (box.isEmpty() && scale.isEmpty()) {
      return Optional.empty();
    }
    String what = whole.id().isEmpty() ? "the result" : "'" + whole.id() + "'";
    return Optional.of(
        "This would fit: "
            + box.map(b -> b + what).orElse("")
            + (box.isPresent() && scale.isPresent() ? ", or " : "")
            + scale.map(s -> box.isPresent() ? s : s.replace("it", what)).orElse(""));
  }

  /** The longest axis is halved, around its middle, until the box fits. */
  private Optional<String> box() {
    GridEnvelope all = whole.cells().type().domain();
    GridEnvelope box = all;
    for (int i = 0; i < TRIES; i++) {
      int longest = 0;
      for (int a = 1; a < box.dimension(); a++) {
        longest = box.size(a) > box.size(longest) ? a : longest;
      }
      long size = box.size(longest);
      if (size == 1) {
        return Optional.empty();
      }
      long low = box.low(longest) + size / 4;
      box = box.with(longest, low, low + size / 2 - 1);
      List<DimensionSubset> trims = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int a = 0; a < box.dimension(); a++) {
        if (box.size(a) < all.size(a)) {
          Axis axis = whole.domain().axes().get(a);
          String from = coordinate(axis, box.low(a));
          String to = coordinate(axis, box.high(a));
          boolean falls = falls(axis);
          trims.add(
              DimensionTrim.of(
                  axis.label(), literal(falls ? to : from), literal(falls ? from : to)));
          texts.add(axis.label() + "(" + (falls ? to + ":" + from : from + ":" + to) + ")");
        }
      }
      if (fits(it -> new CoverageExpr.Subset(it, trims, Position.NONE))) {
        return Optional.of(String.join(", ", texts));
      }
    }
    return Optional.empty();
  }

  private Optional<String> scale() {
    BigDecimal factor = BigDecimal.ONE;
    BigDecimal half = new BigDecimal("0.5");
    long longest = 0;
    for (Axis a : whole.domain().axes()) {
      longest = Math.max(longest, a.size());
    }
    while (factor.multiply(BigDecimal.valueOf(longest)).compareTo(BigDecimal.ONE) > 0) {
      factor = factor.multiply(half);
      Target by = new Target.Factor(literal(factor.toPlainString()));
      if (fits(it -> new CoverageExpr.Scale(it, by, Optional.empty(), Position.NONE))) {
        return Optional.of(factor.toPlainString());
      }
    }
    return Optional.empty();
  }

  private boolean fits(UnaryOperator<CoverageExpr> part) {
    if (System.nanoTime() - deadline > 0) {
      return false;
    }
    try {
      ArrayExpr cells = use.apply(compiler.partOf(whole, part).cells());
      return scope.evaluator().allows(cells, limits);
    } catch (OwsException e) {
      // Not to be had in this way, such as a scale of an axis of one cell.
      return false;
    }
  }

  private static boolean falls(Axis axis) {
    return switch (axis) {
      case Axis.IndexAxis x -> false;
      case Axis.RegularAxis r -> r.resolution().signum() < 0;
      case Axis.IrregularAxis x ->
          x.coordinates().getFirst().compareTo(x.coordinates().getLast()) > 0;
    };
  }

  /** The point of a cell, which takes this cell and no other by any rule of subsetting. */
  private String coordinate(Axis axis, long index) {
    return switch (axis) {
      case Axis.IndexAxis x -> Long.toString(index);
      case Axis.RegularAxis r -> mapping.text(r, r.point(index));
      case Axis.IrregularAxis x ->
          mapping.text(x, x.coordinates().get(Math.toIntExact(index - x.low())));
    };
  }

  private static CoverageExpr literal(String text) {
    return text.startsWith("\"")
        ? new CoverageExpr.StringLiteral(text.substring(1, text.length() - 1), Position.NONE)
        : new CoverageExpr.NumberLiteral(text, Position.NONE);
  }
}
