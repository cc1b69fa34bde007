package org.tessera.importer.command;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.tessera.importer.problem.ImportException;

/**
 * An import that goes on in the background and looks for new files again and again. Its process id
 * is in {@code INGREDIENTS.pid}, what it says in {@code INGREDIENTS.log}. When the pid file is
 * removed, or names another process, it ends before its next look.
 */
final class Daemon {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final long TICK_MILLIS = 200;

  private final Path ingredients;
  private final Path pidFile;
  private final Path log;
  private final PrintStream out;

  Daemon(Path ingredients, PrintStream out) {
    this.ingredients = ingredients.toAbsolutePath().normalize();
    this.pidFile = this.ingredients.resolveSibling(this.ingredients.getFileName() + ".pid");
    this.log = this.ingredients.resolveSibling(this.ingredients.getFileName() + ".log");
    this.out = out;
  }

  /**
   * Does what was asked.
   *
   * @param what start, stop, restart or status
   * @param arguments of the import in the background, the ingredients file among them
   * @return the exit code: 0, or 3 from status when it does not run
   */
  int run(String what, List<String> arguments, long seconds) {
    return switch (what) {
      case "start" -> start(arguments, seconds);
      case "stop" -> stop();
      case "restart" -> {
        stop();
        yield start(arguments, seconds);
      }
      case "status" -> status();
      default ->
          throw new IllegalArgumentException(
              "--daemon is start, stop, restart or status, not " + what);
    };
  }

  private int status() {
    Optional<ProcessHandle> running = running();
    out.println(
        running
            .map(p -> ingredients + ": the import runs, process " + p.pid())
            .orElse(ingredients + ": no import runs"));
    return running.isPresent() ? 0 : 3;
  }

  private int start(List<String> arguments, long seconds) {
    Optional<ProcessHandle> running = running();
    if (running.isPresent()) {
      throw new ImportException(
          "the import of " + ingredients + " runs already, process " + running.get().pid());
    }
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      // A session of its own: closing the terminal does not end it.
      command.add("/usr/bin/setsid");
    }
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx" + Runtime.getRuntime().maxMemory(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--watch",
            Long.toString(seconds),
            "--pid-file",
            pidFile.toString()));
    command.addAll(arguments);
    try {
      Files.deleteIfExists(pidFile);
      new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new ImportException("the import cannot be started: " + e.getMessage(), e);
    }
    if (!within(START_LIMIT, () -> running().isPresent())) {
      throw new ImportException("the import did not start; " + log + " says why");
    }
    out.println(
        ingredients
            + ": the import runs, process "
            + running().orElseThrow().pid()
            + ", every "
            + seconds
            + " s; log: "
            + log);
    return 0;
  }

  private int stop() {
    Optional<ProcessHandle> running = running();
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new ImportException(pidFile + " cannot be deleted: " + e.getMessage(), e);
    }
    if (running.isEmpty()) {
      out.println(ingredients + ": no import runs");
      return 0;
    }
    ProcessHandle process = running.get();
    process.destroy();
    if (!within(STOP_LIMIT, () -> !process.isAlive())) {
      process.destroyForcibly();
    }
    out.println(ingredients + ": stopped, process " + process.pid());
    return 0;
  }

  /** The process of the pid file, if it is alive and is an import (the number may be another's). */
  private Optional<ProcessHandle> running() {
    return pid()
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive)
        .filter(
            p ->
                p.info().arguments().isEmpty()
                    || List.of(p.info().arguments().get()).contains(Main.class.getName()));
  }

  private Optional<Long> pid() {
    try {
      return Optional.of(Long.valueOf(Files.readString(pidFile, StandardCharsets.UTF_8).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean within(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || !sleep(TICK_MILLIS)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sleep(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Looks again and again.
   *
   * @param pidFile that names this process as long as it shall go on; empty: for ever
   * @param look one look; says itself what goes wrong
   */
  static void watch(Optional<Path> pidFile, long seconds, Runnable look) {
    String own = Long.toString(ProcessHandle.current().pid());
    pidFile.ifPresent(p -> write(p, own));
    while (named(pidFile, own)) {
      look.run();
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      while (System.nanoTime() < end && named(pidFile, own)) {
        if (!sleep(TICK_MILLIS)) {
          return;
        }
      }
    }
  }

  private static boolean named(Optional<Path> pidFile, String own) {
    if (pidFile.isEmpty()) {
      return true;
    }
    try {
      return Files.readString(pidFile.get(), StandardCharsets.UTF_8).strip().equals(own);
    } catch (IOException e) {
      return false;
    }
  }

  private static void write(Path pidFile, String pid) {
    try {
      Path fresh = pidFile.resolveSibling(pidFile.getFileName() + ".new");
      Files.writeString(fresh, pid + "\n", StandardCharsets.UTF_8);
      Files.move(
          fresh, pidFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ImportException(pidFile + " cannot be written: " + e.getMessage(), e);
    }
  }
}
