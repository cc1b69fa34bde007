package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The worker and its client have the code of their protocol twice, because their jars share no
 * classes. This holds the two together: apart from package and comments they are the same text.
 */
class WireContractTest {
  private static final Path ROOT =
      Path.of(System.getProperty("tessera.it.root", "..")).toAbsolutePath().normalize();

  @Test
  void theWorkerAndItsClientHaveTheSameProtocol() throws IOException {
    String worker = code("gdal/src/main/java/org/tessera/gdal/worker/Wire.java");
    String client = code("coverage/src/main/java/org/tessera/coverage/format/gdal/Wire.java");
    assertTrue(worker.contains("PROTOCOL = "), worker);
    assertTrue(worker.length() > 3000, worker);
    assertEquals(worker, client);
  }

  private static String code(String path) throws IOException {
    return Files.readString(ROOT.resolve(path))
        .replaceAll("(?s)/\\*.*?\\*/", "")
        .replaceAll("(?m)//.*$", "")
        .replaceFirst("package [^;]*;", "")
        .replaceAll("\\s+", " ");
  }
}
