package org.tessera.coverage.format.gdal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Frames of the protocol: an {@code int32} length, then one value. A value is a tag byte and its
 * content, all numbers big-endian: 0 null, 1 false, 2 true, 3 int64, 4 float64, 5 string ({@code
 * int32} length, UTF-8), 6 list ({@code int32} size, values), 7 map ({@code int32} size, string and
 * value in turn), 8 int64 array, 9 float64 array, 10 bytes ({@code int32} length each).
 *
 * <p>The worker ({@code org.tessera.gdal.worker.Wire}) has the same code: the two jars share no
 * classes. Whoever changes one changes both, and {@link #PROTOCOL}.
 */
final class Wire {
  /** The version of the protocol, in the worker's greeting. */
  static final long PROTOCOL = 1;

  private static final int MAX_FRAME = 256 << 20;
  private static final int MAX_DEPTH = 64;

  private Wire() {}

  /** Reads one frame; null at the end of the stream. */
  static Object read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int length =
        first << 24
            | data.readUnsignedByte() << 16
            | data.readUnsignedByte() << 8
            | data.readUnsignedByte();
    if (length < 1 || length > MAX_FRAME) {
      throw new IOException("a frame of " + length + " bytes");
    }
    byte[] frame = new byte[length];
    data.readFully(frame);
    return value(new DataInputStream(new ByteArrayInputStream(frame)), 0);
  }

  /** Writes one frame and flushes it. */
  static void write(OutputStream out, Object value) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(1024);
    value(new DataOutputStream(frame), value);
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(frame.size());
    frame.writeTo(out);
    out.flush();
  }

  private static Object value(DataInputStream in, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("a value nested deeper than " + MAX_DEPTH);
    }
    int tag = in.readByte();
    return switch (tag) {
      case 0 -> null;
      case 1 -> false;
      case 2 -> true;
      case 3 -> in.readLong();
      case 4 -> in.readDouble();
      case 5 -> text(in);
      case 6 -> {
        int size = size(in, 1);
        List<Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          list.add(value(in, depth + 1));
        }
        yield list;
      }
      case 7 -> {
        int size = size(in, 5);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          String key = text(in);
          map.put(key, value(in, depth + 1));
        }
        yield map;
      }
      case 8 -> {
        long[] array = new long[size(in, 8)];
        for (int i = 0; i < array.length; i++) {
          array[i] = in.readLong();
        }
        yield array;
      }
      case 9 -> {
        double[] array = new double[size(in, 8)];
        for (int i = 0; i < array.length; i++) {
          array[i] = in.readDouble();
        }
        yield array;
      }
      case 10 -> in.readNBytes(size(in, 1));
      default -> throw new IOException("a value with tag " + tag);
    };
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(size(in, 1)), StandardCharsets.UTF_8);
  }

  /** Reads a size and checks that so many elements can still follow. */
  private static int size(DataInputStream in, int elementBytes) throws IOException {
    int size = in.readInt();
    if (size < 0 || (long) size * elementBytes > in.available()) {
      throw new EOFException("a size of " + size + " with " + in.available() + " bytes left");
    }
    return size;
  }

  private static void value(DataOutputStream out, Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte(0);
      case Boolean flag -> out.writeByte(flag ? 2 : 1);
      case Integer number -> {
        out.writeByte(3);
        out.writeLong(number);
      }
      case Long number -> {
        out.writeByte(3);
        out.writeLong(number);
      }
      case Double number -> {
        out.writeByte(4);
        out.writeDouble(number);
      }
      case String text -> {
        out.writeByte(5);
        text(out, text);
      }
      case List<?> list -> {
        out.writeByte(6);
        out.writeInt(list.size());
        for (Object element : list) {
          value(out, element);
        }
      }
      case Map<?, ?> map -> {
        out.writeByte(7);
        out.writeInt(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          text(out, (String) entry.getKey());
          value(out, entry.getValue());
        }
      }
      case long[] array -> {
        out.writeByte(8);
        out.writeInt(array.length);
        for (long element : array) {
          out.writeLong(element);
        }
      }
      case double[] array -> {
        out.writeByte(9);
        out.writeInt(array.length);
        for (double element : array) {
          out.writeDouble(element);
        }
      }
      case byte[] bytes -> {
        out.writeByte(10);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      default -> throw new IllegalArgumentException("no encoding for " + value.getClass());
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
