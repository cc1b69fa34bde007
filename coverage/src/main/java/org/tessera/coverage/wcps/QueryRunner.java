package org.tessera.coverage.wcps;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tessera.coverage.NearNames;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.expr.CoverageCompiler;
import org.tessera.coverage.expr.CoverageCompiler.Compiled;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.Scope;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.coverage.format.CoverageFormat;
import org.tessera.coverage.format.EncodeRequest;
import org.tessera.coverage.format.Formats;
import org.tessera.coverage.format.ScalarText;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NullRule;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.EngineException;

/** Runs queries up to the point where only writing is left. Stateless and thread-safe. */
public final class QueryRunner {
  /** More results than this are no answer that anyone reads. */
  private static final int MAX_RESULTS = 10_000;

  private final Formats formats;

  /**
   * @param formats to encode in
   */
  public QueryRunner(Formats formats) {
    this.formats = formats;
  }

  /** The results of a query text. */
  public List<QueryResult> run(String query, Scope scope) {
    return run(WcpsParser.parse(query), scope);
  }

  /**
   * The results, one for each combination of the coverages iterated over, the last variable varying
   * fastest; where the condition does not hold the result is empty text.
   *
   * @throws OwsException for all that is wrong with the query
   */
  public List<QueryResult> run(WcpsQuery query, Scope scope) {
    return forEach(query, compiler -> result(query, compiler, scope), scope);
  }

  /**
   * What the results would be computed from, for those combinations at which the condition holds.
   * Computes nothing but the condition and single values that positions and sizes depend on.
   *
   * @throws OwsException for all that is wrong with the query
   */
  public List<Planned> compile(WcpsQuery query, Scope scope) {
    return forEach(
            query,
            compiler ->
                holds(query, compiler)
                    ? Optional.of(planned(compiler.compile(query.result()), compiler))
                    : Optional.<Planned>empty(),
            scope)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * A result that is not computed.
   *
   * @param refused why it would be refused; empty if it would not
   */
  public record Planned(Compiled result, Optional<String> refused) {}

  private static Planned planned(Compiled result, CoverageCompiler compiler) {
    return new Planned(
        result,
        switch (result) {
          case Compiled.OfText t -> Optional.empty();
          case Compiled.OfCoverage c -> compiler.refused(c.coverage());
          case Compiled.OfEncoding e -> compiler.refused(e.coverage());
        });
  }

  private static <T> List<T> forEach(
      WcpsQuery query, Function<CoverageCompiler, T> each, Scope scope) {
    long combinations = 1;
    for (WcpsQuery.Iteration i : query.iterations()) {
      combinations *= i.coverages().size();
      if (combinations > MAX_RESULTS) {
        throw new OwsException(
            OwsErrorCode.REQUEST_TOO_LARGE,
            "for",
            "The query has more than " + MAX_RESULTS + " results.");
      }
    }
    List<T> results = new ArrayList<>();
    int[] at = new int[query.iterations().size()];
    for (long n = 0; n < combinations; n++) {
      long rest = n;
      for (int i = at.length - 1; i >= 0; i--) {
        int size = query.iterations().get(i).coverages().size();
        at[i] = (int) (rest % size);
        rest /= size;
      }
      CoverageCompiler compiler = new CoverageCompiler(scope);
      for (int i = 0; i < at.length; i++) {
        WcpsQuery.Iteration iteration = query.iterations().get(i);
        compiler.bind(iteration.variable(), iteration.coverages().get(at[i]));
      }
      for (WcpsQuery.Let let : query.lets()) {
        compiler.bind(let.variable(), let.value());
      }
      results.add(each.apply(compiler));
    }
    return results;
  }

  private static boolean holds(WcpsQuery query, CoverageCompiler compiler) {
    return query.where().isEmpty() || compiler.isTrue(query.where().get());
  }

  private QueryResult result(WcpsQuery query, CoverageCompiler compiler, Scope scope) {
    if (!holds(query, compiler)) {
      String mediaType =
          query.result() instanceof CoverageExpr.Encode e
              ? formats.find(e.format()).map(CoverageFormat::mediaType).orElse("text/plain")
              : "text/plain";
      return new QueryResult.Text(mediaType, "");
    }
    return switch (compiler.compile(query.result())) {
      case Compiled.OfText t -> new QueryResult.Text(textType(query.result(), t.text()), t.text());
      case Compiled.OfCoverage c when c.coverage().isScalar() ->
          new QueryResult.Text("text/plain", ScalarText.format(compiler.evaluate(c.coverage())));
      case Compiled.OfCoverage c ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              "encode",
              "Coverage result must use encode() as it is non-scalar value.");
      case Compiled.OfEncoding e -> {
        try {
          yield encoding(e, scope);
        } catch (EngineException x) {
          throw query.result().position().locate(compiler.refusal(e.coverage(), x));
        } catch (OwsException x) {
          throw query.result().position().locate(x);
        }
      }
    };
  }

  private static String textType(CoverageExpr result, String text) {
    if (!(result instanceof CoverageExpr.Describe)) {
      return "text/plain";
    }
    return text.stripLeading().startsWith("<") ? "application/gml+xml" : "application/json";
  }

  private QueryResult encoding(Compiled.OfEncoding e, Scope scope) {
    CoverageFormat format =
        formats
            .find(e.format())
            .orElseThrow(
                () ->
                    new OwsException(
                        OwsErrorCode.INVALID_FORMAT,
                        e.format(),
                        "Format '"
                            + e.format()
                            + "' is not supported for encoding; the formats are "
                            + String.join(", ", formats.mediaTypes())
                            + "."
                            + NearNames.hint(e.format(), formats.names())));
    CompiledCoverage c = e.coverage();
    if (c.isScalar() && format.mediaType().startsWith("image/")) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          e.format(),
          "A single value cannot be encoded as " + format.mediaType() + ".");
    }
    String name = c.id().isEmpty() ? "result" : c.id();
    CoverageFormat.Encoder encoder =
        format.prepare(
            new EncodeRequest(
                name,
                c.domain(),
                range(c, format, scope),
                c.metadata(),
                c.cells(),
                scope.evaluator(),
                scope.limits(),
                e.options()));
    return new QueryResult.Encoding(format.mediaType(), name + "." + format.extension(), encoder);
  }

  /** By {@link NullRule#SHARED} a file has one null value, that of its first field. */
  private static List<RangeField> range(CompiledCoverage c, CoverageFormat format, Scope scope) {
    if (scope.nulls() == NullRule.BAND || !format.mediaType().equals("application/netcdf")) {
      return c.range();
    }
    List<NilValue> nils = c.range().getFirst().nils();
    return c.range().stream()
        .map(
            f ->
                new RangeField(
                    f.name(), f.type(), f.label(), f.description(), f.definition(), f.uom(), nils))
        .toList();
  }
}
