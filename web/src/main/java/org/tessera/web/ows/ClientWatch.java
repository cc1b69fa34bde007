package org.tessera.web.ows;

import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Notices that a client has closed its connection while its answer is still being computed, so that
 * nobody computes for nobody. The servlet API tells only when something is written, which may be
 * minutes later; Linux's table of connections tells at once. Elsewhere nothing is noticed.
 *
 * <p>A connection counts as gone when it was seen open and is now closed by the other side or no
 * more in the table. Behind a proxy it is the proxy's connection that is watched, and proxies close
 * theirs when their client has gone.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class ClientWatch {
  private static final System.Logger LOG = System.getLogger(ClientWatch.class.getName());
  private static final long PERIOD_MILLIS = 250;
  private static final Path[] TABLES = {Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")};

  private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private Thread thread;
  private boolean stopped;

  /** Ends a watch. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A connection, and what to do when it is gone. */
  private static final class Watched {
    private final Connection connection;
    private final Runnable gone;
    private boolean seen;

    private Watched(Connection connection, Runnable gone) {
      this.connection = connection;
      this.gone = gone;
    }
  }

  /**
   * @param localPort of the server
   * @param remotePort of the client
   * @param remote address of the client as the table writes it, a mapped IPv4 address as IPv4
   */
  record Connection(int localPort, int remotePort, String remote) {}

  /**
   * Watches the connection of a request until the watch is closed.
   *
   * @param gone called once at most, from another thread
   */
  public Watch watch(HttpServletRequest http, Runnable gone) {
    Connection connection;
    try {
      connection =
          new Connection(
              http.getLocalPort(),
              http.getRemotePort(),
              hex(InetAddress.getByName(http.getRemoteAddr()).getAddress()));
    } catch (UnknownHostException e) {
      return () -> {};
    }
    long number = numbers.incrementAndGet();
    watched.put(number, new Watched(connection, gone));
    start();
    return () -> watched.remove(number);
  }

  private synchronized void start() {
    if (thread == null && !stopped && Files.isReadable(TABLES[0])) {
      thread = Thread.ofVirtual().name("client-watch").start(this::run);
    }
  }

  @PreDestroy
  synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        if (!watched.isEmpty()) {
          look();
        }
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  private void look() {
    Set<Connection> open;
    try {
      open = open();
    } catch (UncheckedIOException e) {
      // The next look may succeed; what is not seen does not count as gone.
      LOG.log(System.Logger.Level.WARNING, "connections cannot be read: {0}", e.getMessage());
      return;
    }
    watched.forEach(
        (number, w) -> {
          if (open.contains(w.connection)) {
            w.seen = true;
          } else if (w.seen && watched.remove(number) != null) {
            w.gone.run();
          }
        });
  }

  private static Set<Connection> open() {
    return Stream.of(TABLES)
        .filter(Files::isReadable)
        .flatMap(
            table -> {
              try {
                return open(Files.readString(table));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .collect(Collectors.toSet());
  }

  /** The established connections of a table in the form of proc(5). */
  static Stream<Connection> open(String table) {
    return table
        .lines()
        .skip(1)
        .map(line -> line.strip().split("\\s+", 5))
        .filter(field -> field.length > 3 && field[3].equals("01"))
        .map(
            field -> {
              String remote = field[2].substring(0, field[2].indexOf(':'));
              return new Connection(port(field[1]), port(field[2]), address(remote));
            });
  }

  private static int port(String endpoint) {
    return Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1), 16);
  }

  /** Bytes in network order, from words in the order of the machine (little-endian on ours). */
  private static String address(String words) {
    StringBuilder bytes = new StringBuilder();
    for (int w = 0; w < words.length(); w += 8) {
      for (int b = 6; b >= 0; b -= 2) {
        bytes.append(words, w + b, w + b + 2);
      }
    }
    String mapped = "00000000000000000000FFFF";
    return bytes.indexOf(mapped) == 0 ? bytes.substring(mapped.length()) : bytes.toString();
  }

  private static String hex(byte[] address) {
    return HexFormat.of().withUpperCase().formatHex(address);
  }
}
