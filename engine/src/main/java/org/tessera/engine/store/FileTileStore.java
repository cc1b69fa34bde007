package org.tessera.engine.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;

/**
 * Blobs as files: {@code blobs/XX/KEY}, where XX are two hexadecimal digits of a hash of the key. A
 * blob is written to {@code tmp}, forced to the device, renamed, and its folder forced. Several
 * processes may use one folder.
 *
 * <p>Files are read through memory mappings, which need no lock, hold no file descriptor, outlive a
 * deletion of the file, and (unlike a file channel) are not closed when a reading thread is
 * interrupted. Bytes are copied out by Java code, never read by native code, so that a failing disk
 * gives an exception instead of a crash.
 */
public final class FileTileStore implements TileStore {
  private static final int MAPPINGS = 1024;
  private static final int SHARDS = 256;
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path blobs;
  private final Path tmp;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, MemorySegment> mappings =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MemorySegment> eldest) {
          return size() > MAPPINGS;
        }
      };

  /** A store in a folder, which is made if there is none. */
  public FileTileStore(Path folder) {
    this.blobs = folder.resolve("blobs");
    this.tmp = folder.resolve("tmp");
    try {
      Files.createDirectories(tmp);
      Files.createDirectories(blobs);
      for (int i = 0; i < SHARDS; i++) {
        Files.createDirectories(blobs.resolve(shard(i)));
      }
      force(blobs);
      force(folder);
      removeAbandoned();
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot use the folder " + folder, e);
    }
  }

  @Override
  public void put(String key, List<ByteBuffer> parts) {
    Path file = file(key);
    Path unfinished = tmp.resolve(key + "." + UUID.randomUUID());
    try {
      try {
        try (FileChannel channel =
            FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          for (ByteBuffer part : parts) {
            ByteBuffer rest = part.duplicate();
            while (rest.hasRemaining()) {
              channel.write(rest);
            }
          }
          channel.force(true);
        }
        if (Files.exists(file)) {
          throw new EngineException(Code.STORAGE_FAILED, "blob " + key + " exists");
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        force(file.getParent());
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot write blob " + key, e);
    }
  }

  @Override
  public void get(String key, long offset, byte[] target, int from, int length) {
    MemorySegment bytes = mapping(key);
    if (offset < 0 || length < 0 || offset > bytes.byteSize() - length) {
      throw new EngineException(
          Code.STORAGE_FAILED,
          "blob " + key + " has " + bytes.byteSize() + " bytes, not " + (offset + length));
    }
    try {
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, target, from, length);
    } catch (InternalError e) {
      // What the JVM makes of a mapped page that cannot be read.
      throw new EngineException(Code.STORAGE_FAILED, "cannot read blob " + key, e);
    }
  }

  @Override
  public long size(String key) {
    try {
      return Files.size(file(key));
    } catch (NoSuchFileException e) {
      return -1;
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot read blob " + key, e);
    }
  }

  @Override
  public void delete(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot delete blob " + key, e);
    }
    lock.lock();
    try {
      mappings.remove(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void list(Consumer<Blob> sink) {
    try (DirectoryStream<Path> shards = Files.newDirectoryStream(blobs)) {
      for (Path shard : shards) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shard)) {
          for (Path file : files) {
            listOne(file, sink);
          }
        }
      }
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot list " + blobs, e);
    }
  }

  private static void listOne(Path file, Consumer<Blob> sink) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException deletedMeanwhile) {
      return;
    }
    sink.accept(
        new Blob(
            file.getFileName().toString(),
            attributes.size(),
            attributes.lastModifiedTime().toInstant()));
  }

  private MemorySegment mapping(String key) {
    lock.lock();
    try {
      MemorySegment known = mappings.get(key);
      if (known != null) {
        return known;
      }
    } finally {
      lock.unlock();
    }
    MemorySegment made;
    try (FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ)) {
      made = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (NoSuchFileException e) {
      throw new EngineException(Code.STORAGE_FAILED, "there is no blob " + key, e);
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot read blob " + key, e);
    }
    lock.lock();
    try {
      mappings.putIfAbsent(key, made);
    } finally {
      lock.unlock();
    }
    return made;
  }

  private Path file(String key) {
    int hash = BlobKey.check(key).hashCode();
    return blobs
        .resolve(shard((hash ^ hash >>> 8 ^ hash >>> 16 ^ hash >>> 24) & 0xFF))
        .resolve(key);
  }

  private static String shard(int i) {
    return String.format(Locale.ROOT, "%02x", i);
  }

  /** Makes the names in a folder durable. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes what a crash left half written; a younger file may be another process's work. */
  private void removeAbandoned() throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(tmp)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
