package org.tessera.ejb.runtime;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.Tile;

/**
 * Results that are being computed: whoever asks for the same cells of the same versions at that
 * moment waits for them and computes nothing. Nothing is kept. Thread-safe.
 */
public final class UnderWay {
  private static final long LOOK_MILLIS = 50;

  private final ConcurrentHashMap<ArrayExpr, CompletableFuture<Tile>> results =
      new ConcurrentHashMap<>();

  /**
   * The cells of an expression, computed by this caller or by another one. Where that one fails, as
   * by its limits or because its client has gone, they are computed here after all.
   *
   * @param check called now and then while waiting; what it throws ends this caller's waiting alone
   */
  public Tile cells(ArrayExpr expr, Supplier<Tile> compute, Runnable check) {
    while (true) {
      CompletableFuture<Tile> mine = new CompletableFuture<>();
      CompletableFuture<Tile> others = results.putIfAbsent(expr, mine);
      if (others == null) {
        try {
          Tile tile = compute.get();
          mine.complete(tile);
          return tile;
        } finally {
          results.remove(expr, mine);
          mine.cancel(false);
        }
      }
      Optional<Tile> tile = awaited(others, check);
      if (tile.isPresent()) {
        return tile.get();
      }
    }
  }

  /** Empty if the other one failed. */
  private static Optional<Tile> awaited(CompletableFuture<Tile> others, Runnable check) {
    while (true) {
      check.run();
      try {
        return Optional.of(others.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        // Not yet.
      } catch (ExecutionException | CancellationException e) {
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineException(
            EngineException.Code.CANCELLED, "interrupted while another one computed the same", e);
      }
    }
  }
}
