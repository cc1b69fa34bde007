package org.tessera.importer.run;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A line with share done, rate and time left; on a terminal it overwrites itself. */
final class Progress {
  private static final long INTERVAL_NANOS = 500_000_000L;
  private static final long LOG_INTERVAL_NANOS = 5_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final boolean quiet;
  private final String what;
  private final int total;
  private final long started = System.nanoTime();
  private long shown;
  private boolean onLine;

  Progress(PrintStream out, boolean quiet, String what, int total) {
    this.out = out;
    this.quiet = quiet;
    this.terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    this.what = what;
    this.total = total;
  }

  /** So many are done. */
  void done(int n) {
    long now = System.nanoTime();
    boolean last = n == total;
    if (quiet || (!last && now - shown < (terminal ? INTERVAL_NANOS : LOG_INTERVAL_NANOS))) {
      return;
    }
    shown = now;
    double seconds = Math.max(1e-3, (now - started) / 1e9);
    double rate = n / seconds;
    String eta = n == 0 || last ? "" : ", " + time((total - n) / rate) + " left";
    String line =
        String.format(
            Locale.ROOT,
            "  %s: %d/%d (%d %%), %.1f/s, %s%s",
            what,
            n,
            total,
            total == 0 ? 100 : 100L * n / total,
            rate,
            time(seconds),
            eta);
    if (terminal) {
      out.print("\r" + line + "    " + (last ? "\n" : ""));
      onLine = !last;
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** Before something else is printed. */
  void interrupt() {
    if (onLine) {
      out.println();
      onLine = false;
    }
  }

  /** As 5 s, 3 min 20 s or 2 h 5 min. */
  static String time(double seconds) {
    Duration d = Duration.ofMillis(Math.round(seconds * 1000));
    if (d.toHours() > 0) {
      return d.toHours() + " h " + d.toMinutesPart() + " min";
    }
    if (d.toMinutes() > 0) {
      return d.toMinutes() + " min " + d.toSecondsPart() + " s";
    }
    return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }
}
