package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Writers of one coverage at the same time, and readers beside them: nothing is lost, and nobody
 * sees half of a change.
 */
@ExtendWith(TesseraServer.Provider.class)
class ConcurrencyIT {
  private static final int CELLS = 100;
  private static final int ROUNDS = 20;

  private final TesseraServer server;

  ConcurrencyIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeEach
  void removeTheCoverage() throws IOException, InterruptedException {
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=both");
  }

  @Test
  void writersOfDifferentCellsBothSucceedAndReadersSeeOldOrNew()
      throws IOException, InterruptedException, ExecutionException {
    insert("i=0..99", value(0, CELLS));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> reader =
          threads.submit(
              () -> {
                while (!over.get()) {
                  String csv = text("for $c in (both) return encode($c, \"csv\")");
                  List<String> values = List.of(csv.split(",", -1));
                  assertEquals(CELLS, values.size());
                  assertEquals(1, values.subList(0, CELLS / 2).stream().distinct().count());
                  assertEquals(1, values.subList(CELLS / 2, CELLS).stream().distinct().count());
                  assertEquals("0", text("for $c in (both@1) return max($c)"));
                }
                return null;
              });
      together(
          threads,
          () -> writeRounds("i=0..49", CELLS / 2, 1),
          () -> writeRounds("i=50..99", CELLS / 2, 101));
      over.set(true);
      reader.get();
    }
    assertEquals("20", text("for $c in (both) return max($c[i(0:49)])"));
    assertEquals("20", text("for $c in (both) return min($c[i(0:49)])"));
    assertEquals("120", text("for $c in (both) return max($c[i(50:99)])"));
    assertEquals("120", text("for $c in (both) return min($c[i(50:99)])"));
    assertEquals(1 + 2 * ROUNDS, currentVersion());
  }

  @Test
  void ofWritersOfTheSameCellsTheLaterWinsWhole()
      throws IOException, InterruptedException, ExecutionException {
    insert("i=0..99", value(0, CELLS));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> reader =
          threads.submit(
              () -> {
                while (!over.get()) {
                  assertEquals("0", text("for $c in (both) return max($c) - min($c)"));
                }
                return null;
              });
      together(
          threads,
          () -> writeRounds("i=0..99", CELLS, 1),
          () -> writeRounds("i=0..99", CELLS, 101));
      over.set(true);
      reader.get();
    }
    String last = text("for $c in (both) return max($c)");
    assertTrue(last.equals("20") || last.equals("120"), last);
    assertEquals(1 + 2 * ROUNDS, currentVersion());
  }

  @Test
  void ofTwoUpdatesMadeFromOneVersionTheSecondIsRefused()
      throws IOException, InterruptedException, ExecutionException {
    insert("i=0..99", value(0, CELLS));
    for (int round = 1; round <= 5; round++) {
      String from = " | ifVersion=" + currentVersion();
      String first = value(round, CELLS);
      String second = value(100 + round, CELLS);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<HttpResponse<byte[]>> answers =
            together(
                threads,
                () -> Cubes.update(server, "both i=0..99 : " + first + from),
                () -> Cubes.update(server, "both i=0..99 : " + second + from));
        List<Integer> codes = answers.stream().map(HttpResponse::statusCode).sorted().toList();
        assertEquals(List.of(200, 409), codes);
        boolean firstWon = answers.getFirst().statusCode() == 200;
        String winner = Integer.toString(firstWon ? round : 100 + round);
        assertEquals(winner, text("for $c in (both) return avg($c)").replace(".0", ""));
      }
    }
  }

  @Test
  void appendsToOneTimeAxisAllArriveInOrder()
      throws IOException, InterruptedException, ExecutionException {
    insert("t=2000-01-01 i=0..1", "0 0");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      together(threads, () -> append(1), () -> append(2));
    }
    String expected =
        IntStream.rangeClosed(0, ROUNDS)
            .mapToObj(i -> "{" + i + "," + i + "}")
            .collect(Collectors.joining(","));
    assertEquals(expected, text("for $c in (both) return encode($c, \"csv\")"));
  }

  /** Every other day from 2000-01-02 or 2000-01-03 on, each with its number as the value. */
  private Void append(int from) throws IOException, InterruptedException {
    for (int day = from; day <= ROUNDS; day += 2) {
      succeeds(
          Cubes.update(
              server, String.format("both t=2000-01-%02d i=0..1 : %d %d", day + 1, day, day)));
    }
    return null;
  }

  private Void writeRounds(String axes, int cells, int first)
      throws IOException, InterruptedException {
    for (int k = first; k < first + ROUNDS; k++) {
      succeeds(Cubes.update(server, "both " + axes + " : " + value(k, cells)));
    }
    return null;
  }

  private <T> List<T> together(ExecutorService threads, Callable<T> one, Callable<T> other)
      throws InterruptedException, ExecutionException {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Future<T>> both = new ArrayList<>();
    for (Callable<T> work : List.of(one, other)) {
      both.add(
          threads.submit(
              () -> {
                start.await();
                return work.call();
              }));
    }
    // Nulls are results, too.
    List<T> results = new ArrayList<>();
    for (Future<T> work : both) {
      results.add(work.get());
    }
    return results;
  }

  private void insert(String axes, String cells) throws IOException, InterruptedException {
    succeeds(Cubes.insert(server, "both " + axes + " : " + cells));
  }

  private static void succeeds(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
  }

  private static String value(int value, int cells) {
    return String.join(" ", java.util.Collections.nCopies(cells, Integer.toString(value)));
  }

  private long currentVersion() throws IOException, InterruptedException {
    String list = Xml.text(server.get("/admin/coverage/version/list?COVERAGEID=both"));
    return list.split("\"version\":", -1).length - 1L;
  }

  private String text(String query) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.wcps(query);
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    return Xml.text(answer).strip();
  }
}
