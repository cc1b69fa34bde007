package org.tessera.ejb.service;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One at a time for each name. Remembers only names that somebody has a place for, so that requests
 * cannot make it grow. Thread-safe.
 */
final class Turns {
  private final ConcurrentHashMap<String, Shared> names = new ConcurrentHashMap<>();

  /** A name's lock and how many places there are for it, by which the map's entry is kept. */
  private static final class Shared {
    final ReentrantLock lock = new ReentrantLock(true);
    int places;
  }

  /** Where turns for a name are taken, until it is closed. */
  final class Place implements AutoCloseable {
    private final String name;
    private final Shared shared;

    private Place(String name, Shared shared) {
      this.name = name;
      this.shared = shared;
    }

    /** Waits until it is this thread's turn; a thread that has it may take it again. */
    Turn take() {
      shared.lock.lock();
      return shared.lock::unlock;
    }

    /** Gives the place up; no turn of it may be under way. */
    @Override
    public void close() {
      names.computeIfPresent(name, (n, s) -> --s.places == 0 ? null : s);
    }
  }

  /** The turn of a thread, which ends when it is closed. */
  @FunctionalInterface
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** A place for a name. */
  Place place(String name) {
    return new Place(
        name,
        names.compute(
            name,
            (n, known) -> {
              Shared s = known == null ? new Shared() : known;
              s.places++;
              return s;
            }));
  }

  /** Names that somebody has a place for. */
  int size() {
    return names.size();
  }
}
