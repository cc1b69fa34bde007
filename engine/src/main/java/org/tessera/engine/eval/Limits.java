package org.tessera.engine.eval;

import java.time.Duration;

/**
 * What one request may use. Checked before work where the amount is known, and during work for the
 * time.
 *
 * @param cells cells of the result, and of any intermediate array that has to be whole
 * @param bytes bytes of the result
 * @param time wall-clock time of the evaluation
 */
public record Limits(long cells, long bytes, Duration time) {
  /** Limits that a test or a trusted caller does not notice. */
  public static final Limits NONE =
      new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(365));
}
