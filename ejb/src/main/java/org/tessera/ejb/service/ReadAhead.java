package org.tessera.ejb.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Reads that go on while the results of earlier ones are used: their threads mostly wait for other
 * processes. Results are taken in the order in which the reads were begun. For one thread.
 */
final class ReadAhead<T> implements AutoCloseable {
  private record Begun<T>(Future<T> result, long bytes) {}

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Begun<T>> begun = new ArrayDeque<>();
  private final int most;
  private final long mostBytes;
  private long bytes;
  private volatile boolean closed;

  /**
   * @param most reads at a time
   * @param mostBytes of their results together; a single one may be larger
   */
  ReadAhead(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** Whether a read of that size may begin now; always if none has. */
  boolean hasRoomFor(long more) {
    return begun.isEmpty() || (begun.size() < most && bytes + more <= mostBytes);
  }

  boolean isEmpty() {
    return begun.isEmpty();
  }

  Future<T> begin(Supplier<T> read, long size) {
    Future<T> result = threads.submit(() -> closed ? null : read.get());
    begun.add(new Begun<>(result, size));
    bytes += size;
    return result;
  }

  /** The result of the eldest read, or what it has thrown. */
  T take() {
    Begun<T> eldest = begun.removeFirst();
    bytes -= eldest.bytes();
    return await(eldest.result());
  }

  /** The result of a read, or what it has thrown. */
  static <T> T await(Future<T> result) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          // A read has its own limit of time, and ends before who waits for it may go on.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for reads that are at work; their results are dropped. */
  @Override
  public void close() {
    closed = true;
    threads.close();
  }
}
