package org.tessera.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;

/**
 * A GeoTIFF of bytes (TIFF 6.0, OGC 19-008r4), uncompressed, one row a strip, north up.
 *
 * @param epsg code of a projected or geographic CRS
 * @param west left border
 * @param north upper border
 * @param size edge of a cell
 * @param nodata null value; -1 for none
 * @param cells value by column and row
 */
record TinyTiff(
    int epsg,
    double west,
    double north,
    double size,
    int width,
    int height,
    int nodata,
    IntBinaryOperator cells) {

  void write(Path file) throws IOException {
    int tags = nodata < 0 ? 12 : 13;
    int scale = 8 + 2 + tags * 12 + 4;
    int tie = scale + 24;
    int keys = tie + 48;
    int offsets = keys + 32;
    int counts = offsets + 4 * height;
    int data = counts + 4 * height;
    ByteBuffer b = ByteBuffer.allocate(data + width * height).order(ByteOrder.LITTLE_ENDIAN);
    b.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) tags);
    tag(b, 256, 3, 1, width);
    tag(b, 257, 3, 1, height);
    tag(b, 258, 3, 1, 8);
    tag(b, 259, 3, 1, 1);
    tag(b, 262, 3, 1, 1);
    tag(b, 273, 4, height, offsets);
    tag(b, 277, 3, 1, 1);
    tag(b, 278, 3, 1, 1);
    tag(b, 279, 4, height, counts);
    tag(b, 33550, 12, 3, scale);
    tag(b, 33922, 12, 6, tie);
    tag(b, 34735, 3, 16, keys);
    if (nodata >= 0) {
      b.putShort((short) 42113).putShort((short) 2).putInt(4);
      b.put(String.format("%-3d", nodata).replace(' ', '\0').getBytes(StandardCharsets.US_ASCII));
      b.put((byte) 0);
    }
    b.putInt(0);
    b.putDouble(size).putDouble(size).putDouble(0);
    b.putDouble(0).putDouble(0).putDouble(0).putDouble(west).putDouble(north).putDouble(0);
    boolean geographic = epsg == 4326;
    short[] directory = {
      1,
      1,
      0,
      3,
      1024,
      0,
      1,
      (short) (geographic ? 2 : 1),
      1025,
      0,
      1,
      1,
      (short) (geographic ? 2048 : 3072),
      0,
      1,
      (short) epsg
    };
    for (short s : directory) {
      b.putShort(s);
    }
    for (int row = 0; row < height; row++) {
      b.putInt(data + row * width);
    }
    for (int row = 0; row < height; row++) {
      b.putInt(width);
    }
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        b.put((byte) cells.applyAsInt(column, row));
      }
    }
    Files.write(file, b.array());
  }

  private static void tag(ByteBuffer b, int tag, int type, int count, int value) {
    b.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
  }
}
