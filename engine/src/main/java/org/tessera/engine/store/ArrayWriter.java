package org.tessera.engine.store;

import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

/**
 * Prepares one further version of an array; nobody sees it before its key is in the catalogue. Made
 * by {@link ArrayStore#create} and {@link ArrayStore#update}. Any number of writers may work on the
 * same base. Confined to one thread at a time (it uses several itself).
 *
 * <p>Closing without a commit removes what was written; closing after it does nothing.
 */
public final class ArrayWriter implements AutoCloseable {
  ArrayWriter() {}

  /**
   * Writes the cells of a box: any box, in any order, later ones over earlier ones. The part may be
   * used again when this returns. Cells that the part's mask calls null are stored as the band's
   * fill value unless their value is null already.
   *
   * @param bands the array's bands that the part's bands are, in order; none for all. The bands
   *     left out keep their cells, or get the fill value where there were none.
   * @throws org.tessera.engine.EngineException INVALID_EXPRESSION if the types or the number of
   *     axes do not fit, STORAGE_FAILED
   */
  public void write(Tile part, int... bands) {
    Pending.yet();
  }

  /** As {@link #write}, but cells that are null in the part leave the old ones alone. */
  public void writeMasked(Tile part, int... bands) {
    Pending.yet();
  }

  /**
   * Moves all cells of the base with an index of at least {@code from} along an axis by {@code by}:
   * up, to make room for slices, or down, over {@code -by} slices that are dropped. Before the
   * first write only. Tiles one cell thick along the axis are moved without being read.
   */
  public void shift(int axis, long from, long by) {
    Pending.yet();
  }

  /**
   * The smallest box that holds the base's domain (shifted) and all that was written; null while
   * there is nothing.
   */
  public GridEnvelope domain() {
    return Pending.yet();
  }

  /** Commits with {@link #domain()}. */
  public ArrayVersion commit() {
    return Pending.yet();
  }

  /**
   * Makes everything durable and returns the new version, of the given domain: cells outside of it
   * are dropped, cells inside that were never written are null (or 0). May be called again after
   * {@link #rebase}.
   */
  public ArrayVersion commit(GridEnvelope domain) {
    return Pending.yet();
  }

  /**
   * Puts what this writer wrote on top of another version of the same array, one that was published
   * meanwhile, so that it can be committed (again).
   *
   * @throws org.tessera.engine.EngineException CONFLICT if both changed the same tile, or this
   *     writer has shifted, or the arrays differ in bands or tiling: then write anew
   */
  public void rebase(ArrayVersion newBase) {
    Pending.yet();
  }

  /** The bands and the domain so far; see {@link #domain()}. */
  public ArrayType type() {
    return Pending.yet();
  }

  @Override
  public void close() {}
}
