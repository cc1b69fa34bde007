package org.tessera.gdal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.tessera.gdal.binding.Posix;
import org.tessera.gdal.worker.WorkerLoop;

/**
 * The main class of {@code gdal.jar}: {@code java --enable-native-access=ALL-UNNAMED -jar gdal.jar
 * DIRECTORY MEMORY DRIVERS NETWORK SHARED [ROOT...]}.
 *
 * <p>DIRECTORY is this worker's own scratch directory, which it deletes when it ends; MEMORY the
 * address space in bytes that it may use (0: no limit); DRIVERS the short names of GDAL's drivers
 * that it may use, separated by commas ({@code *}: all); NETWORK {@code true} if libgdal may open
 * connections; SHARED the directory of the shared cells; ROOTs the directories that it may read,
 * where the kernel can see to that (none: no such limit). Requests come on stdin, answers go to
 * stdout; the end of stdin ends the worker, so none outlives its parent. Whatever libgdal or the
 * JVM print goes to stderr.
 */
public final class GdalWorker {
  private GdalWorker() {}

  /** Runs the worker until stdin ends. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 5) {
      System.err.println(
          "usage: gdal.jar DIRECTORY MEMORY DRIVERS NETWORK SHARED [ROOT...] (started by the Tessera server, not by hand)");
      System.exit(2);
    }
    Posix posix = new Posix();
    // Some drivers print to stdout; the protocol keeps the pipe to itself and gives file descriptor
    // 1 to stderr.
    int answers = posix.duplicate(1);
    if (answers < 0 || !posix.redirect(2, 1)) {
      throw new IOException("cannot set the output aside");
    }
    long memory = Long.parseLong(arguments[1]);
    if (memory > 0 && !posix.limitMemory(memory)) {
      System.err.println("the memory limit was refused by the system");
    }
    if (!posix.forbidCoreFiles()) {
      System.err.println("core files could not be switched off");
    }
    List<String> drivers =
        arguments[2].equals("*") ? List.of() : Arrays.asList(arguments[2].split(",", -1));
    List<Path> roots = Arrays.stream(arguments).skip(5).map(Path::of).toList();
    WorkerLoop loop =
        new WorkerLoop(
            Path.of(arguments[0]),
            drivers,
            Boolean.parseBoolean(arguments[3]),
            Path.of(arguments[4]),
            roots,
            posix);
    try (OutputStream out = new FileOutputStream("/proc/self/fd/" + answers)) {
      loop.run(System.in, out);
    }
  }
}
