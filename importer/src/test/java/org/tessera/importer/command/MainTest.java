package org.tessera.importer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says when it is called wrongly; it never comes to reading files. */
class MainTest {
  @TempDir private Path folder;

  private static void refused(int code, String why, String... args) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    assertEquals(code, Main.run(List.of(args), out, out));
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains(why) && !text.contains("\tat "), text);
  }

  @Test
  void a_password_is_not_asked_for_where_nobody_sits() {
    refused(2, "--user needs USER:PASSWORD", "--user", "me", "i.json");
  }

  @Test
  void an_identity_file_has_one_line() throws IOException {
    Path two = Files.writeString(folder.resolve("two"), "a:b\nc:d\n");
    refused(2, "should have one line user:password", "-i", two.toString(), "i.json");
    Path none = Files.writeString(folder.resolve("none"), "secret\n");
    refused(2, "should have one line user:password", "-i", none.toString(), "i.json");
  }

  @Test
  void status_may_come_after_options() {
    refused(1, "no coverage can have that name", "--json", "status", "i.json");
    refused(1, "which server?", "-q", "status", "some_coverage");
  }

  @Test
  void recipes_that_are_not_there_are_told() {
    refused(1, "there is no such folder or jar", "--recipes", "/no/where", "i.json");
  }
}
