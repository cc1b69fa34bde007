package org.tessera.coverage.format.gdal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A pool's own directories: one on disk, and one in memory ({@code /dev/shm}) for the shared cells
 * where the machine has room there. They are deleted with the pool; what a pool left that was
 * killed is swept by the next one. A lock on a file tells the dead from the living.
 */
final class Scratch implements AutoCloseable {
  private static final String PREFIX = "tessera-gdal-";
  private static final String LOCK = "lock";
  private static final Path MEMORY = Path.of("/dev/shm");

  private final List<Path> directories = new ArrayList<>();
  private final List<FileChannel> locks = new ArrayList<>();
  private final Path onDisk;
  private final Path inMemory;

  /**
   * @param cellBytes room that all shared files together may need
   */
  Scratch(Path parent, long cellBytes) {
    try {
      Files.createDirectories(parent);
      onDisk = make(parent);
      inMemory = hasRoom(cellBytes) ? make(MEMORY) : onDisk;
    } catch (IOException e) {
      throw new GdalException(
          GdalException.Kind.FAILED, "no scratch directory in " + parent + ": " + e, e);
    }
  }

  /** For files of any size. */
  Path onDisk() {
    return onDisk;
  }

  /** For the shared cells. */
  Path inMemory() {
    return inMemory;
  }

  private static boolean hasRoom(long bytes) throws IOException {
    if (!Files.isDirectory(MEMORY) || !Files.isWritable(MEMORY)) {
      return false;
    }
    FileStore store = Files.getFileStore(MEMORY);
    return store.getUsableSpace() / 2 > bytes;
  }

  private Path make(Path parent) throws IOException {
    sweep(parent);
    Path directory =
        parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
    Files.createDirectory(directory);
    directories.add(directory);
    FileChannel lock =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    locks.add(lock);
    lock.lock();
    return directory;
  }

  /**
   * Deletes the directories of pools whose process is gone. Those of this process are left alone:
   * opening and closing the lock's file would release the lock (POSIX).
   */
  private static void sweep(Path parent) throws IOException {
    String ours = PREFIX + ProcessHandle.current().pid() + "-";
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : found) {
        if (!directory.getFileName().toString().startsWith(ours) && isAbandoned(directory)) {
          delete(directory);
        }
      }
    }
  }

  private static boolean isAbandoned(Path directory) {
    try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (IOException e) {
      return false; // being made or deleted just now, or another user's
    }
  }

  /** Deletes a directory and what is in it; files that vanish meanwhile are no error. */
  static void delete(Path directory) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      System.getLogger(Scratch.class.getName())
          .log(System.Logger.Level.WARNING, "cannot delete " + directory, e);
    }
  }

  @Override
  public void close() {
    for (FileChannel lock : locks) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    directories.forEach(Scratch::delete);
  }
}
