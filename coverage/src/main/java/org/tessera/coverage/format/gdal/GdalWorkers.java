package org.tessera.coverage.format.gdal;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A pool of GDAL worker processes. Thread-safe; as many requests run at a time as there may be
 * workers, the others wait.
 *
 * <p>Workers are started when first needed and used again. One that crashes, hangs or answers
 * nonsense is killed and replaced; only its own request fails, with a {@link GdalException}. {@link
 * #close} ends all workers and deletes all files; workers end by themselves when this process dies.
 *
 * <p>Cells pass through shared memory in pieces of at most {@link Settings#cellsLimit}, and the
 * time limit holds for each piece, so a large file is read and written in bounded memory whatever
 * its size.
 */
public final class GdalWorkers implements AutoCloseable {

  /** A worker is replaced after so many requests, lest libgdal's leaks add up. */
  private static final int MAX_SERVED = 5000;

  /** A file that a driver can only copy as a whole may take a second more for so many bytes. */
  private static final long COPIED_BYTES_A_SECOND = 5 << 20;

  /**
   * The settings of a pool.
   *
   * @param jar {@code gdal.jar} or the directory of its classes; null to look for it: bundled in a
   *     WAR, or on the class path
   * @param java the {@code java} program
   * @param maxWorkers requests that may read at a time, and files that may be written at a time; at
   *     least 1
   * @param timeLimit for each piece of work
   * @param memoryLimit the address space of a worker in bytes, the JVM's own (about 1 GiB)
   *     included; 0 for no limit
   * @param scratch where files are written; the pool makes a directory of its own there
   * @param cellsLimit the shared memory of a worker in bytes; at least 1 MiB
   * @param drivers short names of the drivers that may be used; empty for all. See {@link
   *     #SAFE_DRIVERS}
   * @param network whether GDAL may open connections
   * @param paths which files may be read
   */
  public record Settings(
      Path jar,
      Path java,
      int maxWorkers,
      Duration timeLimit,
      long memoryLimit,
      Path scratch,
      long cellsLimit,
      List<String> drivers,
      boolean network,
      PathPolicy paths) {

    /**
     * Drivers of formats that hold their cells themselves. Left out are those that refer to other
     * files or servers (VRT, WMS, WCS, STACTA, PostGISRaster, HFA, ...), which would let a file
     * name another. SENTINEL2 is in although its XML names the images of a product: nothing else
     * than JPEG 2000 is opened through it, and only where the worker is confined to.
     */
    public static final List<String> SAFE_DRIVERS =
        List.of(
            "GTiff",
            "COG",
            "PNG",
            "JPEG",
            "GIF",
            "BIGGIF",
            "BMP",
            "WEBP",
            "JP2OpenJPEG",
            "SENTINEL2",
            "netCDF",
            "HDF4",
            "HDF4Image",
            "HDF5",
            "HDF5Image",
            "GRIB",
            "Zarr",
            "AAIGrid",
            "GRASSASCIIGrid",
            "GSAG",
            "GSBG",
            "GS7BG",
            "DTED",
            "SRTMHGT",
            "USGSDEM",
            "FITS",
            "FIT",
            "NITF",
            "PNM",
            "SGI",
            "XYZ",
            "ZMap",
            "SIGDEM",
            "NWT_GRD",
            "NWT_GRC",
            "BAG",
            "KEA",
            "RMF",
            "Terragen",
            "BT",
            "GTX",
            "NTv2",
            "ISG",
            "GXF",
            "TGA",
            "HF2",
            "ESAT",
            "L1B",
            "MSGN",
            "CEOS",
            "SAR_CEOS",
            "MEM");

    public Settings {
      if (maxWorkers < 1 || cellsLimit < 1 << 20 || timeLimit.toMillis() < 1) {
        throw new IllegalArgumentException("a pool needs a worker, 1 MiB of cells and some time");
      }
      drivers = List.copyOf(drivers);
    }

    /**
     * The usual settings: as many workers as processors (at least 2), 30 s, 6 GiB, 32 MiB of cells,
     * {@link #SAFE_DRIVERS}, no network, this JVM's own {@code java}, and the jar of the system
     * property {@code tessera.gdal.jar} or the environment variable {@code TESSERA_GDAL_JAR} if one
     * is set.
     */
    public static Settings standard(Path scratch, PathPolicy paths) {
      String jar = System.getProperty("tessera.gdal.jar", System.getenv("TESSERA_GDAL_JAR"));
      return new Settings(
          jar == null || jar.isBlank() ? null : Path.of(jar),
          Path.of(System.getProperty("java.home"), "bin", "java"),
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          Duration.ofSeconds(30),
          6L << 30,
          scratch,
          32L << 20,
          SAFE_DRIVERS,
          false,
          paths);
    }

    /** These settings with another time limit. */
    public Settings withTimeLimit(Duration limit) {
      return new Settings(
          jar, java, maxWorkers, limit, memoryLimit, scratch, cellsLimit, drivers, network, paths);
    }

    /** These settings with another number of workers. */
    public Settings withMaxWorkers(int workers) {
      return new Settings(
          jar, java, workers, timeLimit, memoryLimit, scratch, cellsLimit, drivers, network, paths);
    }

    /** These settings with other drivers. */
    public Settings withDrivers(List<String> names) {
      return new Settings(
          jar,
          java,
          maxWorkers,
          timeLimit,
          memoryLimit,
          scratch,
          cellsLimit,
          names,
          network,
          paths);
    }

    /** These settings with connections to other machines allowed or not. */
    public Settings withNetwork(boolean allowed) {
      return new Settings(
          jar,
          java,
          maxWorkers,
          timeLimit,
          memoryLimit,
          scratch,
          cellsLimit,
          drivers,
          allowed,
          paths);
    }

    /** These settings with another limit of shared memory. */
    public Settings withCellsLimit(long bytes) {
      return new Settings(
          jar, java, maxWorkers, timeLimit, memoryLimit, scratch, bytes, drivers, network, paths);
    }
  }

  private final Settings settings;
  private final Scratch scratch;
  private final List<String> code;
  private final AtomicLong numbers = new AtomicLong();

  /** Places of requests that read. They wait for nobody while they have a worker. */
  private final Semaphore readers;

  /**
   * Places of files being written. Their cells may come from files that are read meanwhile, so both
   * kinds must not wait for the same places.
   */
  private final Semaphore writers;

  /** Guards the three below. */
  private final Object lock = new Object();

  private final Deque<Worker> idle = new ArrayDeque<>();
  private final Set<Worker> all = new HashSet<>();
  private boolean closed;

  private GdalWorkers(Settings settings) {
    this.settings = settings;
    this.scratch = new Scratch(settings.scratch(), settings.maxWorkers() * settings.cellsLimit());
    List<String> found;
    try {
      found = WorkerCode.arguments(settings.jar(), scratch.onDisk());
    } catch (GdalException e) {
      scratch.close();
      throw e;
    }
    this.code = found;
    this.readers = new Semaphore(settings.maxWorkers(), true);
    this.writers = new Semaphore(settings.maxWorkers(), true);
  }

  /**
   * Opens a pool; no process is started yet.
   *
   * @throws GdalException if the worker's jar is not found or there is no scratch directory
   */
  public static GdalWorkers open(Settings settings) {
    return new GdalWorkers(settings);
  }

  /**
   * Starts a worker and returns; who needs it next waits until it is ready. What goes wrong is told
   * to them.
   *
   * @return ends when it is ready
   */
  public Thread startOne() {
    Thread thread =
        new Thread(
            () -> {
              try {
                with("", worker -> null);
              } catch (GdalException | IllegalStateException e) {
                System.getLogger(GdalWorkers.class.getName())
                    .log(System.Logger.Level.DEBUG, "no worker was started: {0}", e.getMessage());
              }
            },
            "gdal-worker-start");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The formats that the workers know. */
  public List<DriverInfo> drivers() {
    return with(
            "",
            worker ->
                worker.call(Map.of("op", "drivers"), "listing the formats", settings.timeLimit()))
        .parts("drivers")
        .stream()
        .map(Descriptions::driver)
        .toList();
  }

  /** Describes a raster file. */
  public RasterInfo rasterInfo(GdalSource source) {
    return Descriptions.raster(describe("rasterInfo", source));
  }

  /** Describes how the cells of a raster file lie in it. */
  public RasterLayout rasterLayout(GdalSource source) {
    return Descriptions.layout(describe("rasterLayout", source));
  }

  /** Describes a multidimensional file (netCDF, HDF, GRIB, Zarr). */
  public ArrayFileInfo arrayInfo(GdalSource source) {
    return Descriptions.arrays(describe("arrayInfo", source));
  }

  private Answer describe(String operation, GdalSource source) {
    checkPath(source);
    return with(
        source.name(),
        worker ->
            worker.call(
                request(operation, source), "reading " + source.name(), settings.timeLimit()));
  }

  /**
   * Reads cells of a raster file, of each band in its own type.
   *
   * @param info the file's description from {@link #rasterInfo}
   */
  public List<CellArray> readRaster(GdalSource source, RasterInfo info, RasterWindow window) {
    List<CellArray> result = new ArrayList<>();
    List<BandInfo> bands = info.bands();
    for (int from = 0; from < bands.size(); ) {
      int to = from + 1;
      while (to < bands.size() && bands.get(to).type() == bands.get(from).type()) {
        to++;
      }
      result.addAll(
          readRaster(
              source,
              window,
              IntStream.rangeClosed(from + 1, to).toArray(),
              bands.get(from).type()));
      from = to;
    }
    return result;
  }

  /**
   * Reads cells of a raster file, converted to {@code type} as GDAL does it (rounded, clamped).
   *
   * @param bands numbers of bands, from 1
   * @return an array for each band, rows top to bottom as in the file
   */
  public List<CellArray> readRaster(
      GdalSource source, RasterWindow window, int[] bands, GdalType type) {
    checkPath(source);
    long cells = (long) window.width() * window.height();
    List<CellArray> result = new ArrayList<>();
    for (int unused : bands) {
      result.add(CellArray.allocate(type, cells));
    }
    String task = "reading " + source.name();
    long[] extent = {window.height(), window.width()};
    with(
        source.name(),
        worker -> {
          for (Box box :
              Box.pieces(extent, (long) bands.length * type.bytes(), settings.cellsLimit(), 1)) {
            int rows = (int) box.count()[0];
            int columns = (int) box.count()[1];
            Map<String, Object> request = request("readRaster", source);
            request.put("x", window.x() + box.start()[1]);
            request.put("y", window.y() + box.start()[0]);
            request.put("width", columns);
            request.put("height", rows);
            request.put("bands", Arrays.stream(bands).asLongStream().toArray());
            request.put("type", type.name());
            share(worker, request, box.cells() * bands.length * type.bytes());
            worker.call(request, task, settings.timeLimit());
            for (int b = 0; b < bands.length; b++) {
              takeRows(
                  worker.cells().memory(), b * box.cells(), result.get(b), box, window.width());
            }
          }
          return null;
        });
    return result;
  }

  /** Copies a piece of a raster, which lies compact in shared memory, to its place. */
  private static void takeRows(
      MemorySegment memory, long firstCell, CellArray target, Box box, int targetWidth) {
    int columns = (int) box.count()[1];
    int bytes = target.type().bytes();
    if (columns == targetWidth) {
      target.copyFrom(
          memory, firstCell * bytes, (int) (box.start()[0] * targetWidth), (int) box.cells());
      return;
    }
    for (long row = 0; row < box.count()[0]; row++) {
      target.copyFrom(
          memory,
          (firstCell + row * columns) * bytes,
          (int) ((box.start()[0] + row) * targetWidth + box.start()[1]),
          columns);
    }
  }

  /**
   * Reads a hyperslab of an array of numbers, packed as in the file (scale and offset not applied),
   * row-major.
   *
   * @param array as described by {@link #arrayInfo}
   * @param start first index of each dimension
   * @param count number of indices of each dimension, at least 1
   * @param step distance of the indices of each dimension; negative to go down
   */
  public CellArray readArray(
      GdalSource source, ArrayInfo array, long[] start, long[] count, long[] step) {
    checkPath(source);
    if (array.type() == null) {
      throw new IllegalArgumentException(array.path() + " holds no numbers");
    }
    checkSlab(array, start, count, step);
    GdalType type = array.type();
    Box whole = new Box(new long[count.length], count);
    CellArray result = CellArray.allocate(type, whole.cells());
    String task = "reading " + array.path() + " of " + source.name();
    with(
        source.name(),
        worker -> {
          long done = 0;
          for (Box box : Box.pieces(count, type.bytes(), settings.cellsLimit(), 1)) {
            long[] from = new long[start.length];
            for (int d = 0; d < from.length; d++) {
              from[d] = start[d] + box.start()[d] * step[d];
            }
            Map<String, Object> request = arrayRequest(source, array, from, box.count(), step);
            request.put("type", type.name());
            share(worker, request, box.cells() * type.bytes());
            worker.call(request, task, settings.timeLimit());
            result.copyFrom(worker.cells().memory(), 0, (int) done, (int) box.cells());
            done += box.cells();
          }
          return null;
        });
    return result;
  }

  /** Reads all cells of an array of numbers. */
  public CellArray readArray(GdalSource source, ArrayInfo array) {
    long[] shape = array.shape();
    long[] ones = new long[shape.length];
    Arrays.fill(ones, 1);
    return readArray(source, array, new long[shape.length], shape, ones);
  }

  /**
   * Reads a hyperslab of an array of texts; arguments as for {@link #readArray}. A missing text is
   * empty.
   */
  public List<String> readTexts(
      GdalSource source, ArrayInfo array, long[] start, long[] count, long[] step) {
    checkPath(source);
    if (!array.isText()) {
      throw new IllegalArgumentException(array.path() + " holds no texts");
    }
    checkSlab(array, start, count, step);
    Map<String, Object> request = arrayRequest(source, array, start, count, step);
    request.put("type", "TEXT");
    Answer answer =
        with(
            source.name(),
            worker ->
                worker.call(
                    request,
                    "reading " + array.path() + " of " + source.name(),
                    settings.timeLimit()));
    List<String> result = new ArrayList<>();
    if (answer.value("texts") instanceof List<?> texts) {
      texts.forEach(text -> result.add(text instanceof String given ? given : ""));
    }
    return result;
  }

  private static Map<String, Object> arrayRequest(
      GdalSource source, ArrayInfo array, long[] start, long[] count, long[] step) {
    Map<String, Object> request = request("readArray", source);
    request.put("array", array.path());
    request.put("start", start);
    request.put("count", count);
    request.put("step", step);
    return request;
  }

  private static void checkSlab(ArrayInfo array, long[] start, long[] count, long[] step) {
    long[] shape = array.shape();
    if (start.length != shape.length
        || count.length != shape.length
        || step.length != shape.length) {
      throw new IllegalArgumentException(array.path() + " has " + shape.length + " dimensions");
    }
    for (int d = 0; d < shape.length; d++) {
      long last = start[d] + (count[d] - 1) * step[d];
      if (count[d] < 1 || start[d] < 0 || start[d] >= shape[d] || last < 0 || last >= shape[d]) {
        throw new IllegalArgumentException(
            array.path()
                + ": dimension "
                + array.dimensions().get(d).name()
                + " has indices 0 to "
                + (shape[d] - 1)
                + ", wanted "
                + start[d]
                + " to "
                + last);
      }
    }
  }

  /**
   * Writes a raster file and sends it to {@code out} once it is complete; nothing is sent if it
   * fails.
   *
   * @param cells asked for slabs of whole rows, top to bottom; rows wider than the shared memory in
   *     parts
   * @throws IOException if {@code out} fails
   */
  public void writeRaster(RasterSpec spec, SlabSource cells, OutputStream out) throws IOException {
    long[] shape = {spec.height(), spec.width()};
    List<GdalType> types = spec.bands().stream().map(band -> spec.type()).toList();
    Map<String, Object> request = WriteRequests.raster(spec);
    request.put("memoryBytes", settings.cellsLimit());
    long bytes = (long) spec.width() * spec.height() * spec.bands().size() * spec.type().bytes();
    String task = "writing a " + spec.driver() + " file";
    withIo(
        worker -> {
          Path file = worker.directory().resolve("result");
          request.put("file", file.toString());
          request.put("temporary", worker.directory().resolve("temporary.tif").toString());
          Answer begun = worker.call(request, task, settings.timeLimit());
          int align = Math.max(1, begun.int32("blockRows"));
          for (Box box :
              Box.pieces(
                  shape, (long) types.size() * spec.type().bytes(), settings.cellsLimit(), align)) {
            sendRaster(worker, cells, box, types, task);
          }
          finish(worker, file, bytes, task, out);
        });
  }

  private void sendRaster(
      Worker worker, SlabSource source, Box box, List<GdalType> types, String task)
      throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("op", "write");
    request.put("x", box.start()[1]);
    request.put("start", box.start()[0]);
    request.put("width", box.count()[1]);
    request.put("count", box.count()[0]);
    List<CellArray> slab = source.cells(box.start().clone(), box.count().clone());
    checkSlab(slab, types, box);
    share(worker, request, box.cells() * types.size() * types.getFirst().bytes());
    long at = 0;
    for (CellArray band : slab) {
      band.copyTo(worker.cells().memory(), at);
      at += box.cells() * band.type().bytes();
    }
    worker.call(request, task, settings.timeLimit());
  }

  private static void checkSlab(List<CellArray> slab, List<GdalType> types, Box box) {
    if (slab.size() != types.size()) {
      throw new IllegalArgumentException(
          slab.size() + " arrays of cells for " + types.size() + " bands");
    }
    for (int i = 0; i < types.size(); i++) {
      if (slab.get(i).type() != types.get(i) || slab.get(i).length() != box.cells()) {
        throw new IllegalArgumentException(
            "band "
                + i
                + " needs "
                + box.cells()
                + " cells of "
                + types.get(i)
                + ", not "
                + slab.get(i).length()
                + " of "
                + slab.get(i).type());
      }
    }
  }

  /** Completes the file, streams it to {@code out} and deletes it. */
  private void finish(Worker worker, Path file, long bytes, String task, OutputStream out)
      throws IOException {
    Duration limit = settings.timeLimit().plusSeconds(bytes / COPIED_BYTES_A_SECOND);
    worker.call(Map.of("op", "finish"), task, limit);
    if (!Files.isRegularFile(file)) {
      throw new GdalException(
          GdalException.Kind.FAILED, task + " failed: the format is no single file");
    }
    Files.copy(file, out);
  }

  /**
   * Writes a multidimensional file and sends it to {@code out} once it is complete; nothing is sent
   * if it fails.
   *
   * @param cells asked for boxes of the streamed variables' dimensions, in row-major order
   * @throws IOException if {@code out} fails
   */
  public void writeArrays(ArrayFileSpec spec, SlabSource cells, OutputStream out)
      throws IOException {
    List<VariableSpec> streamed =
        spec.variables().stream().filter(variable -> variable.values() == null).toList();
    List<GdalType> types = streamed.stream().map(WriteRequests::cells).toList();
    long[] shape = WriteRequests.commonShape(spec, streamed);
    long cellBytes = types.stream().mapToLong(GdalType::bytes).sum();
    Map<String, Object> request = WriteRequests.arrays(spec);
    String task = "writing a " + spec.driver() + " file";
    withIo(
        worker -> {
          Path file = worker.directory().resolve("result.nc");
          request.put("file", file.toString());
          worker.call(request, task, settings.timeLimit());
          if (!streamed.isEmpty()) {
            for (Box box : Box.pieces(shape, cellBytes, settings.cellsLimit(), 1)) {
              List<CellArray> slab = cells.cells(box.start().clone(), box.count().clone());
              checkSlab(slab, types, box);
              for (int i = 0; i < streamed.size(); i++) {
                Map<String, Object> write = new LinkedHashMap<>();
                write.put("op", "write");
                write.put("variable", streamed.get(i).name());
                write.put("start", box.start());
                write.put("count", box.count());
                share(worker, write, box.cells() * types.get(i).bytes());
                slab.get(i).copyTo(worker.cells().memory(), 0);
                worker.call(write, task, settings.timeLimit());
              }
            }
          }
          finish(
              worker, file, new Box(new long[shape.length], shape).cells() * cellBytes, task, out);
        });
  }

  /**
   * Reprojects cells. Source and target must fit into the shared memory's bounds of 2 GiB each; the
   * shared file grows for it.
   *
   * @param bands of one type, {@code source.width * source.height} cells each
   * @return {@code target.width * target.height} cells of each band
   */
  public List<CellArray> warp(WarpSpec spec, List<CellArray> bands) {
    GdalType type = bands.getFirst().type();
    WarpGrid source = spec.source();
    WarpGrid target = spec.target();
    long sourceCells = (long) source.width() * source.height();
    long targetCells = (long) target.width() * target.height();
    for (CellArray band : bands) {
      if (band.type() != type || band.length() != sourceCells) {
        throw new IllegalArgumentException(
            "the bands differ in type, or in size from the source grid");
      }
    }
    long targetStart = Math.ceilDiv(sourceCells * type.bytes() * bands.size(), 64) * 64;
    long bytes = targetStart + targetCells * type.bytes() * bands.size();
    Map<String, Object> request = WriteRequests.warp(spec, type, bands.size());
    request.put("targetStart", targetStart);
    List<CellArray> result = new ArrayList<>();
    with(
        "",
        worker -> {
          share(worker, request, bytes);
          MemorySegment memory = worker.cells().memory();
          for (int b = 0; b < bands.size(); b++) {
            bands.get(b).copyTo(memory, b * sourceCells * type.bytes());
          }
          Duration limit = settings.timeLimit().plusSeconds(bytes / COPIED_BYTES_A_SECOND);
          worker.call(request, "reprojecting", limit);
          for (int b = 0; b < bands.size(); b++) {
            CellArray band = CellArray.allocate(type, targetCells);
            band.copyFrom(
                memory, targetStart + b * targetCells * type.bytes(), 0, (int) targetCells);
            result.add(band);
          }
          return null;
        });
    return result;
  }

  /**
   * Makes sure that a file may be read.
   *
   * @throws GdalException {@code REFUSED} if the pool's policy does not allow it
   */
  public void checkPath(GdalSource source) {
    settings
        .paths()
        .refusal(source.name())
        .ifPresent(
            reason -> {
              throw new GdalException(
                  GdalException.Kind.REFUSED, source.name() + " is not read: " + reason);
            });
  }

  private static Map<String, Object> request(String operation, GdalSource source) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("op", operation);
    request.put("name", source.name());
    request.put("drivers", source.drivers());
    request.put("openOptions", source.openOptions());
    return request;
  }

  /** Makes room in the worker's shared file and tells the worker where it is. */
  private static void share(Worker worker, Map<String, Object> request, long bytes) {
    try {
      worker.cells().ensure(bytes);
    } catch (IOException e) {
      throw new GdalException(
          GdalException.Kind.FAILED,
          "no room for " + bytes + " bytes of cells: " + e.getMessage(),
          e);
    }
    request.put("cells", worker.cells().path().toString());
    request.put("cellsSize", worker.cells().size());
  }

  private interface Work<T> {
    T apply(Worker worker);
  }

  private interface IoWork {
    void apply(Worker worker) throws IOException;
  }

  /**
   * Does the work with a worker, one that has the file open if there is such a one.
   *
   * <p>A damaged file may leave libraries below libgdal in a state in which they refuse sound
   * files, too (HDF4 does). So what fails in a worker where something has failed before is done
   * once more in another, and that worker is ended.
   */
  private <T> T with(String name, Work<T> work) {
    while (true) {
      Worker worker = acquire(readers, name);
      try {
        return work.apply(worker);
      } catch (GdalException e) {
        if (e.kind() != GdalException.Kind.FAILED || worker.failed() <= 1) {
          throw e;
        }
        worker.end();
      } finally {
        release(readers, worker, name);
      }
    }
  }

  /** Does the work of writing, and clears away what is left of it. */
  private void withIo(IoWork work) throws IOException {
    Worker worker = acquire(writers, "");
    boolean done = false;
    try {
      work.apply(worker);
      done = true;
    } finally {
      try {
        if (!done && !worker.isDead()) {
          worker.call(Map.of("op", "abandon"), "clearing up", settings.timeLimit());
        }
      } finally {
        if (!worker.isDead()) {
          clear(worker.directory());
        }
        release(writers, worker, "");
      }
    }
  }

  /** Deletes the files that writing has left in a worker's directory. */
  private static void clear(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Scratch.delete(file);
      }
    }
  }

  private Worker acquire(Semaphore places, String name) {
    try {
      Duration patience = settings.timeLimit().multipliedBy(4);
      if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new GdalException(
            GdalException.Kind.TIMED_OUT,
            "all "
                + settings.maxWorkers()
                + " GDAL workers were busy for "
                + patience.toSeconds()
                + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GdalException(
          GdalException.Kind.FAILED, "interrupted while waiting for a GDAL worker", e);
    }
    boolean done = false;
    try {
      Worker worker = idleOrNew(name);
      done = true;
      return worker;
    } finally {
      if (!done) {
        places.release();
      }
    }
  }

  private Worker idleOrNew(String name) {
    List<Worker> corpses = new ArrayList<>();
    Worker chosen = null;
    synchronized (lock) {
      checkOpen();
      for (Iterator<Worker> i = idle.iterator(); i.hasNext(); ) {
        Worker worker = i.next();
        if (worker.isDead()) {
          i.remove();
          all.remove(worker);
          corpses.add(worker);
        } else if (chosen == null && !name.isEmpty() && worker.lastName().equals(name)) {
          i.remove();
          chosen = worker;
        }
      }
      if (chosen == null) {
        chosen = idle.pollFirst();
      }
    }
    corpses.forEach(Worker::close);
    if (chosen != null) {
      return chosen;
    }
    Worker started = Worker.start(settings, code, scratch, numbers);
    synchronized (lock) {
      if (!closed) {
        all.add(started);
        return started;
      }
    }
    started.close();
    throw new IllegalStateException("the pool of GDAL workers is closed");
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the pool of GDAL workers is closed");
    }
  }

  private void release(Semaphore places, Worker worker, String name) {
    worker.setLastName(name);
    boolean keep;
    synchronized (lock) {
      keep = !closed && !worker.isDead() && worker.served() < MAX_SERVED;
      if (keep) {
        idle.addFirst(worker);
      } else {
        all.remove(worker);
      }
    }
    if (!keep) {
      worker.close();
    }
    places.release();
  }

  /** The process ids of the workers that live now. */
  public List<Long> processIds() {
    synchronized (lock) {
      return all.stream().map(Worker::pid).toList();
    }
  }

  /** Ends all workers, those at work, too, and deletes all files. */
  @Override
  public void close() {
    List<Worker> workers;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      workers = List.copyOf(all);
      all.clear();
      idle.clear();
    }
    workers.forEach(Worker::end);
    // Those at work are closed by their threads as soon as these notice; nobody else may touch
    // their memory.
    try {
      if (readers.tryAcquire(settings.maxWorkers(), 15, TimeUnit.SECONDS)
          && writers.tryAcquire(settings.maxWorkers(), 15, TimeUnit.SECONDS)) {
        workers.forEach(Worker::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scratch.close();
  }
}
