package org.tessera.engine.eval;

/**
 * What an evaluation of the whole result will cost, found without reading cells.
 *
 * @param cells cells computed by all operators together, those read included; an upper bound (cells
 *     that a condition turns out to need not are counted)
 * @param reads tiles and bytes read if nothing is in memory yet; exact for subsets (trim, slice,
 *     shift, flip, permutation, bands, casts and cell functions of these), as long as the cells
 *     asked for fit half of the cache of tiles; else an upper bound of the tiles, and near the
 *     bytes
 * @param outputBytes bytes of the result before it is encoded
 * @param peakMemory bytes that this evaluation holds at the same time, the cache of tiles and the
 *     encoder left aside; about
 */
public record Estimate(long cells, Reads reads, long outputBytes, long peakMemory) {
  /**
   * Access to stored arrays.
   *
   * @param tiles tiles that are read
   * @param skipped tiles within what is asked for that are not read because their statistics answer
   * @param bytes compressed bytes read from the store
   */
  public record Reads(long tiles, long skipped, long bytes) {}
}
