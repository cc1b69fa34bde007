package org.tessera.ejb.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Tile;

class UnderWayTest {
  private final UnderWay underWay = new UnderWay();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger computed = new AtomicInteger();
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private static ArrayExpr expr() {
    return ArrayExpr.scalar(CellType.INT32, 7);
  }

  private Tile compute() {
    computed.incrementAndGet();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return ((ArrayExpr.Constant) expr()).cells();
  }

  private void awaitComputed(int n) throws InterruptedException {
    while (computed.get() < n) {
      Thread.sleep(1);
    }
  }

  @Test
  void equalExpressionsAreComputedOnce() throws InterruptedException, ExecutionException {
    Future<Tile> first = threads.submit(() -> underWay.cells(expr(), this::compute, () -> {}));
    awaitComputed(1);
    CountDownLatch waiting = new CountDownLatch(5);
    List<Future<Tile>> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(threads.submit(() -> underWay.cells(expr(), this::compute, waiting::countDown)));
    }
    waiting.await();
    go.countDown();
    for (Future<Tile> other : others) {
      assertSame(first.get(), other.get());
    }
    assertEquals(1, computed.get());
    // Nothing is kept.
    underWay.cells(expr(), this::compute, () -> {});
    assertEquals(2, computed.get());
  }

  @Test
  void whoWaitsForOneThatFailsComputesItself() throws InterruptedException, ExecutionException {
    Future<Tile> first =
        threads.submit(
            () ->
                underWay.cells(
                    expr(),
                    () -> {
                      compute();
                      throw new IllegalStateException("gone");
                    },
                    () -> {}));
    awaitComputed(1);
    CountDownLatch waiting = new CountDownLatch(1);
    Future<Tile> second =
        threads.submit(() -> underWay.cells(expr(), this::compute, waiting::countDown));
    waiting.await();
    go.countDown();
    assertEquals(7, second.get().band(0).getLong(0));
    assertThrows(ExecutionException.class, first::get);
    assertEquals(2, computed.get());
  }

  @Test
  void whoIsNotWaitedForAnyMoreEndsAlone() throws InterruptedException, ExecutionException {
    Future<Tile> first = threads.submit(() -> underWay.cells(expr(), this::compute, () -> {}));
    awaitComputed(1);
    assertThrows(
        IllegalStateException.class,
        () ->
            underWay.cells(
                expr(),
                this::compute,
                () -> {
                  throw new IllegalStateException("gone");
                }));
    go.countDown();
    assertEquals(7, first.get().band(0).getLong(0));
  }
}
