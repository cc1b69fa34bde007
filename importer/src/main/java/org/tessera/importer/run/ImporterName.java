package org.tessera.importer.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names of importers: host, process, when it started, and something of this import's own; so that
 * of one on the same machine it is known that it has died.
 */
final class ImporterName {
  /** Milliseconds that the start of a process may seem to shift by. */
  private static final long CLOCK = 2000;

  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private ImporterName() {}

  /** A new one. */
  static String own() {
    ProcessHandle process = ProcessHandle.current();
    String own = Integer.toHexString(ThreadLocalRandom.current().nextInt());
    return host() + ":" + process.pid() + ":" + started(process) + ":" + own;
  }

  /** When the process of an importer started, 0 if the name does not say. */
  static long started(String importer) {
    String[] parts = importer.split(":", -1);
    return parts.length == 4 && parts[2].matches("[0-9]{1,18}") ? Long.parseLong(parts[2]) : 0;
  }

  /** Whether it was a process of this machine and is no more. */
  static boolean isDead(String importer) {
    String[] parts = importer.split(":", -1);
    if (parts.length != 4 || !parts[0].equals(host()) || !parts[1].matches("[0-9]{1,18}")) {
      return false;
    }
    long start = started(importer);
    return ProcessHandle.of(Long.parseLong(parts[1]))
        .filter(ProcessHandle::isAlive)
        .filter(p -> Math.abs(started(p) - start) <= CLOCK)
        .isEmpty();
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String host() {
    try {
      return Files.readString(HOST, StandardCharsets.UTF_8)
          .strip()
          .replaceAll("[^A-Za-z0-9._-]", "_");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
