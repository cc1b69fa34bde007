package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * The grid of the first message of a GRIB file (WMO FM 92: grid description section of edition 1,
 * section 3 of edition 2), for what libgdal 3.6 does not make of it: the rows of Gaussian grids lie
 * between their first and last latitude, not 180 degrees apart, and columns may be stored from east
 * to west.
 *
 * @param family of grids
 * @param columns points in a row, 0 if rows have different numbers
 * @param firstLatitude of the first row in the file, degrees, of the rotated sphere if there is one
 * @param westward whether the first point of a row is the easternmost
 * @param alternating whether every other row is stored in the opposite direction
 */
record GribGrid(
    Family family,
    int columns,
    int rows,
    double firstLatitude,
    double firstLongitude,
    double lastLatitude,
    double lastLongitude,
    boolean westward,
    boolean alternating) {
  enum Family {
    LATITUDE_LONGITUDE,
    GAUSSIAN,
    ROTATED_GAUSSIAN,
    OTHER
  }

  /** More than the sections before the grid and the fixed part of its own have together. */
  private static final int HEAD = 4096;

  private static final int NO_COLUMNS_1 = 0xffff;

  /** Reads the beginning of a file; empty if there is no message with a grid in it. */
  static Optional<GribGrid> of(GdalLibrary gdal, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file =
          gdal.fileOpen.pointer(arena.allocateFrom(name), arena.allocateFrom("rb"));
      if (file.address() == 0) {
        return Optional.empty();
      }
      try {
        MemorySegment head = arena.allocate(HEAD);
        long read = gdal.fileRead.integer64(head, 1L, (long) HEAD, file);
        return of(ByteBuffer.wrap(head.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE)));
      } finally {
        gdal.fileClose.integer(file);
      }
    }
  }

  static Optional<GribGrid> of(ByteBuffer b) {
    int at = 0;
    while (at + 16 <= b.limit() && b.getInt(at) != 0x47524942) {
      at++;
    }
    try {
      return switch (at + 16 > b.limit() ? 0 : b.get(at + 7)) {
        case 1 -> edition1(b, at + 8);
        case 2 -> edition2(b, at + 16);
        default -> Optional.empty();
      };
    } catch (IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Octets of the standard count from 1: octet n is at {@code at + n - 1}. */
  private static Optional<GribGrid> edition1(ByteBuffer b, int product) {
    if ((b.get(product + 7) & 0x80) == 0) {
      return Optional.empty();
    }
    int at = product + (b.getInt(product) >>> 8);
    int type = b.get(at + 5) & 0xff;
    int columns = b.getShort(at + 6) & 0xffff;
    return Optional.of(
        new GribGrid(
            switch (type) {
              case 0, 10 -> Family.LATITUDE_LONGITUDE;
              case 4 -> Family.GAUSSIAN;
              case 14 -> Family.ROTATED_GAUSSIAN;
              default -> Family.OTHER;
            },
            columns == NO_COLUMNS_1 ? 0 : columns,
            b.getShort(at + 8) & 0xffff,
            signed(b.getInt(at + 10) >>> 8, 24) / 1e3,
            signed(b.getInt(at + 13) >>> 8, 24) / 1e3,
            signed(b.getInt(at + 17) >>> 8, 24) / 1e3,
            signed(b.getInt(at + 20) >>> 8, 24) / 1e3,
            (b.get(at + 27) & 0x80) != 0,
            false));
  }

  private static Optional<GribGrid> edition2(ByteBuffer b, int first) {
    int at = first;
    while (b.get(at + 4) != 3) {
      int length = b.getInt(at);
      if (length < 5) {
        return Optional.empty();
      }
      at += length;
    }
    int template = b.getShort(at + 12) & 0xffff;
    Family family =
        switch (template) {
          case 0, 1, 2, 3 -> Family.LATITUDE_LONGITUDE;
          case 40, 42 -> Family.GAUSSIAN;
          case 41, 43 -> Family.ROTATED_GAUSSIAN;
          default -> Family.OTHER;
        };
    if (family == Family.OTHER) {
      int flags =
          switch (template) {
            case 10 -> 60;
            case 12 -> 60;
            case 20, 30, 31 -> 65;
            case 140 -> 64;
            default -> 0;
          };
      int scanning = flags == 0 ? 0 : b.get(at + flags - 1);
      return Optional.of(
          new GribGrid(
              family,
              b.getInt(at + 30),
              b.getInt(at + 34),
              0,
              0,
              0,
              0,
              (scanning & 0x80) != 0,
              (scanning & 0x10) != 0));
    }
    int basic = b.getInt(at + 38);
    int parts = b.getInt(at + 42);
    double unit = basic <= 0 || parts <= 0 ? 1e-6 : (double) basic / parts;
    return Optional.of(
        new GribGrid(
            family,
            Math.max(0, b.getInt(at + 30)),
            b.getInt(at + 34),
            signed(b.getInt(at + 46), 32) * unit,
            signed(b.getInt(at + 50), 32) * unit,
            signed(b.getInt(at + 55), 32) * unit,
            signed(b.getInt(at + 59), 32) * unit,
            (b.get(at + 71) & 0x80) != 0,
            (b.get(at + 71) & 0x10) != 0));
  }

  /** The highest bit is the sign of the others. */
  private static double signed(int value, int bits) {
    int sign = 1 << (bits - 1);
    return (value & sign) == 0 ? value : -(double) (value & (sign - 1));
  }

  /** Why libgdal would give wrong cells or places, and what helps; empty if it does not. */
  Optional<String> unreadable() {
    if (family == Family.ROTATED_GAUSSIAN) {
      return Optional.of(
          "the grid is a rotated Gaussian one, which libgdal does not read; a hook can make a"
              + " regular one of it first, such as with cdo");
    }
    if (alternating) {
      return Optional.of(
          "every other row is stored in the opposite direction, which libgdal does not read; a hook"
              + " can turn them: grib_set -s swapScanningAlternativeRows=1 IN OUT");
    }
    if (family == Family.OTHER && westward) {
      return Optional.of(
          "the rows of the projected grid are stored from east to west, which libgdal does not"
              + " place; a hook can turn them: grib_set -s swapScanningX=1 IN OUT");
    }
    return Optional.empty();
  }

  /** Whether rows have different numbers of points. */
  boolean reduced() {
    return columns == 0;
  }

  /**
   * The geotransform of the image that libgdal makes of this grid, north first and west first; for
   * grids of degrees.
   *
   * @param libgdals the one that it gives
   */
  double[] geoTransform(double[] libgdals) {
    double[] result = libgdals.clone();
    if (family == Family.GAUSSIAN && rows > 1 && columns > 1) {
      double span = westward ? firstLongitude - lastLongitude : lastLongitude - firstLongitude;
      double step = (span <= 0 ? span + 360 : span) / (columns - 1);
      boolean around = Math.abs(step * columns - 360) < step / 2;
      // The first point stays where it is: libgdal may have counted it from -180 on.
      double first = libgdals[0] + libgdals[1] / 2;
      result[1] = around ? 360.0 / columns : step;
      result[0] = first - result[1] / 2;
      double north = Math.max(firstLatitude, lastLatitude);
      result[5] = -Math.abs(firstLatitude - lastLatitude) / (rows - 1);
      result[3] = north - result[5] / 2;
    }
    if (westward && family != Family.OTHER) {
      result[0] -= (columns - 1) * result[1];
      if (result[0] + result[1] < -180) {
        result[0] += 360;
      }
    }
    return result;
  }
}
