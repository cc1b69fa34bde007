package org.tessera.coverage.format.gdal;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A pool for tests that may read below one directory; the test is skipped where libgdal is not
 * installed.
 */
final class TestPool {
  private TestPool() {}

  static GdalWorkers.Settings settings(Path directory) {
    return GdalWorkers.Settings.standard(
            directory.resolve("scratch"),
            PathPolicy.under(List.of(directory, Path.of("/work/shared"))))
        .withMaxWorkers(2);
  }

  static GdalWorkers open(Path directory) {
    return open(settings(directory));
  }

  static GdalWorkers open(GdalWorkers.Settings settings) {
    GdalWorkers workers = GdalWorkers.open(settings);
    try {
      var unused = workers.drivers();
    } catch (GdalException e) {
      workers.close();
      if (e.getMessage().contains("libgdal32")) {
        Assumptions.abort(e.getMessage());
      }
      throw e;
    }
    return workers;
  }
}
