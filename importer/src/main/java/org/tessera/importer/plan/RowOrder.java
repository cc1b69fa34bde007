package org.tessera.importer.plan;

/** Where the cells of a file go whose order along an axis is not that of the coverage. */
public enum RowOrder {
  /**
   * Where their coordinates say, unless the ingredients give the resolution as a plain number whose
   * sign says otherwise: then the number wins.
   */
  INGREDIENTS,

  /** Where their coordinates say. */
  COORDINATES,

  /**
   * As {@link #INGREDIENTS}, but rows of images and values of irregular axes stay in the order of
   * the file, whatever it says of coordinates: what wcst_import does. Those that run against the
   * sign of the resolution, or fall, come out reversed.
   */
  FILE
}
