package org.tessera.coverage.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Up to {@value #CAPACITY} coordinates that follow one another. Immutable. Digits and scale of each
 * are kept as they were given: 1.50 stays 1.50.
 */
public final class CoordinateChunk {
  /** Most coordinates of a chunk. */
  public static final int CAPACITY = 4096;

  private static final byte FORMAT = 1;
  private static final int WIDE = 1;
  private static final int TEXT = 2;

  /** Digits as a number of 64 bits, or the low 64 bits of one of 128. */
  private final long[] low;

  /** The high 64 bits; null if all numbers have 64 bits. */
  private final long[] high;

  private final byte[] scales;

  /** Instead of all others, where a number has more than 128 bits or a scale more than 8. */
  private final BigDecimal[] any;

  private final boolean rises;
  private final boolean falls;

  /** A text of the coordinates, as long as there is memory for it. */
  private volatile SoftReference<Written> written = new SoftReference<>(null);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Written(Object notation, byte[] text) {}

  private CoordinateChunk(long[] low, long[] high, byte[] scales, BigDecimal[] any) {
    this.low = low;
    this.high = high;
    this.scales = scales;
    this.any = any;
    boolean up = true;
    boolean down = true;
    boolean plain = any == null && high == null;
    for (int i = 1; i < size(); i++) {
      int step =
          plain && scales[i] == scales[i - 1]
              ? Long.compare(low[i], low[i - 1])
              : get(i).compareTo(get(i - 1));
      up &= step >= 0;
      down &= step <= 0;
    }
    this.rises = up;
    this.falls = down;
  }

  /** A chunk of 1 to {@value #CAPACITY} coordinates. */
  static CoordinateChunk of(List<BigDecimal> points) {
    int n = points.size();
    if (n == 0 || n > CAPACITY) {
      throw new IllegalArgumentException(n + " coordinates");
    }
    long[] low = new long[n];
    long[] high = new long[n];
    byte[] scales = new byte[n];
    boolean narrow = true;
    for (int i = 0; i < n; i++) {
      BigDecimal point = points.get(i);
      BigInteger digits = point.unscaledValue();
      if (digits.bitLength() > 127 || point.scale() != (byte) point.scale()) {
        return new CoordinateChunk(null, null, null, points.toArray(BigDecimal[]::new));
      }
      low[i] = digits.longValue();
      high[i] = digits.shiftRight(64).longValue();
      narrow &= digits.bitLength() < 64;
      scales[i] = (byte) point.scale();
    }
    return new CoordinateChunk(low, narrow ? null : high, scales, null);
  }

  /** Number of coordinates. */
  public int size() {
    return any == null ? low.length : any.length;
  }

  /** The coordinate at an index from 0. */
  public BigDecimal get(int i) {
    if (any != null) {
      return any[i];
    }
    if (high == null || high[i] == low[i] >> 63) {
      return BigDecimal.valueOf(low[i], scales[i]);
    }
    byte[] digits = ByteBuffer.allocate(16).putLong(high[i]).putLong(low[i]).array();
    return new BigDecimal(new BigInteger(digits), scales[i]);
  }

  BigDecimal last() {
    return get(size() - 1);
  }

  /** Whether none is less than the one before it. */
  boolean rises() {
    return rises;
  }

  /** Whether none is greater than the one before it. */
  boolean falls() {
    return falls;
  }

  List<BigDecimal> toList() {
    return new AbstractList<>() {
      @Override
      public BigDecimal get(int index) {
        return CoordinateChunk.this.get(index);
      }

      @Override
      public int size() {
        return CoordinateChunk.this.size();
      }
    };
  }

  /**
   * A text of the coordinates, kept for the next one who asks as long as there is memory.
   *
   * @param notation tells texts apart; one is kept, that of the last notation
   * @param writer makes it; the same for equal notations
   * @return to be read only
   */
  public byte[] text(Object notation, Function<CoordinateChunk, byte[]> writer) {
    Written known = written.get();
    if (known == null || !known.notation().equals(notation)) {
      known = new Written(notation, writer.apply(this));
      written = new SoftReference<>(known);
    }
    return known.text();
  }

  /** Bytes from which {@link #decode} makes an equal chunk: short where the steps are alike. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater fast = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, fast))) {
      out.writeByte(FORMAT);
      out.writeByte(any != null ? TEXT : high != null ? WIDE : 0);
      out.writeShort(size());
      if (any != null) {
        for (BigDecimal point : any) {
          out.writeUTF(point.toString());
        }
        return finished(out, bytes);
      }
      out.write(scales);
      writeSteps(out, low);
      if (high != null) {
        writeSteps(out, high);
      }
      return finished(out, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      fast.end();
    }
  }

  private static byte[] finished(DataOutputStream out, ByteArrayOutputStream bytes)
      throws IOException {
    out.close();
    return bytes.toByteArray();
  }

  private static void writeSteps(DataOutputStream out, long[] numbers) throws IOException {
    long last = 0;
    for (long number : numbers) {
      out.writeLong(number - last);
      last = number;
    }
  }

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no chunk
   */
  public static CoordinateChunk decode(byte[] bytes) {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
      int format = in.readByte();
      int kind = in.readByte();
      int n = in.readUnsignedShort();
      if (format != FORMAT || n < 1 || n > CAPACITY || kind < 0 || kind > TEXT) {
        throw new IllegalArgumentException(
            "coordinates of format " + format + ", kind " + kind + ", number " + n);
      }
      if (kind == TEXT) {
        BigDecimal[] any = new BigDecimal[n];
        for (int i = 0; i < n; i++) {
          any[i] = new BigDecimal(in.readUTF());
        }
        return new CoordinateChunk(null, null, null, any);
      }
      byte[] scales = new byte[n];
      in.readFully(scales);
      long[] low = readSteps(in, n);
      return new CoordinateChunk(low, kind == WIDE ? readSteps(in, n) : null, scales, null);
    } catch (IOException e) {
      throw new IllegalArgumentException("coordinates cannot be read: " + e.getMessage(), e);
    }
  }

  private static long[] readSteps(DataInputStream in, int n) throws IOException {
    byte[] bytes = new byte[8 * n];
    in.readFully(bytes);
    long[] numbers = new long[n];
    ByteBuffer.wrap(bytes).asLongBuffer().get(numbers);
    for (int i = 1; i < n; i++) {
      numbers[i] += numbers[i - 1];
    }
    return numbers;
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof CoordinateChunk o
            && Arrays.equals(low, o.low)
            && Arrays.equals(high, o.high)
            && Arrays.equals(scales, o.scales)
            && Arrays.equals(any, o.any));
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(low), Arrays.hashCode(high), Arrays.hashCode(any));
  }
}
