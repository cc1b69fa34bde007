package org.tessera.gdal.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.tessera.gdal.binding.GdalFailure;

/**
 * The file of cells that client and worker both map; mapped anew only when the client has made it
 * larger.
 */
final class SharedCells {
  private String file = "";
  private long size;
  private Arena arena = Arena.ofConfined();
  private MemorySegment cells = MemorySegment.NULL;

  /**
   * The memory that the request names ({@code cells}, {@code cellsSize}), at least {@code needed}
   * bytes long.
   */
  MemorySegment of(Request request, long needed) {
    String wanted = request.text("cells");
    long wantedSize = request.integer("cellsSize");
    if (needed > wantedSize) {
      throw new GdalFailure(
          "the cells need " + needed + " bytes, the shared file has " + wantedSize);
    }
    if (!wanted.equals(file) || wantedSize != size) {
      map(wanted, wantedSize);
    }
    return cells;
  }

  private void map(String wanted, long wantedSize) {
    arena.close();
    arena = Arena.ofConfined();
    file = "";
    try (FileChannel channel =
        FileChannel.open(Path.of(wanted), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      cells = channel.map(MapMode.READ_WRITE, 0, wantedSize, arena);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file = wanted;
    size = wantedSize;
  }
}
