package org.tessera.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void namesAreForgottenWhenNobodyWaitsForThem() {
    Turns turns = new Turns();
    for (int i = 0; i < 1000; i++) {
      try (Turns.Place place = turns.place("name" + i);
          Turns.Turn _ = place.take();
          Turns.Turn _ = place.take()) {
        assertEquals(1, turns.size());
      }
    }
    assertEquals(0, turns.size());
  }

  @Test
  void oneAtATimeHasTheTurnOfAName() throws ExecutionException, InterruptedException {
    Turns turns = new Turns();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    int[] count = new int[1];
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    try (Turns.Place place = turns.place("a");
                        Turns.Turn _ = place.take()) {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      count[0]++;
                      inside.decrementAndGet();
                    }
                  }
                }));
      }
      for (Future<?> f : all) {
        f.get();
      }
    }
    assertEquals(1, most.get());
    assertEquals(16000, count[0]);
    assertEquals(0, turns.size());
  }

  @Test
  void othersNeedNotWait() {
    Turns turns = new Turns();
    try (Turns.Place a = turns.place("a");
        Turns.Place b = turns.place("b");
        Turns.Turn _ = a.take();
        Turns.Turn _ = b.take()) {
      assertEquals(2, turns.size());
    }
    assertEquals(0, turns.size());
  }
}
