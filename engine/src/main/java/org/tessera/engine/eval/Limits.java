package org.tessera.engine.eval;

import java.time.Duration;

/**
 * What one request may use. Checked before work where the amount is known, and during work for the
 * time.
 *
 * @param cells cells of the result, and of any intermediate array that has to be whole
 * @param bytes bytes of the result
 * @param time wall-clock time of the evaluation
 * @param read bytes of stored cells read, as they are in memory
 * @param computed cells computed by all operators together
 * @param memory bytes that the evaluation holds at the same time, about
 */
public record Limits(long cells, long bytes, Duration time, long read, long computed, long memory) {
  /** Limits of the result and the time alone. */
  public Limits(long cells, long bytes, Duration time) {
    this(cells, bytes, time, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** The same with only a part of what may be read, computed and held. */
  public Limits over(int ofRead, int ofComputed, int ofMemory) {
    return new Limits(cells, bytes, time, read / ofRead, computed / ofComputed, memory / ofMemory);
  }

  /** Limits that a test or a trusted caller does not notice. */
  public static final Limits NONE =
      new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(365));
}
