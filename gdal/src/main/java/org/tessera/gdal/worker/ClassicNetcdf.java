package org.tessera.gdal.worker;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.tessera.gdal.binding.GdalFailure;

/**
 * Tells a truncated netCDF classic file (CDF-1, CDF-2, CDF-5) from a whole one by its header. The
 * netCDF library reads zeroes where a classic file ends too early, and says nothing.
 */
final class ClassicNetcdf {
  /** The last variable need not be padded to four bytes. */
  private static final int PADDING = 3;

  private static final int MAX_NAMES = 1 << 24;

  private final DataInputStream in;
  private final boolean longOffsets;
  private final boolean longSizes;

  private ClassicNetcdf(DataInputStream in, int version) {
    this.in = in;
    this.longOffsets = version != 1;
    this.longSizes = version == 5;
  }

  /**
   * Does nothing for files of other formats.
   *
   * @throws GdalFailure if the file is shorter than its header says
   */
  static void requireWhole(String file) {
    try {
      Path path = Path.of(file);
      if (!Files.isRegularFile(path)) {
        return;
      }
      long actual = Files.size(path);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
        if (actual < 4
            || in.readUnsignedByte() != 'C'
            || in.readUnsignedByte() != 'D'
            || in.readUnsignedByte() != 'F') {
          return;
        }
        int version = in.readUnsignedByte();
        if (version != 1 && version != 2 && version != 5) {
          return;
        }
        long needed = new ClassicNetcdf(in, version).end();
        if (actual + PADDING < needed) {
          throw new GdalFailure(
              "the file is truncated: its header says " + needed + " bytes, it has " + actual);
        }
      }
    } catch (EOFException e) {
      throw new GdalFailure("the file is truncated: it ends in its header");
    } catch (InvalidPathException | ArithmeticException e) {
      return; // no plain file, or a header that libgdal will refuse itself
    } catch (IOException e) {
      throw new GdalFailure("the file cannot be read: " + e.getMessage());
    }
  }

  /** The number of bytes that the header asks for; 0 if it makes no sense. */
  private long end() throws IOException {
    long records = longSizes ? in.readLong() : in.readInt();
    int dimensionTag = in.readInt();
    long[] lengths = new long[names(dimensionTag, 0x0A)];
    for (int i = 0; i < lengths.length; i++) {
      skipName();
      lengths[i] = size();
    }
    skipAttributes();
    int variableTag = in.readInt();
    int variables = names(variableTag, 0x0B);
    long fixedEnd = 0;
    long recordBytes = 0;
    long lastRecordEnd = 0;
    int recordVariables = 0;
    long onlyRecordBytes = 0;
    for (int i = 0; i < variables; i++) {
      skipName();
      int rank = (int) size();
      long cells = 1;
      boolean isRecord = false;
      for (int d = 0; d < rank; d++) {
        long dimension = size();
        if (dimension < 0 || dimension >= lengths.length) {
          return 0;
        }
        if (d == 0 && lengths[(int) dimension] == 0) {
          isRecord = true;
        } else {
          cells = Math.multiplyExact(cells, lengths[(int) dimension]);
        }
      }
      skipAttributes();
      long bytes = Math.multiplyExact(cells, bytes(in.readInt()));
      size();
      long begin = longOffsets ? in.readLong() : Integer.toUnsignedLong(in.readInt());
      if (isRecord) {
        recordVariables++;
        recordBytes = Math.addExact(recordBytes, Math.ceilDiv(bytes, 4) * 4);
        lastRecordEnd = Math.max(lastRecordEnd, Math.addExact(begin, bytes));
        onlyRecordBytes = bytes;
      } else {
        fixedEnd = Math.max(fixedEnd, Math.addExact(begin, bytes));
      }
    }
    if (records <= 0 || recordVariables == 0) {
      return fixedEnd;
    }
    if (recordVariables == 1) {
      recordBytes = onlyRecordBytes; // then records are not padded
    }
    return Math.max(
        fixedEnd, Math.addExact(lastRecordEnd, Math.multiplyExact(records - 1, recordBytes)));
  }

  /** The size of a list with this tag; an absent list is two zeroes. */
  private int names(int tag, int expected) throws IOException {
    long size = size();
    if (size == 0) {
      return 0;
    }
    if (tag != expected || size < 0 || size > MAX_NAMES) {
      throw new ArithmeticException("no header");
    }
    return (int) size;
  }

  private long size() throws IOException {
    return longSizes ? in.readLong() : Integer.toUnsignedLong(in.readInt());
  }

  private void skipName() throws IOException {
    skip(size());
  }

  private void skipAttributes() throws IOException {
    int tag = in.readInt();
    int count = names(tag, 0x0C);
    for (int i = 0; i < count; i++) {
      skipName();
      int width = bytes(in.readInt());
      skip(Math.multiplyExact(size(), width));
    }
  }

  private void skip(long bytes) throws IOException {
    in.skipNBytes(Math.ceilDiv(bytes, 4) * 4);
  }

  private static int bytes(int type) {
    return switch (type) {
      case 1, 2, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 5, 9 -> 4;
      case 6, 10, 11 -> 8;
      default -> throw new ArithmeticException("no type " + type);
    };
  }
}
