package org.tessera.importer.plan;

import java.util.List;
import java.util.Optional;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.RasterFile;

/** Slices of reduced versions that files hold themselves. */
final class Overviews {
  private Overviews() {}

  /** The slice with the size of its overview, or as it is if none is asked for. */
  static PlannedSlice apply(PlannedSlice slice) {
    if (slice.overview() < 0) {
      return slice;
    }
    RasterFile.Band band = slice.variables().raster().bands().getFirst();
    if (slice.overview() >= band.overviews().size()) {
      throw new ImportException(
          "overview "
              + slice.overview()
              + " is asked for, but the file has "
              + band.overviews().size());
    }
    int[] size = band.overviews().get(slice.overview());
    List<PlannedAxis> axes =
        slice.axes().stream()
            .map(
                a ->
                    a.dimension().equals(Optional.of(RasterAxes.X))
                        ? a.reduced(size[0])
                        : a.dimension().equals(Optional.of(RasterAxes.Y)) ? a.reduced(size[1]) : a)
            .toList();
    return slice.withAxes(axes);
  }
}
