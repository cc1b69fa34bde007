package org.tessera.coverage.format;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalSource;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.PathPolicy;
import org.tessera.engine.array.CellType;

/** Formats that a GDAL worker writes; skipped where libgdal is not installed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GdalFormatContract extends CoverageFormatContract {
  @TempDir static Path directory;
  GdalWorkers workers;

  @BeforeAll
  void open() {
    workers =
        GdalWorkers.open(
            GdalWorkers.Settings.standard(
                    directory.resolve("scratch"), PathPolicy.under(List.of(directory)))
                .withMaxWorkers(1));
    try {
      var unused = workers.drivers();
    } catch (GdalException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  @AfterAll
  void close() {
    workers.close();
  }

  final CoverageFormat named(String name) {
    return Formats.standard(Samples.CRS, workers, List.of()).get(name);
  }

  final GdalSource file(Samples sample, String name) throws java.io.IOException {
    Path file = directory.resolve(name);
    java.nio.file.Files.write(file, encode(sample.request()));
    return GdalSource.of(file.toString());
  }

  static Samples rgb() {
    return Samples.map(CellType.UINT8, CellType.UINT8, CellType.UINT8);
  }
}
