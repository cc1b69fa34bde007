package org.tessera.ejb.runtime;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * Lets a number of large queries in at the same time, in the order of their coming. Small ones do
 * not come here, so they are not held up. Thread-safe.
 */
public final class QueryGate {
  /** A query of at least this many cells is a large one: some hundredths of a second. */
  public static final long LARGE = 50_000_000;

  private final Semaphore places;
  private final int most;
  private final Duration patience;

  /**
   * @param most queries inside
   * @param patience longest time for which one waits
   */
  public QueryGate(int most, Duration patience) {
    this.places = new Semaphore(most, true);
    this.most = most;
    this.patience = patience;
  }

  /**
   * Waits for a place, to be given back by {@link #leave}.
   *
   * @throws OwsException {@code ServiceUnavailable} if too many are waiting already, or there was
   *     none in time
   */
  public void enter() {
    if (waiting() > 4 * most) {
      throw busy("and " + waiting() + " are waiting");
    }
    try {
      if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy("and none of them has ended within " + patience.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy("and the server stops");
    }
  }

  /** Gives a place back. */
  public void leave() {
    places.release();
  }

  int waiting() {
    return places.getQueueLength();
  }

  private OwsException busy(String why) {
    return new OwsException(
        OwsErrorCode.SERVICE_UNAVAILABLE,
        "query",
        "The server computes "
            + most
            + " large queries at a time (tessera.limit.concurrent), "
            + why
            + ". Try again later; explain=estimate says what a query costs.");
  }
}
