package org.tessera.importer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.importer.problem.ImportException;

class GlobsTest {
  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of("a1", "a2", "ax", "a-", "a]", ".a1", "b.c")) {
      Files.createFile(folder.resolve(name));
    }
  }

  private String found(String pattern) {
    return String.join(
        " ", Globs.files(folder, pattern).stream().map(p -> p.getFileName().toString()).toList());
  }

  @Test
  void patterns_are_those_of_a_shell() {
    assertEquals("a- a1 a2 a] ax b.c", found("*"));
    assertEquals("a1 a2", found("a[0-9]"));
    assertEquals("a- a] ax", found("a[!0-9]"));
    assertEquals("a- a2", found("a[2-]"));
    assertEquals("a1 a]", found("a[]1]"));
    assertEquals("b.c", found("b?c"));
    assertEquals("", found("a[\\^&&]"));
  }

  @Test
  void hidden_files_are_found_by_their_dot_only() {
    assertEquals("a1", found("*1"));
    assertEquals(".a1", found(".*1"));
  }

  @Test
  void a_set_that_runs_backwards_is_no_pattern() {
    assertThrows(ImportException.class, () -> found("a[z-a]"));
  }
}
