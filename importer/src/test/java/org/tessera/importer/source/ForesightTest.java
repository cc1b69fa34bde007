package org.tessera.importer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tessera.importer.problem.ImportException;

class ForesightTest {
  private final List<String> files = IntStream.range(0, 100).mapToObj(i -> "f" + i).toList();
  private final Map<String, AtomicInteger> looks = new ConcurrentHashMap<>();

  private String look(String file) {
    looks.computeIfAbsent(file, k -> new AtomicInteger()).incrementAndGet();
    if (file.equals("f7")) {
      throw new ImportException(file + " is damaged");
    }
    return "what " + file + " is";
  }

  @Test
  void eachFileIsLookedAtOnceAndHasItsOwnAnswerOrFailure() {
    try (Foresight foresight = new Foresight(files, 3)) {
      for (String file : files) {
        if (file.equals("f7")) {
          ImportException e =
              assertThrows(ImportException.class, () -> foresight.ask(file, "what", this::look));
          assertEquals("f7 is damaged", e.getMessage());
        } else {
          assertEquals("what " + file + " is", foresight.ask(file, "what", this::look));
        }
      }
    }
    assertEquals(100, looks.size());
    looks.values().forEach(n -> assertEquals(1, n.get()));
  }

  @Test
  void filesToComeAreLookedAtMeanwhileButNotAllOfThem() throws InterruptedException {
    CountDownLatch ahead = new CountDownLatch(8);
    try (Foresight foresight = new Foresight(files, 2)) {
      String first =
          foresight.ask(
              "f0",
              "what",
              file -> {
                if (!file.equals("f0")) {
                  ahead.countDown();
                }
                return look(file);
              });
      assertEquals("what f0 is", first);
      assertTrue(ahead.await(10, TimeUnit.SECONDS), "f1 to f8 are looked at without being asked");
    }
    assertTrue(looks.size() <= 9, looks.keySet()::toString);
  }

  @Test
  void otherFilesAreLookedAtWhenAsked() {
    try (Foresight foresight = new Foresight(files, 1)) {
      assertEquals("what g is", foresight.ask("g", "what", this::look));
    }
    assertEquals(1, looks.size());
  }
}
