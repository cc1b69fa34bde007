package org.tessera.coverage.gml;

import java.io.IOException;
import java.io.Writer;

/** The cells of a coverage document that is written: in the document, or in a file beside it. */
public sealed interface RangeSet {
  /** Writes tuples one after the other; holds no more of them than it must. */
  @FunctionalInterface
  interface TupleText {
    /**
     * Writes all tuples in grid order, the last grid axis fastest: fields separated by one blank,
     * tuples by one comma, no blank or comma at the ends. Only digits, letters and {@code +-.}
     * besides.
     */
    void write(Writer out) throws IOException;
  }

  /** No cells: an empty tuple list, as in a description of a coverage by itself. */
  record None() implements RangeSet {}

  /** {@code gml:DataBlock} with a {@code gml:tupleList}. */
  record Tuples(TupleText text) implements RangeSet {}

  /**
   * {@code gml:File}.
   *
   * @param reference where the file is: {@code cid:...} for another part of the same message, or an
   *     address
   * @param mediaType of the file
   */
  record File(String reference, String mediaType) implements RangeSet {}
}
