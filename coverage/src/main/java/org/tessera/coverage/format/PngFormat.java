package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
    EncodeOptions options = EncodeOptions.parse(request.options());
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
    if (map.isPresent() && bands != 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "colorMap",
          "A colour map is for coverages of one band, this one has " + bands);
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
      Writer writer =
          new Writer(out, raster.width(), map.isPresent() ? 4 : bands, deep, map.orElse(null));
      writer.head(raster.height(), indexed ? palette : List.of(), transparent);
      writer.write(evaluation);
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

  /** Turns cells into filtered, compressed rows. */
  private static final class Writer {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final int width;
    private final int channels;
    private final boolean deep;
    private final ColorMap map;
    private final int pixelBytes;
    private byte[] row;
    private byte[] previous;
    private final byte[] filtered;
    private final byte[] compressed = new byte[BUFFER];
    private int column;
    private boolean filter = true;

    Writer(OutputStream out, int width, int channels, boolean deep, ColorMap map) {
      this.out = out;
      this.width = width;
      this.channels = channels;
      this.deep = deep && map == null;
      this.map = map;
      this.pixelBytes = channels * (this.deep ? 2 : 1);
      int bytes = Math.toIntExact((long) width * pixelBytes);
      this.row = new byte[bytes];
      this.previous = new byte[bytes];
      this.filtered = new byte[bytes + 1];
    }

    void head(int height, List<int[]> palette, List<Integer> nodata) throws IOException {
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

    void write(Evaluation evaluation) throws IOException {
      Deflater deflater = new Deflater(Deflater.BEST_SPEED);
      try {
        evaluation.stream(
            tile -> {
              try {
                write(tile, deflater);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
        deflater.finish();
        drain(deflater);
        chunk("IEND", new byte[0]);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } finally {
        deflater.end();
      }
    }

    private void write(Tile tile, Deflater deflater) throws IOException {
      int cells = tile.band(0).length();
      for (int from = 0; from < cells; ) {
        int n = Math.min(width - column, cells - from);
        if (map != null) {
          map.colours(tile.band(0), from, n, row, column * 4);
        } else {
          for (int b = 0; b < channels; b++) {
            samples(tile.band(b), from, n, b);
          }
        }
        column += n;
        from += n;
        if (column == width) {
          column = 0;
          filter();
          deflater.setInput(filtered);
          drain(deflater);
          byte[] swap = previous;
          previous = row;
          row = swap;
        }
      }
    }

    private void samples(Cells cells, int from, int n, int band) {
      int at = column * pixelBytes + band * (deep ? 2 : 1);
      if (deep) {
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          int v = (int) cells.getLong(i);
          row[at] = (byte) (v >> 8);
          row[at + 1] = (byte) v;
        }
      } else if (cells.type() == CellType.BOOLEAN) {
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          row[at] = (byte) (cells.bytes()[i] == 0 ? 0 : 255);
        }
      } else if (cells.type() == CellType.UINT8) {
        byte[] bytes = cells.bytes();
        if (pixelBytes == 1) {
          System.arraycopy(bytes, from, row, at, n);
          return;
        }
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          row[at] = bytes[i];
        }
      } else {
        for (int i = from; i < from + n; i++, at += pixelBytes) {
          // NaN becomes 0.
          row[at] = (byte) Math.clamp((long) Math.floor(cells.getDouble(i) + 0.5), 0, 255);
        }
      }
    }

    /** None, Sub or Up, whichever leaves the smallest differences (PNG 12.8). */
    private void filter() {
      if (!filter) {
        filtered[0] = 0;
        System.arraycopy(row, 0, filtered, 1, row.length);
        return;
      }
      long none = 0;
      long sub = 0;
      long up = 0;
      for (int i = 0; i < row.length; i++) {
        none += Math.abs(row[i]);
        sub += Math.abs((byte) (row[i] - (i < pixelBytes ? 0 : row[i - pixelBytes])));
        up += Math.abs((byte) (row[i] - previous[i]));
      }
      if (none <= sub && none <= up) {
        filtered[0] = 0;
        System.arraycopy(row, 0, filtered, 1, row.length);
      } else if (sub <= up) {
        filtered[0] = 1;
        for (int i = 0; i < row.length; i++) {
          filtered[i + 1] = (byte) (row[i] - (i < pixelBytes ? 0 : row[i - pixelBytes]));
        }
      } else {
        filtered[0] = 2;
        for (int i = 0; i < row.length; i++) {
          filtered[i + 1] = (byte) (row[i] - previous[i]);
        }
      }
    }

    private int pending;

    private void drain(Deflater deflater) throws IOException {
      while (true) {
        int n = deflater.deflate(compressed, pending, compressed.length - pending);
        pending += n;
        if (pending == compressed.length || (deflater.finished() && pending > 0)) {
          chunk("IDAT", java.util.Arrays.copyOf(compressed, pending));
          pending = 0;
        } else if (n == 0) {
          return;
        }
      }
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
}
