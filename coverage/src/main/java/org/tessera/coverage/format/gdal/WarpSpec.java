package org.tessera.coverage.format.gdal;

import java.util.List;

/**
 * A reprojection.
 *
 * @param sourceNoData a value for each band; empty for none
 * @param targetNoData a value for each band, also for cells outside the source; empty: those become
 *     0
 * @param maxError the error in source cells that an approximated transformation may have; 0 for
 *     none (slower), 0.125 is GDAL's own choice
 */
public record WarpSpec(
    WarpGrid source,
    WarpGrid target,
    Resampling resampling,
    List<Double> sourceNoData,
    List<Double> targetNoData,
    double maxError) {
  public WarpSpec {
    sourceNoData = List.copyOf(sourceNoData);
    targetNoData = List.copyOf(targetNoData);
  }
}
