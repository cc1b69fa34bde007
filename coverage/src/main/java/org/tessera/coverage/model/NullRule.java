package org.tessera.coverage.model;

/** Which values of a coverage's cells are null where its fields have different null values. */
public enum NullRule {
  /** Each field has its own, as CIS 1.1 says. */
  BAND,

  /**
   * As in rasdaman: the null values of all fields together hold for each field, null cells have the
   * first of them as value, and a single value taken out of a coverage is a number like any other.
   * A null value that no 32-bit float equals (9.96921e+36) is none for cells of that type; the
   * minimum of cells that are all NaN is infinite, the maximum minus infinite.
   */
  SHARED
}
