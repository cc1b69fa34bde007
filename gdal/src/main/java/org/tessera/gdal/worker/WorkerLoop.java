package org.tessera.gdal.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;
import org.tessera.gdal.binding.Landlock;
import org.tessera.gdal.binding.Posix;

/**
 * Takes one request after the other and answers it.
 *
 * <p>A second thread waits on stdin, so that the end of the parent ends this process even while
 * libgdal is busy.
 */
public final class WorkerLoop {
  /**
   * Data sets that nobody asks for are closed after this time, so that a deleted upload does not
   * keep its disk space.
   */
  private static final long IDLE_SECONDS = 2;

  /** libgdal's own drivers that the worker needs, whatever the allowed ones are. */
  private static final Set<String> NEEDED = Set.of("MEM", "GTiff");

  private static final Map<String, Object> END = Map.of("op", "end");

  private final Path directory;
  private final List<String> drivers;
  private final boolean network;
  private final Path shared;
  private final List<Path> roots;
  private final Posix posix;

  /**
   * @param directory the worker's own scratch directory; deleted at the end
   * @param drivers short names of the drivers to keep; empty for all
   * @param network whether libgdal may open connections
   * @param shared the directory of the shared cells
   * @param roots the directories that may be read; empty for no limit
   */
  public WorkerLoop(
      Path directory,
      List<String> drivers,
      boolean network,
      Path shared,
      List<Path> roots,
      Posix posix) {
    this.directory = directory;
    this.drivers = List.copyOf(drivers);
    this.network = network;
    this.shared = shared;
    this.roots = List.copyOf(roots);
    this.posix = posix;
  }

  /** Greets, then serves until {@code in} ends; then ends the process. */
  public void run(InputStream in, OutputStream out) throws IOException {
    GdalLibrary gdal;
    MemorySegment viewDriver;
    try {
      gdal = GdalLibrary.load();
      viewDriver = configure(gdal);
    } catch (GdalFailure e) {
      Wire.write(out, Map.of("protocol", Wire.PROTOCOL, "message", e.getMessage()));
      return;
    }
    if (!roots.isEmpty()
        && !new Landlock()
            .confine(readable(), List.of(directory, shared, Path.of("/dev/null")), network)) {
      System.err.println("this kernel cannot confine the worker to its directories");
    }
    LinkedBlockingQueue<Object> requests = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> readRequests(in, requests), "requests");
    reader.setDaemon(true);
    reader.start();
    Map<String, Object> greeting = new LinkedHashMap<>();
    greeting.put("protocol", Wire.PROTOCOL);
    try (Arena arena = Arena.ofConfined()) {
      greeting.put("gdal", gdal.versionInfo.text(arena.allocateFrom("RELEASE_NAME")));
    }
    Wire.write(out, greeting);
    serve(new Operations(gdal, viewDriver), requests, out);
    end();
  }

  /** The roots, and what libraries and this program's own classes may still need. */
  private List<Path> readable() {
    List<Path> result = new ArrayList<>(roots);
    for (String path :
        List.of("/usr", "/lib", "/lib64", "/dev/urandom", "/etc/ld.so.cache", "/etc/localtime")) {
      result.add(Path.of(path));
    }
    if (network) {
      // Names of hosts, and whom to trust.
      for (String path :
          List.of(
              "/etc/hosts",
              "/etc/resolv.conf",
              "/run/systemd/resolve",
              "/etc/nsswitch.conf",
              "/etc/ssl",
              "/etc/pki")) {
        result.add(Path.of(path));
      }
    }
    result.add(Path.of(System.getProperty("java.home")));
    for (String path : System.getProperty("java.class.path").split(":", -1)) {
      result.add(Path.of(path));
    }
    for (String variable : List.of("GDAL_DATA", "PROJ_LIB", "PROJ_DATA")) {
      String path = System.getenv(variable);
      if (path != null && !path.isBlank()) {
        result.add(Path.of(path));
      }
    }
    return result;
  }

  private void serve(Operations operations, LinkedBlockingQueue<Object> requests, OutputStream out)
      throws IOException {
    try {
      while (true) {
        Object request = requests.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
          operations.idle();
        } else if (request == END) {
          return;
        } else {
          Wire.write(out, operations.answer(Request.of(request)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readRequests(InputStream in, LinkedBlockingQueue<Object> requests) {
    try {
      for (Object request = Wire.read(in); request != null; request = Wire.read(in)) {
        requests.add(request);
      }
    } catch (IOException e) {
      System.err.println("the requests broke off: " + e.getMessage());
    }
    requests.add(END);
    end();
  }

  private void end() {
    deleteDirectory();
    posix.exitNow(0);
  }

  /** Deletes what this worker left on disk; what cannot be deleted is swept by the next pool. */
  private void deleteDirectory() {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      System.err.println("cannot delete " + directory + ": " + e.getMessage());
    }
  }

  /** Gives the VRT driver: for views that the worker makes; as a driver of files it is gone. */
  private MemorySegment configure(GdalLibrary gdal) {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, String> options = new LinkedHashMap<>();
      options.put("GDAL_NUM_THREADS", "1");
      options.put("GDAL_NETCDF_VERIFY_DIMS", "YES");
      options.put("OGR_CT_FORCE_TRADITIONAL_GIS_ORDER", "NO");
      // Cells and units as the file has them, not Kelvin turned into degrees Celsius.
      options.put("GRIB_NORMALIZE_UNITS", "NO");
      // Sidecar files are found by name; listing a directory of 100,000 files for each open is not
      // needed.
      options.put("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE");
      if (!network) {
        options.put("CPL_VSIL_CURL_ALLOWED_FILENAME", "none");
        options.put("GDAL_HTTP_PROXY", "http://127.0.0.1:9");
        options.put("GDAL_HTTP_CONNECTTIMEOUT", "1");
        options.put("GDAL_HTTP_TIMEOUT", "1");
        options.put("PROJ_NETWORK", "OFF");
      }
      options.forEach(
          (key, value) ->
              gdal.setConfigOption.call(arena.allocateFrom(key), arena.allocateFrom(value)));
      gdal.setCacheMax.call(64L << 20);
    }
    gdal.registerAll.call();
    MemorySegment viewDriver;
    try (Arena arena = Arena.ofConfined()) {
      viewDriver = gdal.driverByName.pointer(arena.allocateFrom("VRT"));
    }
    if (drivers.isEmpty()) {
      return viewDriver;
    }
    for (int i = gdal.driverCount.integer() - 1; i >= 0; i--) {
      var driver = gdal.driver.pointer(i);
      String name = gdal.driverShortName.text(driver);
      if (!drivers.contains(name) && !NEEDED.contains(name)) {
        gdal.deregisterDriver.call(driver);
      }
    }
    return viewDriver;
  }
}
