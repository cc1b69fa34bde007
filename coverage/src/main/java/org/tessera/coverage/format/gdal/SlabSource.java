package org.tessera.coverage.format.gdal;

import java.util.List;

/** Gives the cells of a file that is being written, slab by slab, in row-major order. */
@FunctionalInterface
public interface SlabSource {

  /**
   * The cells of a box: for each dimension of the file (a raster has rows, then columns) the first
   * index and the number of indices.
   *
   * @return an array for each band or streamed variable, in their order, each of that band's type
   *     and {@code product(count)} cells
   */
  List<CellArray> cells(long[] start, long[] count);
}
