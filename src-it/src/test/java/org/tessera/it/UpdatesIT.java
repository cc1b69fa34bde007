package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the cases of {@code updates.case}, which says how they are written. */
@ExtendWith(TesseraServer.Provider.class)
class UpdatesIT {
  private final TesseraServer server;

  UpdatesIT(TesseraServer server) {
    this.server = server;
  }

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    String text;
    try (InputStream in = UpdatesIT.class.getResourceAsStream("updates.case")) {
      text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (String part : text.split("(?m)^== ", -1)) {
      if (!part.startsWith("#")) {
        int end = part.indexOf('\n');
        List<String> lines =
            part.substring(end + 1)
                .lines()
                .filter(l -> !l.isBlank() && !l.startsWith("#"))
                .toList();
        tests.add(DynamicTest.dynamicTest(part.substring(0, end), () -> run(lines)));
      }
    }
    assertTrue(tests.size() > 10, "the cases were found");
    return tests.stream();
  }

  private void run(List<String> lines) {
    for (String id : List.of("c", "d", "c_2", "c_4")) {
      send("ows request=DeleteCoverage | version=2.0.1 | coverageId=" + id);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      HttpResponse<byte[]> answer = send(line);
      String body = Xml.text(answer).strip();
      String expected = i + 1 < lines.size() ? lines.get(i + 1) : "";
      String kind = expected.length() < 3 ? "" : expected.substring(0, 3);
      String what = kind.isEmpty() ? "" : expected.substring(3);
      switch (kind) {
        case "-> " -> {
          assertEquals(200, answer.statusCode(), () -> line + "\n" + body);
          assertEquals(what, body, line);
          i++;
        }
        case "~> " -> {
          assertEquals(200, answer.statusCode(), () -> line + "\n" + body);
          assertTrue(
              Pattern.compile(what, Pattern.DOTALL).matcher(body).find(), () -> line + "\n" + body);
          i++;
        }
        case "!> " -> {
          assertTrue(answer.statusCode() >= 400, () -> line + "\n" + body);
          int blank = what.indexOf(' ');
          String code = blank < 0 ? what : what.substring(0, blank);
          assertTrue(body.contains("\"" + code + "\""), () -> line + "\n" + body);
          String message = blank < 0 ? "" : what.substring(blank + 1);
          String plain = body.replace("&apos;", "'").replace("&quot;", "\"");
          assertTrue(
              Pattern.compile(message, Pattern.DOTALL).matcher(plain).find(),
              () -> line + "\n" + body);
          i++;
        }
        default -> assertEquals(200, answer.statusCode(), () -> line + "\n" + body);
      }
    }
  }

  /** What a URI cannot hold as it is. */
  private static String escaped(String query) {
    return query.replace("\"", "%22").replace(" ", "%20").replace("<", "%3C").replace(">", "%3E");
  }

  private HttpResponse<byte[]> send(String line) {
    try {
      int blank = line.indexOf(' ');
      String rest = line.substring(blank + 1);
      return switch (line.substring(0, blank)) {
        case "query" -> server.wcps(rest);
        case "admin" -> server.get("/admin" + escaped(rest));
        case "ows" -> server.ows(("service=WCS | " + rest).split(" \\| ", -1));
        case "insert" -> Cubes.insert(server, rest);
        case "update" -> Cubes.update(server, rest);
        case "xml" -> Cubes.xml(server, rest);
        default -> throw new IllegalArgumentException(line);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
