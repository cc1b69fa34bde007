package org.tessera.engine.array;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one evaluation wants of a source, told with every read, and what its reads cost.
 * Thread-safe.
 */
public final class Reading {
  private final GridEnvelope region;
  private final LongAdder bytes;

  /**
   * @param region the cells that will be asked for in the end, in parts: a source that keeps tiles
   *     may read those within it whole
   * @param bytes to which bytes read from the store are added
   */
  public Reading(GridEnvelope region, LongAdder bytes) {
    this.region = region;
    this.bytes = bytes;
  }

  public GridEnvelope region() {
    return region;
  }

  /** Says that so many bytes were read from the store: not what was in memory already. */
  public void read(long count) {
    bytes.add(count);
  }
}
