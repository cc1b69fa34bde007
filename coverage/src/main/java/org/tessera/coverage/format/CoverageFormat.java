package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes coverages in one media type. Thread-safe. */
public interface CoverageFormat {
  /** The media type, such as {@code image/tiff}. */
  String mediaType();

  /**
   * Short names by which WCPS's encode knows the format, lower case, such as tiff, gtiff, geotiff.
   */
  List<String> names();

  /** File name extension without the dot, such as {@code tif}. */
  String extension();

  /**
   * Checks everything that can be known before the first cell (dimension, types, options, limits)
   * and readies the writing. After this returned, only I/O, storage and limits can fail.
   *
   * @throws org.tessera.coverage.OwsException if this format cannot hold such a coverage, or the
   *     options are wrong
   */
  Encoder prepare(EncodeRequest request);

  /** A prepared encoding. */
  @FunctionalInterface
  interface Encoder {
    /**
     * Writes all bytes; memory is bounded whatever the size of the coverage. Does not close the
     * stream.
     */
    void write(OutputStream out) throws IOException;
  }
}
