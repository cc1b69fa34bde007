package org.tessera.importer.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.tessera.importer.problem.ImportException;

/**
 * The frame of GRIB files (WMO FM 92, editions 1 and 2): messages from "GRIB" to "7777" with their
 * length. GDAL leaves out what it cannot read at the end of a file without saying so; here it is an
 * error.
 */
final class GribStructure {
  private static final byte[] BEGIN = "GRIB".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "7777".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 16;

  /** Bytes between messages that are passed over: WMO bulletin headers and padding. */
  private static final int MOST_PADDING = 4096;

  private static final long UNKNOWN = -1;

  private GribStructure() {}

  /**
   * Checks that every message is whole.
   *
   * @throws ImportException naming the message and the byte
   */
  static void check(Path file) {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = in.size();
      long at = next(in, 0, size);
      int number = 0;
      while (at >= 0) {
        number++;
        long length = length(in, at);
        if (length == UNKNOWN) {
          return;
        }
        if (length < HEAD || at + length > size) {
          throw damaged(
              file, number, at, "it says " + length + " bytes, the file has " + (size - at));
        }
        ByteBuffer end = read(in, at + length - END.length, END.length);
        if (!end.equals(ByteBuffer.wrap(END))) {
          throw damaged(file, number, at, "it does not end with 7777 after " + length + " bytes");
        }
        at = next(in, at + length, size);
      }
    } catch (IOException e) {
      throw new ImportException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static ImportException damaged(Path file, int number, long at, String why) {
    return new ImportException(
        file + " is damaged: GRIB message " + number + " at byte " + at + ": " + why);
  }

  /** Where the next message begins, from a place on; -1 if there is none near. */
  private static long next(FileChannel in, long from, long size) throws IOException {
    int n = (int) Math.min(MOST_PADDING, size - from);
    if (n < BEGIN.length) {
      return -1;
    }
    ByteBuffer b = read(in, from, n);
    for (int i = 0; i + BEGIN.length <= n; i++) {
      if (b.get(i) == 'G' && b.get(i + 1) == 'R' && b.get(i + 2) == 'I' && b.get(i + 3) == 'B') {
        return from + i;
      }
    }
    return -1;
  }

  private static long length(FileChannel in, long at) throws IOException {
    ByteBuffer head = read(in, at, HEAD);
    return switch (head.get(7)) {
      case 1 -> {
        long n = (head.getInt(4) >>> 8) & 0xffffffL;
        // ECMWF counts messages of 8 MiB and more in units of 120 bytes; these are not checked.
        yield (n & 0x800000) == 0 ? n : UNKNOWN;
      }
      case 2 -> head.getLong(8);
      default -> 0;
    };
  }

  private static ByteBuffer read(FileChannel in, long at, int count) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(count);
    while (b.hasRemaining() && in.read(b, at + b.position()) >= 0) {
      // Goes on.
    }
    return b.flip().limit(count);
  }
}
