package org.tessera.coverage.format.gdal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files and workers that break: one request fails with a clear message, the next one works, nothing
 * is left behind.
 */
class BrokenFilesTest {
  @TempDir Path directory;

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    Path scratch = directory.resolve("scratch");
    if (Files.exists(scratch)) {
      try (Stream<Path> left = Files.list(scratch)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  private Path tiff(GdalWorkers workers, String name) throws IOException {
    Path file = directory.resolve(name);
    RasterSpec spec =
        new RasterSpec(
            "GTiff",
            GdalType.UINT8,
            40,
            30,
            List.of(BandSpec.of("b", null)),
            null,
            null,
            Map.of(),
            Map.of());
    try (OutputStream out = Files.newOutputStream(file)) {
      workers.writeRaster(
          spec,
          (start, count) -> List.of(CellArray.allocate(GdalType.UINT8, count[0] * count[1])),
          out);
    }
    return file;
  }

  private Path netcdf(GdalWorkers workers, String name, String format) throws IOException {
    Path file = directory.resolve(name);
    ArrayFileSpec spec =
        new ArrayFileSpec(
            "netCDF",
            List.of(new DimensionSpec("y", 60, null, null), new DimensionSpec("x", 50, null, null)),
            List.of(
                VariableSpec.coordinates(
                    "y", "m", IntStream.range(0, 60).mapToObj(i -> i * 1.5).toList(), List.of()),
                VariableSpec.streamed(
                    "v",
                    List.of("y", "x"),
                    GdalType.INT32,
                    -1L,
                    "K",
                    List.of(Attribute.of("long_name", "value")),
                    false)),
            List.of(Attribute.of("title", "test")),
            null,
            Map.of("FORMAT", format));
    try (OutputStream out = Files.newOutputStream(file)) {
      workers.writeArrays(
          spec,
          (start, count) -> {
            CellArray cells = CellArray.allocate(GdalType.INT32, count[0] * count[1]);
            Arrays.setAll((int[]) cells.values(), i -> i);
            return List.of(cells);
          },
          out);
    }
    return file;
  }

  private static void readAll(GdalWorkers workers, Path file) {
    GdalSource source = GdalSource.of(file.toString());
    if (file.toString().endsWith(".nc")) {
      for (ArrayInfo array : workers.arrayInfo(source).root().allArrays().toList()) {
        if (array.type() != null && Arrays.stream(array.shape()).reduce(1, (a, b) -> a * b) < 1e6) {
          var unused = workers.readArray(source, array);
        }
      }
    }
    RasterInfo info = workers.rasterInfo(source);
    if ((long) info.width() * info.height() < 1_000_000) {
      var unused = workers.readRaster(source, info, RasterWindow.of(info));
    }
  }

  @Test
  void aTextFileNamedTifIsRefusedByGdal() throws IOException {
    Path file = Files.writeString(directory.resolve("a.tif"), "This is no picture.\n");
    try (GdalWorkers workers = TestPool.open(directory)) {
      GdalException e =
          assertThrows(
              GdalException.class, () -> workers.rasterInfo(GdalSource.of(file.toString())));
      assertEquals(GdalException.Kind.FAILED, e.kind());
      assertTrue(
          e.getMessage().contains("a.tif' not recognized as a supported file format"),
          e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NC4", "NC", "NC2"})
  void aTruncatedNetcdfFailsAtTheLatestWhenRead(String format) throws IOException {
    try (GdalWorkers workers = TestPool.open(directory)) {
      Path whole = netcdf(workers, "whole.nc", format);
      byte[] bytes = Files.readAllBytes(whole);
      readAll(workers, whole);
      for (int percent : new int[] {20, 50, 80}) {
        Path cut = directory.resolve("cut" + percent + ".nc");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length * percent / 100));
        GdalException e =
            assertThrows(GdalException.class, () -> readAll(workers, cut), format + percent);
        assertTrue(e.getMessage().contains("cut" + percent + ".nc"), e.getMessage());
      }
      readAll(workers, whole);
    }
  }

  @Test
  void aWorkerKilledInTheMiddleFailsOneRequestOnly() throws Exception {
    Path fifo = fifo();
    GdalWorkers.Settings settings = permissive(Duration.ofSeconds(30));
    try (GdalWorkers workers = TestPool.open(settings)) {
      Path file = tiff(workers, "a.tif");
      CompletableFuture<RasterInfo> hanging =
          CompletableFuture.supplyAsync(() -> workers.rasterInfo(GdalSource.of(fifo.toString())));
      while (workers.processIds().isEmpty()) {
        Thread.sleep(10);
      }
      Thread.sleep(300);
      for (long pid : workers.processIds()) {
        var unused = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      }
      ExecutionException failed = assertThrows(ExecutionException.class, hanging::get);
      GdalException e = (GdalException) failed.getCause();
      assertEquals(GdalException.Kind.CRASHED, e.kind());
      assertEquals("libgdal crashed (signal 9) while reading " + fifo, e.getMessage());
      assertEquals(40, workers.rasterInfo(GdalSource.of(file.toString())).width());
    }
  }

  @Test
  void aSegmentationFaultIsNamed() throws Exception {
    Path fifo = fifo();
    try (GdalWorkers workers = TestPool.open(permissive(Duration.ofSeconds(30)))) {
      CompletableFuture<RasterInfo> hanging =
          CompletableFuture.supplyAsync(() -> workers.rasterInfo(GdalSource.of(fifo.toString())));
      Thread.sleep(500);
      long pid = workers.processIds().getFirst();
      assertEquals(0, new ProcessBuilder("kill", "-SEGV", Long.toString(pid)).start().waitFor());
      ExecutionException failed = assertThrows(ExecutionException.class, hanging::get);
      assertEquals(
          "libgdal crashed (signal 11, SIGSEGV) while reading " + fifo,
          failed.getCause().getMessage());
      assertFalse(workers.drivers().isEmpty());
    }
  }

  @Test
  void whatFailsWhereSomethingFailedBeforeIsTriedInAnotherWorker() throws IOException {
    GdalSource broken =
        GdalSource.of(Files.writeString(directory.resolve("a.tif"), "No picture.\n").toString());
    try (GdalWorkers workers = TestPool.open(directory)) {
      List<Long> first = workers.processIds();
      assertThrows(GdalException.class, () -> workers.rasterInfo(broken));
      assertEquals(first, workers.processIds());
      assertThrows(GdalException.class, () -> workers.rasterInfo(broken));
      List<Long> second = workers.processIds();
      assertEquals(1, second.size());
      assertFalse(second.equals(first));
      assertFalse(ProcessHandle.of(first.getFirst()).map(ProcessHandle::isAlive).orElse(false));
    }
  }

  @Test
  void aFileThatHangsIsGivenUpAtTheTimeLimit() throws Exception {
    Path fifo = fifo();
    try (GdalWorkers workers =
        TestPool.open(permissive(Duration.ofMillis(700)).withMaxWorkers(1))) {
      long start = System.nanoTime();
      GdalException e =
          assertThrows(
              GdalException.class, () -> workers.rasterInfo(GdalSource.of(fifo.toString())));
      assertEquals(GdalException.Kind.TIMED_OUT, e.kind());
      assertEquals("reading " + fifo + " took too long: gave up after 700 ms", e.getMessage());
      assertTrue(System.nanoTime() - start < 5_000_000_000L);
      assertFalse(workers.drivers().isEmpty());
    }
  }

  @Test
  void workersEndWithTheirPool() throws IOException, InterruptedException {
    List<Long> pids;
    try (GdalWorkers workers = TestPool.open(directory)) {
      pids = workers.processIds();
      assertEquals(1, pids.size());
    }
    for (long pid : pids) {
      assertTrue(ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true));
    }
  }

  @Test
  void closingThePoolEndsARequestThatHangs() throws Exception {
    Path fifo = fifo();
    GdalWorkers workers = TestPool.open(permissive(Duration.ofSeconds(60)));
    CompletableFuture<RasterInfo> hanging =
        CompletableFuture.supplyAsync(() -> workers.rasterInfo(GdalSource.of(fifo.toString())));
    Thread.sleep(500);
    workers.close();
    ExecutionException failed = assertThrows(ExecutionException.class, hanging::get);
    assertTrue(failed.getCause() instanceof GdalException, () -> failed.getCause().toString());
  }

  @Test
  void whatAKilledPoolLeftIsSwept() throws IOException {
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    Path left = Files.createDirectories(scratch.resolve("tessera-gdal-1-abc/worker-1"));
    Files.writeString(left.resolve("result"), "half a file");
    Files.writeString(scratch.resolve("tessera-gdal-1-abc/lock"), "");
    try (GdalWorkers workers = TestPool.open(directory)) {
      assertFalse(Files.exists(left));
      assertFalse(workers.drivers().isEmpty());
    }
  }

  /**
   * 400 files with a few bytes changed; whatever libgdal does with them, each is answered and a
   * sound file is read after.
   */
  @Test
  void corruptedFilesNeverHarmThePool() throws IOException {
    Random random = new Random(20261121);
    Map<GdalException.Kind, Integer> outcomes = new EnumMap<>(GdalException.Kind.class);
    int read = 0;
    GdalWorkers.Settings settings =
        TestPool.settings(directory).withTimeLimit(Duration.ofSeconds(5));
    try (GdalWorkers workers = TestPool.open(settings)) {
      List<Path> sound = new ArrayList<>();
      sound.add(tiff(workers, "sound.tif"));
      sound.add(netcdf(workers, "sound4.nc", "NC4"));
      sound.add(netcdf(workers, "sound3.nc", "NC"));
      for (int i = 0; i < 400; i++) {
        Path original = sound.get(i % sound.size());
        String name = original.getFileName().toString();
        Path broken = directory.resolve("broken" + i + name.substring(name.lastIndexOf('.')));
        byte[] bytes = Files.readAllBytes(original);
        int header = Math.min(bytes.length, 4000);
        for (int k = 1 + random.nextInt(8); k > 0; k--) {
          bytes[random.nextInt(random.nextBoolean() ? header : bytes.length)] =
              (byte) random.nextInt();
        }
        Files.write(broken, bytes);
        try {
          readAll(workers, broken);
          read++;
        } catch (GdalException e) {
          outcomes.merge(e.kind(), 1, Integer::sum);
          assertTrue(e.getMessage().contains("broken" + i), e.getMessage());
        }
        Files.delete(broken);
      }
      for (Path file : sound) {
        readAll(workers, file);
      }
      assertTrue(workers.processIds().size() <= 2);
    }
    assertTrue(outcomes.getOrDefault(GdalException.Kind.FAILED, 0) > 20, outcomes.toString());
    assertEquals(400, read + outcomes.values().stream().mapToInt(n -> n).sum());
    System.out.println("corrupted files: " + read + " read, " + outcomes);
  }

  private GdalWorkers.Settings permissive(Duration limit) {
    GdalWorkers.Settings s = TestPool.settings(directory);
    return new GdalWorkers.Settings(
        s.jar(),
        s.java(),
        s.maxWorkers(),
        limit,
        s.memoryLimit(),
        s.scratch(),
        s.cellsLimit(),
        s.drivers(),
        false,
        name -> Optional.empty());
  }

  /** A file whose opening blocks for ever. */
  private Path fifo() throws IOException, InterruptedException {
    Path fifo = directory.resolve("fifo.tif");
    Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
    Assumptions.assumeTrue(mkfifo.waitFor() == 0, "no FIFO can be made here");
    return fifo;
  }
}
