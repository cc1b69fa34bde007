package org.tessera.ejb.service;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.expr.CoverageCompiler.Compiled;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.Explain;
import org.tessera.coverage.wcps.QueryResult;
import org.tessera.coverage.wcps.QueryRunner.Planned;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.eval.Estimate;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Limits;
import org.tessera.engine.eval.Spent;

/**
 * The answer to a request with {@code explain}: JSON that says of each result what it is, what
 * computing it will cost and, if asked for, by which operators and what it has cost.
 */
final class Explanation {
  /** Operators shown of one result; what is left out is said. */
  private static final int MAX_OPERATORS = 10_000;

  private static final JsonWriterFactory WRITERS =
      Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

  private final Explain what;
  private final Evaluator evaluator;
  private final Limits limits;
  private int operators;

  Explanation(Explain what, Evaluator evaluator, Limits limits) {
    this.what = what;
    this.evaluator = evaluator;
    this.limits = limits;
  }

  /**
   * @param results of the compiler; empty where a condition leaves everything out
   * @param analysis what {@link #analyze} found, if it was asked for
   */
  Answer of(List<Planned> results, Optional<JsonObjectBuilder> analysis) {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (Planned planned : results) {
      JsonObjectBuilder result =
          switch (planned.result()) {
            case Compiled.OfText t -> Json.createObjectBuilder().add("text", t.text().length());
            case Compiled.OfCoverage c -> coverage(c.coverage());
            case Compiled.OfEncoding e -> coverage(e.coverage()).add("format", e.format());
          };
      planned.refused().ifPresent(why -> result.add("refused", why));
      all.add(result);
    }
    JsonObjectBuilder document =
        Json.createObjectBuilder()
            .add("explain", what.text())
            .add("results", all)
            .add(
                "limits",
                Json.createObjectBuilder()
                    .add("cells", limits.cells())
                    .add("outputBytes", limits.bytes())
                    .add("computedCells", limits.computed())
                    .add("bytesOfCellsRead", limits.read())
                    .add("memoryBytes", limits.memory())
                    .add("seconds", limits.time().toSeconds()));
    analysis.ifPresent(a -> document.add("spent", a));
    var json = document.build();
    return new Answer(
        "application/json", Optional.empty(), out -> WRITERS.createWriter(out).writeObject(json));
  }

  /** Computes and encodes the results, and says what that took. */
  static JsonObjectBuilder analyze(List<QueryResult> results, Call call) {
    Counted counted = new Counted();
    long start = System.nanoTime();
    try {
      for (QueryResult result : results) {
        switch (result) {
          case QueryResult.Text t -> counted.bytes += t.text().length();
          case QueryResult.Encoding e -> e.encoder().write(counted);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Spent spent = call.spent();
    return Json.createObjectBuilder()
        .add("cells", spent.cells())
        .add("tiles", spent.tiles())
        .add("bytesRead", spent.bytes())
        .add("answerBytes", counted.bytes)
        .add("encodingSeconds", (System.nanoTime() - start) / 1e9)
        .add("seconds", spent.nanos() / 1e9);
  }

  private JsonObjectBuilder coverage(CompiledCoverage c) {
    JsonArrayBuilder axes = Json.createArrayBuilder();
    for (Axis a : c.domain().axes()) {
      axes.add(
          Json.createObjectBuilder()
              .add("label", a.label())
              .add("cells", a.size())
              .add("lower", a.lower())
              .add("upper", a.upper()));
    }
    JsonArrayBuilder fields = Json.createArrayBuilder();
    for (RangeField f : c.range()) {
      fields.add(Json.createObjectBuilder().add("name", f.name()).add("type", f.type().toString()));
    }
    Estimate estimate = evaluator.prepare(c.cells(), Limits.NONE).estimate();
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("coverage", c.id())
            .add("axes", axes)
            .add("fields", fields)
            .add(
                "estimate",
                Json.createObjectBuilder()
                    .add("cells", estimate.cells())
                    .add("tiles", estimate.reads().tiles())
                    .add("tilesSkipped", estimate.reads().skipped())
                    .add("bytesRead", estimate.reads().bytes())
                    .add("outputBytes", estimate.outputBytes())
                    .add("peakMemoryBytes", estimate.peakMemory()));
    if (what != Explain.ESTIMATE) {
      operators = 0;
      json.add("plan", operator(c.cells()));
    }
    return json;
  }

  private JsonObjectBuilder operator(ArrayExpr e) {
    operators++;
    JsonObjectBuilder json =
        Json.createObjectBuilder().add("operator", org.tessera.engine.algebra.Explain.line(e));
    List<ArrayExpr> operands = org.tessera.engine.algebra.Explain.operands(e);
    if (operators + operands.size() > MAX_OPERATORS) {
      return json.add("operandsLeftOut", operands.size());
    }
    if (!operands.isEmpty()) {
      JsonArrayBuilder list = Json.createArrayBuilder();
      operands.forEach(o -> list.add(operator(o)));
      json.add("operands", list);
    }
    return json;
  }

  /** Counts what is written to it. */
  private static final class Counted extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      bytes += length;
    }
  }
}
