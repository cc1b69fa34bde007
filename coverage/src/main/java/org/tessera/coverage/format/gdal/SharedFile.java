package org.tessera.coverage.format.gdal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of cells that a worker and this process both map. It grows to the largest request and is
 * used again and again.
 */
final class SharedFile implements AutoCloseable {
  private static final int CHUNK = 1 << 20;

  private final Path path;
  private long size;
  private Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;

  SharedFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  MemorySegment memory() {
    return memory;
  }

  /**
   * Makes it at least so large. Every byte is written, so that a full disk is an exception here and
   * not a signal later.
   */
  void ensure(long bytes) throws IOException {
    if (bytes <= size) {
      return;
    }
    long wanted = Math.max(CHUNK, Math.ceilDiv(bytes, CHUNK) * CHUNK);
    arena.close();
    arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer zeroes = ByteBuffer.allocateDirect(CHUNK);
      for (long at = size; at < wanted; ) {
        zeroes.clear().limit((int) Math.min(CHUNK, wanted - at));
        at += channel.write(zeroes, at);
      }
      memory = channel.map(MapMode.READ_WRITE, 0, wanted, arena);
    }
    size = wanted;
  }

  @Override
  public void close() throws IOException {
    arena.close();
    Files.deleteIfExists(path);
  }
}
