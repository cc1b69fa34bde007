package org.tessera.importer.source;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Looks at files before it is asked about them: files of one import are asked about one after the
 * other, and of each the same is asked as of the one before. Several threads do so, some files
 * ahead. To be asked by one thread.
 */
final class Foresight implements AutoCloseable {
  /** Files that each thread is ahead. */
  private static final int AHEAD = 4;

  private final List<String> files;
  private final Map<String, Integer> places = new HashMap<>();
  private final ExecutorService threads;
  private final int ahead;

  /** Answers to come, by file and question. */
  private final Map<String, Map<Object, Future<?>>> begun = new LinkedHashMap<>();

  /** What was asked of the files so far. */
  private final Map<Object, Function<String, ?>> questions = new LinkedHashMap<>();

  /**
   * @param files in the order in which they will be asked about
   * @param threads at least 1
   */
  Foresight(List<String> files, int threads) {
    this.files = List.copyOf(files);
    for (int i = 0; i < files.size(); i++) {
      places.put(files.get(i), i);
    }
    this.threads = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    this.ahead = AHEAD * threads;
  }

  /**
   * Answers a question.
   *
   * @param question equal to that of the same kind about other files
   * @param look finds the answer; called by other threads for files to come
   */
  @SuppressWarnings("unchecked") // equal questions have answers of one type
  <T> T ask(String file, Object question, Function<String, T> look) {
    Integer place = places.get(file);
    if (place == null) {
      return look.apply(file);
    }
    questions.putIfAbsent(question, look);
    int end = Math.min(files.size(), place + 1 + ahead);
    List<String> next = files.subList(place, end);
    begun.keySet().retainAll(Set.copyOf(next));
    // By those threads, too: there are as many as may look at a time.
    Future<?> answer = begin(file, question, look);
    for (String n : next) {
      questions.forEach(
          (q, l) -> {
            var unused = begin(n, q, l);
          });
    }
    return (T) await(answer);
  }

  private Future<?> begin(String file, Object question, Function<String, ?> look) {
    return begun
        .computeIfAbsent(file, k -> new HashMap<>())
        .computeIfAbsent(question, k -> threads.submit(() -> (Object) look.apply(file)));
  }

  private static Object await(Future<?> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** What has not been begun is not looked at. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
