package org.tessera.coverage.format.gdal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Where the worker's classes are, as arguments of {@code java}. */
final class WorkerCode {
  private static final String MAIN_CLASS = "org.tessera.gdal.GdalWorker";
  private static final String MAIN_RESOURCE = "org/tessera/gdal/GdalWorker.class";

  /** Where the coverage jar carries it, for servers that do not show the jars of a WAR as files. */
  private static final String BUNDLED = "META-INF/tessera/gdal.jar";

  private WorkerCode() {}

  /**
   * In this order: the given jar or class directory; the jar or directory on this program's own
   * class path, if it is a file; the jar bundled as resource {@value #BUNDLED}, copied to {@code
   * scratch}.
   *
   * @param given null if no setting says where
   * @throws GdalException if there is none
   */
  static List<String> arguments(Path given, Path scratch) {
    if (given != null) {
      if (!Files.exists(given)) {
        throw new GdalException(
            GdalException.Kind.FAILED, "the GDAL worker's jar is not at " + given);
      }
      return classPath(given);
    }
    ClassLoader loader = WorkerCode.class.getClassLoader();
    URL main = loader.getResource(MAIN_RESOURCE);
    Path found = main == null ? null : location(main);
    if (found != null) {
      return classPath(found);
    }
    try (InputStream bundled = loader.getResourceAsStream(BUNDLED)) {
      if (bundled != null) {
        Path copy = scratch.resolve("gdal.jar");
        Files.copy(bundled, copy, StandardCopyOption.REPLACE_EXISTING);
        return classPath(copy);
      }
    } catch (IOException e) {
      throw new GdalException(
          GdalException.Kind.FAILED, "the GDAL worker's jar cannot be unpacked to " + scratch, e);
    }
    throw new GdalException(
        GdalException.Kind.FAILED,
        "gdal.jar was not found: set tessera.gdal.jar (or TESSERA_GDAL_JAR) to its path");
  }

  private static List<String> classPath(Path jarOrDirectory) {
    return List.of("-cp", jarOrDirectory.toAbsolutePath().toString(), MAIN_CLASS);
  }

  /**
   * The jar or directory that a class file's address points into; null if it is neither in the file
   * system.
   */
  private static Path location(URL main) {
    String address = main.toString();
    if (!address.endsWith(MAIN_RESOURCE)) {
      return null;
    }
    String start = address.substring(0, address.length() - MAIN_RESOURCE.length());
    if (start.startsWith("jar:file:")
        && start.endsWith("!/")
        && start.indexOf("!/") == start.length() - 2) {
      start = start.substring("jar:".length(), start.length() - 2);
    }
    if (!start.startsWith("file:")) {
      return null;
    }
    try {
      Path path = Path.of(new URI(start));
      return Files.exists(path) ? path : null;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }
}
