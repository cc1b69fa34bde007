package org.tessera.coverage.wcps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.WcpsQuery;

/**
 * Every query of the conformance cases parses, and printing it gives a text of the same meaning.
 * Skipped where the cases are not at hand ({@code TESSERA_CONFORMANCE}, a folder).
 */
final class ConformanceQueriesTest {
  private static final Pattern QUERY =
      Pattern.compile("\"(?:query|q)\",\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");

  /** Queries that must be refused by the parser. */
  private static final List<String> WRONG =
      List.of("297-parsing_coverage_constructor.error", "470-let_clause_clip_error");

  @TestFactory
  Stream<DynamicTest> everyQueryParsesAndPrints() throws IOException {
    Path cases =
        Path.of(
            Optional.ofNullable(System.getenv("TESSERA_CONFORMANCE"))
                .orElse("/work/shared/conformance/cases"),
            "wcps");
    Assumptions.assumeTrue(Files.isDirectory(cases));
    try (Stream<Path> list = Files.list(cases)) {
      return list.sorted().toList().stream()
          .filter(p -> query(p).isPresent())
          .map(
              p -> {
                String name = p.getFileName().toString();
                String text = query(p).orElseThrow();
                return DynamicTest.dynamicTest(
                    name,
                    () -> {
                      if (name.equals(WRONG.getFirst())) {
                        assertThrows(OwsException.class, () -> WcpsParser.parse(text));
                        return;
                      }
                      WcpsQuery query = WcpsParser.parse(text);
                      assertEquals(query, WcpsParser.parse(query.toString()), query::toString);
                    });
              });
    }
  }

  private static Optional<String> query(Path dir) {
    try {
      Matcher m = QUERY.matcher(Files.readString(dir.resolve("request.json")));
      return m.find() ? Optional.of(unescape(m.group(1))) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unescape(String json) {
    Matcher m = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)").matcher(json);
    StringBuilder s = new StringBuilder();
    while (m.find()) {
      String e = m.group(1);
      String c =
          switch (e.charAt(0)) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'u' -> String.valueOf((char) Integer.parseInt(e.substring(1), 16));
            default -> e;
          };
      m.appendReplacement(s, Matcher.quoteReplacement(c));
    }
    return m.appendTail(s).toString();
  }
}
