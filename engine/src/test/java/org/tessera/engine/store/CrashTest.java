package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that updates an array, again and again, and looks at what is left. */
class CrashTest {
  private static final int KILLS = 22;

  @TempDir Path folder;

  @Test
  void anUpdateKilledAtAnyMomentLeavesTheOldVersionsReadableAndWhole()
      throws IOException, InterruptedException {
    ArrayVersion first = CrashWorker.first(CrashWorker.store(folder));
    new CrashWorker.Pointer(first.key(), 0, first.key(), 0).write(folder);
    Random random = new Random(7);
    for (int kill = 0; kill < KILLS; kill++) {
      killAfter(1 + random.nextInt(400));
      CrashWorker.Pointer pointer = CrashWorker.Pointer.read(folder);
      ArrayStore store = CrashWorker.store(folder);
      CrashWorker.check(store.open(pointer.key()), pointer.number());
      CrashWorker.check(store.open(pointer.oldKey()), pointer.oldNumber());
      if (kill % 4 == 3) {
        collect(pointer);
      }
    }
    assertTrue(
        CrashWorker.Pointer.read(folder).number() >= KILLS, "the worker got some updates done");
  }

  /** Runs the worker for so many milliseconds after its first update. */
  private void killAfter(int millis) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process worker =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CrashWorker.class.getName(),
                    folder.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      for (int wait = 0; wait < 3000 && !Files.readString(output).equals("working\n"); wait++) {
        assertTrue(worker.isAlive(), () -> "the worker ended: " + text(output));
        Thread.sleep(10);
      }
      Thread.sleep(millis);
      assertTrue(worker.isAlive(), () -> "the worker ended: " + text(output));
    } finally {
      worker.destroyForcibly();
    }
    assertTrue(worker.waitFor(30, TimeUnit.SECONDS));
    assertEquals("working\n", Files.readString(output));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collect(CrashWorker.Pointer pointer) {
    FileTileStore files = new FileTileStore(folder.resolve("store"));
    Set<String> before = keys(files);
    ArrayStore store = CrashWorker.store(folder);
    ArrayStore.Garbage garbage = store.collectGarbage(pointer.keys(), Duration.ZERO);
    Set<String> after = keys(files);
    assertEquals(garbage.blobs(), before.size() - after.size());
    assertTrue(after.containsAll(pointer.keys()));
    // Two versions, each of one manifest and one pack, and nothing else.
    assertFalse(after.size() > 4, () -> "left: " + after);
    ArrayStore fresh = CrashWorker.store(folder);
    CrashWorker.check(fresh.open(pointer.key()), pointer.number());
    CrashWorker.check(fresh.open(pointer.oldKey()), pointer.oldNumber());
  }

  private static Set<String> keys(TileStore store) {
    Set<String> keys = new HashSet<>();
    store.list(blob -> keys.add(blob.key()));
    return keys;
  }
}
