package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;

/**
 * PNG (W3C PNG second edition), written row by row. One band is grey, two grey and alpha, three
 * RGB, four RGBA; 16 bits for unsigned 16-bit cells, else 8, to which other types are rounded and
 * clamped; of booleans true is white. The nodata value becomes transparent ({@code tRNS}). A
 * palette makes an indexed picture, a colour map ({@code colorMap} option) an RGBA one.
 */
final class PngFormat implements CoverageFormat {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private final CrsResolver crs;

  PngFormat(CrsResolver crs) {
    this.crs = crs;
  }

  @Override
  public String mediaType() {
    return "image/png";
  }

  @Override
  public List<String> names() {
    return List.of("png");
  }

  @Override
  public String extension() {
    return "png";
  }

  @Override
  public Encoder prepare(EncodeRequest request) {
    // How the file is packed does not change what is in it.
    EncodeOptions options =
        EncodeOptions.parse(request.options()).knownTo(mediaType(), List.of("ZLEVEL"));
    if (request.domain().axes().isEmpty()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, "A scalar is no picture; encode it as csv or json");
    }
    Raster raster = Raster.of(request, options, crs);
    List<CellType> types = raster.cells().type().bands().stream().map(b -> b.type()).toList();
    int bands = types.size();
    if (bands > 4) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, "PNG holds 1 to 4 bands, the coverage has " + bands);
    }
    Optional<ColorMap> map = ColorMap.of(options);
    if (map.isPresent()) {
      ColorMap.requireOne(bands);
    }
    List<int[]> palette = map.isPresent() ? List.of() : Palettes.full(request, options);
    boolean indexed = !palette.isEmpty() && bands == 1;
    boolean deep =
        !indexed
            && types.contains(CellType.UINT16)
            && types.stream()
                .allMatch(
                    t -> t == CellType.UINT16 || t == CellType.UINT8 || t == CellType.BOOLEAN);
    List<Integer> transparent = transparent(options, request, bands, deep);
    Evaluation evaluation = request.evaluator().prepare(raster.cells(), request.limits());
    return out -> {
      int channels = map.isPresent() ? 4 : bands;
      Writer writer = new Writer(out, evaluation, raster.width(), channels, deep, map.orElse(null));
      writer.head(raster.height(), indexed ? palette : List.of(), transparent);
      writer.write();
    };
  }

  /**
   * The value of each band that is transparent; empty if none is. One value is for all bands; a
   * list must have one for each band, in the range of the picture's samples.
   */
  private static List<Integer> transparent(
      EncodeOptions options, EncodeRequest request, int bands, boolean deep) {
    boolean list = options.value("nodata").orElse(null) instanceof List<?> l && l.size() > 1;
    List<Double> values =
        list
            ? options.nodata()
            : Raster.nodata(options, request.range())
                .map(v -> Collections.nCopies(bands, v))
                .orElse(List.of());
    int max = deep || !list ? 0xFFFF : 0xFF;
    boolean usable =
        values.size() == bands
            && values.stream().allMatch(v -> v >= 0 && v <= max && v == Math.rint(v));
    return usable ? values.stream().map(Double::intValue).toList() : List.of();
  }

  /**
   * Turns cells into filtered, compressed rows: segments of rows side by side, each with what lies
   * before it as dictionary, so that the stream is one and nearly as short as one made at once.
   */
  private static final class Writer {
    /** Bytes of a segment, before compression, about: small pictures, too, are for all threads. */
    private static final int SEGMENT = 1 << 16;

    /** Bytes of rows in hand. */
    private static final int BATCH = 1 << 23;

    /** As far back as deflate looks. */
    private static final int WINDOW = 1 << 15;

    private final OutputStream out;
    private final Evaluation evaluation;
    private final int width;
    private final int channels;
    private final boolean deep;
    private final ColorMap map;
    private final int pixelBytes;
    private final int rowBytes;
    private boolean filter = true;

    /** Rows not yet written, without filter bytes, after the row before them. */
    private byte[] rows;

    private int filled;
    private int column;

    /** The end of what was compressed last. */
    private byte[] window = new byte[0];

    private boolean first = true;
    private long sum = 1;

    Writer(
        OutputStream out,
        Evaluation evaluation,
        int width,
        int channels,
        boolean deep,
        ColorMap map) {
      this.out = out;
      this.evaluation = evaluation;
      this.width = width;
      this.channels = channels;
      this.deep = deep && map == null;
      this.map = map;
      this.pixelBytes = channels * (this.deep ? 2 : 1);
      this.rowBytes = Math.toIntExact((long) width * pixelBytes);
    }

    void head(int height, List<int[]> palette, List<Integer> nodata) throws IOException {
      int batch = Math.clamp((long) BATCH / (rowBytes + 1), 1, height);
      rows = new byte[Math.multiplyExact(batch + 1, rowBytes)];
      out.write(SIGNATURE);
      int colour = palette.isEmpty() ? new int[] {0, 4, 2, 6}[channels - 1] : 3;
      chunk(
          "IHDR",
          ByteBuffer.allocate(13)
              .putInt(width)
              .putInt(height)
              .put((byte) (deep ? 16 : 8))
              .put((byte) colour)
              .array());
      if (!palette.isEmpty()) {
        // Neighbouring indices are not alike: filters would only do harm.
        filter = false;
        byte[] colours = new byte[3 * palette.size()];
        byte[] alpha = new byte[palette.size()];
        for (int i = 0; i < palette.size(); i++) {
          for (int c = 0; c < 3; c++) {
            colours[3 * i + c] = (byte) palette.get(i)[c];
          }
          alpha[i] = (byte) (nodata.contains(i) ? 0 : palette.get(i)[3]);
        }
        chunk("PLTE", colours);
        chunk("tRNS", alpha);
      } else if (map == null && !nodata.isEmpty() && (channels == 1 || channels == 3)) {
        ByteBuffer transparent = ByteBuffer.allocate(2 * channels);
        for (int c = 0; c < channels; c++) {
          transparent.putShort(nodata.get(c).shortValue());
        }
        chunk("tRNS", transparent.array());
      }
    }

    void write() throws IOException {
      try {
        evaluation.stream(
            tile -> {
              try {
                write(tile);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
        flush(true);
        chunk("IEND", new byte[0]);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    private void write(Tile tile) throws IOException {
      int cells = tile.band(0).length();
      for (int from = 0; from < cells; ) {
        int n = Math.min(width - column, cells - from);
        if (map != null) {
          map.colours(tile.band(0), from, n, rows, target());
        } else {
          for (int b = 0; b < channels; b++) {
            samples(tile.band(b), from, n, b);
          }
        }
        column += n;
        from += n;
        if (column == width) {
          column = 0;
          filled++;
          if ((filled + 2) * (long) rowBytes > rows.length) {
            flush(false);
          }
        }
      }
    }

    /** Where the next cell of the row under way goes: before all rows is the one before them. */
    private int target() {
      return (filled + 1) * rowBytes + column * pixelBytes;
    }

    private void samples(Cells cells, int from, int n, int band) {
      int at = target() + band * (deep ? 2 : 1);
      if (deep) {
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          int v = (int) cells.getLong(i);
          rows[at] = (byte) (v >> 8);
          rows[at + 1] = (byte) v;
        }
      } else if (cells.type() == CellType.BOOLEAN) {
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          rows[at] = (byte) (cells.bytes()[i] == 0 ? 0 : 255);
        }
      } else if (cells.type() == CellType.UINT8) {
        byte[] bytes = cells.bytes();
        if (pixelBytes == 1) {
          System.arraycopy(bytes, from, rows, at, n);
          return;
        }
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          rows[at] = bytes[i];
        }
      } else if (cells.type() == CellType.INT16) {
        short[] shorts = cells.shorts();
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          rows[at] = (byte) Math.max(0, Math.min(255, shorts[i]));
        }
      } else if (cells.type() == CellType.INT32) {
        int[] ints = cells.ints();
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          rows[at] = (byte) Math.max(0, Math.min(255, ints[i]));
        }
      } else {
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          // NaN becomes 0.
          rows[at] = (byte) Math.clamp((long) Math.floor(cells.getDouble(i) + 0.5), 0, 255);
        }
      }
    }

    /** Compresses and writes the rows in hand. */
    private void flush(boolean last) throws IOException {
      long segments = Math.round(filled * (rowBytes + 1.0) / SEGMENT);
      int n = Math.clamp(segments, Math.min(1, filled), filled);
      byte[][] filtered = new byte[n][];
      evaluation.each(
          n,
          i -> {
            int from = (int) ((long) filled * i / n);
            int to = (int) ((long) filled * (i + 1) / n);
            filtered[i] = new Filter(rows, rowBytes, pixelBytes, filter).apply(from, to);
          });
      byte[][] compressed = new byte[n][];
      long[] sums = new long[n];
      evaluation.each(
          n,
          i -> {
            byte[] before = i == 0 ? window : filtered[i - 1];
            compressed[i] = deflate(filtered[i], before, last && i == n - 1);
            Adler32 adler = new Adler32();
            adler.update(filtered[i]);
            sums[i] = adler.getValue();
          });
      for (int i = 0; i < n; i++) {
        sum = joined(sum, sums[i], filtered[i].length);
      }
      if (n > 0) {
        byte[] end = filtered[n - 1];
        window = Arrays.copyOfRange(end, Math.max(0, end.length - WINDOW), end.length);
        System.arraycopy(rows, filled * rowBytes, rows, 0, rowBytes);
        filled = 0;
      }
      for (int i = 0; i < n; i++) {
        byte[] data = compressed[i];
        if (first) {
          // zlib's head: deflate with a window of 32 KiB, made fast.
          data =
              ByteBuffer.allocate(data.length + 2).put((byte) 0x78).put((byte) 1).put(data).array();
          first = false;
        }
        if (last && i == n - 1) {
          data = ByteBuffer.allocate(data.length + 4).put(data).putInt((int) sum).array();
        }
        chunk("IDAT", data);
      }
      if (last && n == 0) {
        // An empty final block, and the checksum.
        chunk("IDAT", ByteBuffer.allocate(6).put((byte) 3).put((byte) 0).putInt((int) sum).array());
      }
    }

    private static byte[] deflate(byte[] data, byte[] before, boolean last) {
      Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
      try {
        int from = Math.max(0, before.length - WINDOW);
        if (before.length > 0) {
          deflater.setDictionary(before, from, before.length - from);
        }
        deflater.setInput(data);
        if (last) {
          deflater.finish();
        }
        byte[] out = new byte[data.length / 2 + 1024];
        int n = 0;
        while (true) {
          n +=
              deflater.deflate(
                  out, n, out.length - n, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
          if (n < out.length) {
            return Arrays.copyOf(out, n);
          }
          out = Arrays.copyOf(out, 2 * n);
        }
      } finally {
        deflater.end();
      }
    }

    /** The Adler-32 sum of two pieces, one after the other, from their own (RFC 1950, 9). */
    private static long joined(long a, long b, long lengthOfB) {
      long mod = 65521;
      long lowA = a & 0xFFFF;
      long low = (lowA + (b & 0xFFFF) + mod - 1) % mod;
      long high = (a >>> 16) + (b >>> 16) + (lengthOfB % mod) * ((lowA + mod - 1) % mod);
      return (high % mod) << 16 | low;
    }

    private void chunk(String type, byte[] data) throws IOException {
      byte[] name = type.getBytes(StandardCharsets.US_ASCII);
      CRC32 sum = new CRC32();
      sum.update(name);
      sum.update(data);
      out.write(ByteBuffer.allocate(4).putInt(data.length).array());
      out.write(name);
      out.write(data);
      out.write(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }
  }

  /** Rows and their filter bytes: of the five filters the one that leaves the least (PNG 12.8). */
  private static final class Filter {
    private final byte[] rows;
    private final int length;
    private final int pixel;
    private final boolean wanted;
    private final byte[][] tries;

    /**
     * @param rows rows of {@code length} bytes, after the row before the first
     * @param pixel bytes of a pixel
     */
    Filter(byte[] rows, int length, int pixel, boolean wanted) {
      this.rows = rows;
      this.length = length;
      this.pixel = pixel;
      this.wanted = wanted;
      this.tries = wanted ? new byte[5][length] : null;
    }

    /** Rows {@code from} to before {@code to}, counted without the row before. */
    byte[] apply(int from, int to) {
      byte[] out = new byte[(to - from) * (length + 1)];
      for (int r = from; r < to; r++) {
        int at = (r - from) * (length + 1);
        int row = (r + 1) * length;
        if (!wanted) {
          System.arraycopy(rows, row, out, at + 1, length);
          continue;
        }
        int kind = best(row);
        out[at] = (byte) kind;
        System.arraycopy(kind == 0 ? rows : tries[kind], kind == 0 ? row : 0, out, at + 1, length);
      }
      return out;
    }

    private int best(int row) {
      up(row);
      beginning(row);
      sub(row);
      average(row);
      paeth(row);
      int best = 0;
      long least = weight(rows, row, length, Long.MAX_VALUE);
      for (int kind : new int[] {1, 2, 3, 4}) {
        long w = weight(tries[kind], 0, length, least);
        if (w < least) {
          least = w;
          best = kind;
        }
      }
      return best;
    }

    /** Sum of the absolute differences; gives up above {@code most}. */
    private static long weight(byte[] a, int at, int n, long most) {
      long sum = 0;
      for (int i = 0; i < n && sum < most; i += 512) {
        sum += part(a, at + i, Math.min(512, n - i));
      }
      return sum;
    }

    /** With longs from the load on, which HotSpot vectorises (docs/speed.md). */
    private static long part(byte[] a, int at, int n) {
      long sum = 0;
      for (int i = 0; i < n; i++) {
        long x = a[at + i];
        sum += (x ^ (x >> 63)) - (x >> 63);
      }
      return sum;
    }

    /** The first pixel has nothing to its left. */
    private void beginning(int row) {
      for (int i = 0; i < pixel; i++) {
        int x = rows[row + i] & 0xFF;
        int b = rows[row - length + i] & 0xFF;
        tries[1][i] = (byte) x;
        tries[3][i] = (byte) (x - b / 2);
        tries[4][i] = (byte) (x - b);
      }
    }

    private void sub(int row) {
      byte[] out = tries[1];
      for (int i = pixel; i < length; i++) {
        out[i] = (byte) (rows[row + i] - rows[row + i - pixel]);
      }
    }

    private void up(int row) {
      byte[] out = tries[2];
      for (int i = 0; i < length; i++) {
        out[i] = (byte) (rows[row + i] - rows[row - length + i]);
      }
    }

    private void average(int row) {
      byte[] out = tries[3];
      for (int i = pixel; i < length; i++) {
        int a = rows[row + i - pixel] & 0xFF;
        int b = rows[row - length + i] & 0xFF;
        out[i] = (byte) (rows[row + i] - ((a + b) >> 1));
      }
    }

    private void paeth(int row) {
      byte[] out = tries[4];
      for (int i = pixel; i < length; i++) {
        int a = rows[row + i - pixel] & 0xFF;
        int b = rows[row - length + i] & 0xFF;
        int c = rows[row - length + i - pixel] & 0xFF;
        int pa = Math.abs(b - c);
        int pb = Math.abs(a - c);
        int pc = Math.abs(a + b - 2 * c);
        int p = pb <= pc ? b : c;
        p = pa <= Math.min(pb, pc) ? a : p;
        out[i] = (byte) (rows[row + i] - p);
      }
    }
  }
}
