package org.tessera.gdal.worker;

import java.util.Map;

/**
 * A file in the making: {@link #begin}, then any number of {@link #write}, then {@link #finish};
 * {@link #close} in any case.
 */
sealed interface Writing extends AutoCloseable permits RasterWriting, ArrayWriting {

  /** Creates the file. */
  Map<String, Object> begin();

  /** Writes the cells that lie in the shared file. */
  Map<String, Object> write(Request request);

  /** Completes the file; fails if any of it did not reach the disk. */
  void finish();

  /** Lets go of libgdal's handles. The client deletes the files. */
  @Override
  void close();
}
