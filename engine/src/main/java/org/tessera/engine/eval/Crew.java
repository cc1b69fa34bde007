package org.tessera.engine.eval;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed pool of platform threads that helps callers. Whoever runs a job works on it too, so a job
 * proceeds however busy the pool is, and jobs may be run within jobs.
 */
final class Crew implements AutoCloseable {
  private final int threads;
  private final ExecutorService helpers;

  /**
   * @param threads that may work on one job, the caller included
   */
  Crew(int threads) {
    this.threads = threads;
    AtomicInteger number = new AtomicInteger();
    helpers =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            r -> {
              Thread t = new Thread(r, "evaluator-" + number.incrementAndGet());
              t.setDaemon(true);
              return t;
            });
  }

  int threads() {
    return threads;
  }

  /** A job of n tasks, not yet begun. */
  Job job(int n, Run run, Task task) {
    return new Job(n, run, task);
  }

  @Override
  public void close() {
    helpers.shutdownNow();
  }

  /** What a job does for one of its tasks. */
  interface Task {
    void run(Work work, int index);
  }

  /** Tasks 0 to n - 1, each done once by whichever thread comes first, begun in order. */
  final class Job {
    private final int n;
    private final Run run;
    private final Task task;
    private int next;
    private int active;
    private RuntimeException failure;
    private Error error;

    private Job(int n, Run run, Task task) {
      this.n = n;
      this.run = run;
      this.task = task;
    }

    /** Lets helpers begin; returns at once. */
    void start() {
      for (int i = Math.min(threads - 1, n); i > 0; i--) {
        helpers.execute(() -> help(new Work(run, true)));
      }
    }

    /** Helps until all tasks are done; throws what the first failed task threw. */
    void finish(Work work) {
      help(work);
      synchronized (this) {
        boolean interrupted = false;
        while (active > 0) {
          try {
            wait();
          } catch (InterruptedException e) {
            // Not ours to stop for: tasks write into arrays that the caller holds.
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        if (error != null) {
          throw error;
        }
        if (failure != null) {
          throw failure;
        }
      }
    }

    /** Begins no more tasks and waits for those under way. */
    void abandon() {
      synchronized (this) {
        next = n;
        failure = null;
        error = null;
        boolean interrupted = false;
        while (active > 0) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void help(Work work) {
      while (true) {
        int i;
        synchronized (this) {
          if (next >= n) {
            return;
          }
          i = next++;
          active++;
        }
        try {
          run.check();
          task.run(work, i);
          work.settle();
          done(null, null);
        } catch (RuntimeException e) {
          done(e, null);
        } catch (Error e) {
          done(null, e);
        }
      }
    }

    private synchronized void done(RuntimeException e, Error x) {
      active--;
      if (e != null || x != null) {
        next = n;
        failure = failure == null ? e : failure;
        error = error == null ? x : error;
      }
      if (active == 0) {
        notifyAll();
      }
    }
  }
}
