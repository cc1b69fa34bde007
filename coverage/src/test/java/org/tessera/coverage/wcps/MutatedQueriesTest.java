package org.tessera.coverage.wcps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.expr.CoverageCompiler;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.Scope;
import org.tessera.coverage.format.Formats;
import org.tessera.coverage.model.NullRule;
import org.tessera.engine.EngineException;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/**
 * Ten thousand damaged queries: each gives an answer or an {@link OwsException} that is not our
 * fault, within the limits. The corpus is that of the query files, and of the conformance cases
 * where they are at hand.
 */
final class MutatedQueriesTest {
  private static final int MUTATIONS = 10_000;
  private static final long SEED = 20260214;

  /** Longest that one query may take; the evaluator's own limit is shorter. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Pattern TOKEN =
      Pattern.compile("\\s+|[$]?[A-Za-z_][A-Za-z0-9_]*|[0-9.]+|\"[^\"]*\"|.", Pattern.DOTALL);

  private static final Pattern QUERY = Pattern.compile("\"query\",\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");

  private final Map<String, CoverageSource.Stored> cubes = new HashMap<>();
  private final CrsResolver crs = new CrsResolver();
  private final Evaluator evaluator = Evaluators.create();
  private final QueryRunner runner = new QueryRunner(Formats.text(crs));

  @Test
  void damagedQueriesAreAnsweredOrRefused() {
    List<String> corpus = corpus();
    List<String> pool = pool(corpus);
    Random random = new Random(SEED);
    int answers = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      String query = mutated(corpus, pool, random);
      long start = System.nanoTime();
      try {
        answers += isAnswered(query) ? 1 : 0;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        fail("mutation " + i + ": " + query, e);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(LIMIT) < 0, () -> took + " for " + query);
    }
    // Damage that leaves nothing to answer, or that does no harm, would prove nothing.
    assertTrue(answers > MUTATIONS / 50 && answers < MUTATIONS * 3 / 4, answers + " answers");
  }

  @Test
  void deepNestingIsRefused() {
    cubes.putAll(QueryFilesTest.cubes("language.q"));
    for (String open :
        List.of("(", "-", "not ", "abs(", "{a: ", "1 + (", "switch case true return ")) {
      String query = "for c in (a) return " + open.repeat(50_000) + "1";
      OwsException e = assertThrows(OwsException.class, () -> runner.run(query, scope()), open);
      assertEquals(OwsErrorCode.SYNTAX_ERROR, e.code(), open);
    }
    String chain = "for c in (a) return 1" + " + 1".repeat(50_000);
    OwsException e = assertThrows(OwsException.class, () -> runner.run(chain, scope()));
    assertEquals(OwsErrorCode.SYNTAX_ERROR, e.code());
  }

  /** Whether there is an answer; exceptions other than those that are told to clients escape. */
  private boolean isAnswered(String query) {
    try {
      for (QueryResult r : runner.run(query, scope())) {
        if (r instanceof QueryResult.Encoding e) {
          e.encoder().write(OutputStream.nullOutputStream());
        }
      }
      return true;
    } catch (OwsException e) {
      if (e.code() == OwsErrorCode.INTERNAL_ERROR) {
        throw e;
      }
      return false;
    } catch (EngineException e) {
      // As the services do with what only shows when cells are computed.
      if (CoverageCompiler.owsException(e).code() == OwsErrorCode.INTERNAL_ERROR) {
        throw e;
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Scope scope() {
    return Scope.of(
        id -> Optional.ofNullable(cubes.get(id)),
        crs,
        SubsettingRule.FOOTPRINT,
        NullRule.BAND,
        "http://localhost/def",
        evaluator,
        new Limits(2_000_000, 1 << 24, Duration.ofSeconds(5)));
  }

  // ---- corpus

  private List<String> corpus() {
    List<String> corpus = new ArrayList<>();
    for (String file : QueryFilesTest.FILES) {
      cubes.putAll(QueryFilesTest.cubes(file));
      corpus.addAll(QueryFilesTest.queries(file));
    }
    corpus.addAll(conformance());
    return corpus;
  }

  /** The queries of the conformance cases, over our cubes; none where the cases are not. */
  private static List<String> conformance() {
    Path cases =
        Path.of(
            Optional.ofNullable(System.getenv("TESSERA_CONFORMANCE"))
                .orElse("/work/shared/conformance/cases"),
            "wcps");
    if (!Files.isDirectory(cases)) {
      return List.of();
    }
    List<String> queries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(cases, 2)) {
      for (Path file : files.filter(f -> f.endsWith("request.json")).sorted().toList()) {
        Matcher m = QUERY.matcher(Files.readString(file));
        if (m.find()) {
          queries.add(
              m.group(1)
                  .replace("\\n", "\n")
                  .replace("\\\"", "\"")
                  .replaceAll("\"(image/)?(png|jpeg|jpg|tiff|netcdf|gml)\"", "\"csv\"")
                  .replace("test_eobstest", "t3")
                  .replace("test_rgb", "rgb")
                  .replaceAll("test_[a-z0-9_]+", "a"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return queries;
  }

  private static List<String> pool(List<String> corpus) {
    List<String> pool = new ArrayList<>();
    for (String q : corpus) {
      pool.addAll(tokens(q));
    }
    pool.addAll(
        List.of("-1", "0", "1e308", "9223372036854775808", "nan", "*", "$", "\"", "'", "\0", "\\"));
    return pool;
  }

  private static List<String> tokens(String query) {
    List<String> tokens = new ArrayList<>();
    Matcher m = TOKEN.matcher(query);
    while (m.find()) {
      tokens.add(m.group());
    }
    return tokens;
  }

  private static String mutated(List<String> corpus, List<String> pool, Random random) {
    List<String> tokens = new ArrayList<>(tokens(corpus.get(random.nextInt(corpus.size()))));
    for (int n = 1 + random.nextInt(6) / 4; n > 0 && !tokens.isEmpty(); n--) {
      int at = random.nextInt(tokens.size());
      int other = random.nextInt(tokens.size());
      String any = pool.get(random.nextInt(pool.size()));
      switch (random.nextInt(7)) {
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, any);
        case 2 -> tokens.set(at, any);
        case 3 -> tokens.set(at, tokens.get(other));
        case 4 -> Collections.swap(tokens, at, other);
        case 5 -> {
          int from = Math.min(at, other);
          int to = Math.min(Math.max(at, other), from + 12);
          tokens.addAll(at, List.copyOf(tokens.subList(from, to)));
        }
        default -> {
          // A character within a token.
          StringBuilder t = new StringBuilder(tokens.get(at));
          t.setCharAt(random.nextInt(t.length()), (char) (32 + random.nextInt(96)));
          tokens.set(at, t.toString());
        }
      }
    }
    return String.join("", tokens);
  }
}
