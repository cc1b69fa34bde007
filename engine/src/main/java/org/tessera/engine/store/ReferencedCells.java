package org.tessera.engine.store;

import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;

/**
 * Reads cells that versions refer to without holding them. A source is a text that says where the
 * cells are and what they were like when it was made; only the implementation understands it. All
 * failures are {@link EngineException}s with code {@code SOURCE_UNAVAILABLE}. Thread-safe.
 */
public interface ReferencedCells {
  /**
   * The cells of a box, row-major, in a new array; without a null mask.
   *
   * @param number of the band in the source, from 0
   * @param offset of the first cell, per axis, counted from 0 in the source
   * @param box where the cells will lie; gives the sizes
   * @param band type and null values that they shall have
   */
  Cells read(String source, int number, long[] offset, GridEnvelope box, Band band);

  /** Makes sure that a source is as it was when the reference was made, without reading cells. */
  void check(String source);

  /** Whether a source tells of the same cells as an older one, which is out of date then. */
  boolean replaces(String source, String older);

  /** For stores without references. */
  static ReferencedCells none() {
    return new ReferencedCells() {
      @Override
      public Cells read(String source, int number, long[] offset, GridEnvelope box, Band band) {
        throw new EngineException(
            Code.SOURCE_UNAVAILABLE, "this store does not read cells from elsewhere: " + source);
      }

      @Override
      public void check(String source) {
        throw new EngineException(
            Code.SOURCE_UNAVAILABLE, "this store does not read cells from elsewhere: " + source);
      }

      @Override
      public boolean replaces(String source, String older) {
        return false;
      }
    };
  }
}
