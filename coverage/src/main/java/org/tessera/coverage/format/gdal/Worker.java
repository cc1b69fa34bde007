package org.tessera.coverage.format.gdal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One worker process. Used by one thread at a time; dead after the first exception that is not
 * GDAL's own refusal.
 */
final class Worker implements AutoCloseable {
  private static final Object END = new Object();
  private static final Pattern JVM_SIGNAL =
      Pattern.compile("#\\s+(SIG[A-Z0-9]+) \\(0x([0-9a-f]+)\\)");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int KEPT_OUTPUT = 8192;

  private final Process process;
  private final OutputStream requests;
  private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final StringBuilder output = new StringBuilder();
  private final Thread outputReader;
  private final Path directory;
  private final SharedFile cells;
  private String lastName = "";
  private int served;
  private int failed;
  private volatile boolean dead;
  private boolean cleared;

  private Worker(Process process, Path directory, SharedFile cells) {
    this.process = process;
    this.directory = directory;
    this.cells = cells;
    this.requests = new BufferedOutputStream(process.getOutputStream());
    startThread("gdal-worker-" + process.pid() + "-answers", this::readAnswers);
    this.outputReader = startThread("gdal-worker-" + process.pid() + "-output", this::readOutput);
  }

  private static Thread startThread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Starts a worker and waits for its greeting. */
  static Worker start(
      GdalWorkers.Settings settings, List<String> code, Scratch scratch, AtomicLong numbers) {
    String name = "worker-" + numbers.incrementAndGet();
    Path directory = scratch.onDisk().resolve(name);
    try {
      Files.createDirectory(directory);
      List<String> command = new ArrayList<>();
      command.add(settings.java().toString());
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:-UsePerfData",
              "-XX:-CreateCoredumpOnCrash",
              "-XX:ErrorFile=/dev/null",
              "-XX:CompressedClassSpaceSize=64m",
              "-XX:ReservedCodeCacheSize=32m",
              "-Xshare:auto",
              "-Xms16m",
              "-Xmx128m"));
      command.addAll(code);
      command.add(directory.toString());
      command.add(Long.toString(settings.memoryLimit()));
      command.add(settings.drivers().isEmpty() ? "*" : String.join(",", settings.drivers()));
      command.add(Boolean.toString(settings.network()));
      command.add(scratch.inMemory().toString());
      settings.paths().roots().forEach(root -> command.add(existing(root).toString()));
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      keepOnly(builder.environment(), settings.network());
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("TMPDIR", directory.toString());
      Process process = builder.start();
      Worker worker =
          new Worker(
              process, directory, new SharedFile(scratch.inMemory().resolve(name + ".cells")));
      try {
        worker.greet();
      } catch (GdalException e) {
        worker.close();
        throw e;
      }
      return worker;
    } catch (IOException e) {
      Scratch.delete(directory);
      throw new GdalException(
          GdalException.Kind.FAILED, "a GDAL worker cannot be started: " + e.getMessage(), e);
    }
  }

  /** The directory, or the nearest one above it that exists: it may be made later. */
  private static Path existing(Path root) {
    Path path = root.toAbsolutePath();
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  /**
   * The worker sees no credentials of the server; GDAL's settings and, with the network, those of
   * its clouds pass.
   */
  private static void keepOnly(Map<String, String> environment, boolean network) {
    environment
        .keySet()
        .removeIf(
            name ->
                !(name.equals("PATH")
                    || name.equals("GDAL_DATA")
                    || name.equals("PROJ_LIB")
                    || name.equals("PROJ_DATA")
                    || name.equals("LD_LIBRARY_PATH")
                    || (network
                        && (name.startsWith("AWS_")
                            || name.toLowerCase(Locale.ROOT).endsWith("_proxy")))));
  }

  private void greet() {
    Answer greeting = await("starting it", START_LIMIT);
    if (greeting.has("message")) {
      throw new GdalException(GdalException.Kind.FAILED, greeting.text("message"));
    }
    if (greeting.integer("protocol") != Wire.PROTOCOL) {
      throw new GdalException(
          GdalException.Kind.FAILED,
          "gdal.jar is of another version: protocol "
              + greeting.integer("protocol")
              + ", not "
              + Wire.PROTOCOL);
    }
  }

  /** The shared cells; only for the thread that has the worker. */
  SharedFile cells() {
    return cells;
  }

  /** The worker's own directory on disk. */
  Path directory() {
    return directory;
  }

  boolean isDead() {
    return dead || !process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** The file of the last request, for which the worker may have a data set open. */
  String lastName() {
    return lastName;
  }

  void setLastName(String name) {
    lastName = name;
  }

  /** How many requests this worker has refused or could not carry out. */
  int failed() {
    return failed;
  }

  int served() {
    return served;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param task what the worker is to do, for messages: {@code reading /data/a.nc}
   */
  Answer call(Map<String, Object> request, String task, Duration limit) {
    served++;
    try {
      Wire.write(requests, request);
    } catch (IOException e) {
      throw crashed(task);
    }
    Answer answer = await(task, limit);
    if (!answer.flag("ok")) {
      failed++;
      throw new GdalException(
          GdalException.Kind.FAILED, task + " failed: " + answer.text("message"));
    }
    return answer;
  }

  private Answer await(String task, Duration limit) {
    Object value;
    try {
      value = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new GdalException(GdalException.Kind.FAILED, task + " was interrupted", e);
    }
    if (value == null) {
      kill();
      throw new GdalException(
          GdalException.Kind.TIMED_OUT, task + " took too long: gave up after " + seconds(limit));
    }
    if (value == END) {
      throw crashed(task);
    }
    try {
      return Answer.of(value);
    } catch (IllegalStateException e) {
      kill();
      throw new GdalException(
          GdalException.Kind.CRASHED, "the GDAL worker answered nonsense while " + task, e);
    }
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  private GdalException crashed(String task) {
    dead = true;
    String how = "the worker ended";
    try {
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        outputReader.join(1000);
        how = howItEnded(process.exitValue());
      } else {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    return new GdalException(GdalException.Kind.CRASHED, how + " while " + task);
  }

  private String howItEnded(int status) {
    String said;
    synchronized (output) {
      said = output.toString();
    }
    if (said.contains("insufficient memory")
        || said.contains("bad_alloc")
        || said.contains("OutOfMemoryError")) {
      return "the worker's memory limit did not suffice";
    }
    Matcher signal = JVM_SIGNAL.matcher(said);
    if (signal.find()) {
      return "libgdal crashed (signal "
          + Integer.parseInt(signal.group(2), 16)
          + ", "
          + signal.group(1)
          + ")";
    }
    if (status > 128) {
      return "libgdal crashed (signal " + (status - 128) + ")";
    }
    return "the worker ended with status "
        + status
        + (said.isBlank() ? "" : " (" + said.strip() + ")");
  }

  private void readAnswers() {
    try (InputStream in = process.getInputStream()) {
      for (Object value = Wire.read(in); value != null; value = Wire.read(in)) {
        answers.add(value);
      }
    } catch (IOException e) {
      synchronized (output) {
        output.append("answers broke off: ").append(e.getMessage()).append('\n');
      }
    }
    answers.add(END);
  }

  /** Keeps the first of what the process prints: the reason of a crash comes first. */
  private void readOutput() {
    byte[] buffer = new byte[4096];
    try (InputStream in = process.getErrorStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (output) {
          if (output.length() < KEPT_OUTPUT) {
            output.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          }
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.append("output broke off: ").append(e.getMessage()).append('\n');
      }
    }
  }

  private void kill() {
    dead = true;
    var unused = process.destroyForcibly();
  }

  /** Ends the process; the thread that waits for an answer learns of it. */
  void end() {
    kill();
  }

  /** Ends the process and deletes its files. */
  @Override
  public void close() {
    kill();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        System.getLogger(Worker.class.getName())
            .log(System.Logger.Level.WARNING, "GDAL worker " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (cleared) {
      return;
    }
    cleared = true;
    try {
      cells.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Scratch.delete(directory);
  }
}
