package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;

/**
 * GeoTIFF (OGC 19-008r4), written in one pass: uncompressed strips, bands interleaved by pixel,
 * BigTIFF where the file would pass 4 GB. Cell types as in the coverage, bands of unlike types
 * become the least type that holds all. GDAL's tags carry the nodata value, metadata items and band
 * names. Options that need another layout (compression, tiles) are left to {@code other}.
 */
final class TiffFormat implements CoverageFormat {
  /** A strip of about this size, and at least one row. */
  private static final int STRIP_BYTES = 1 << 18;

  private static final long CLASSIC_LIMIT = 0xFFFF_0000L;

  private final CrsResolver crs;
  private final Optional<CoverageFormat> other;

  /**
   * @param other writes TIFF with any options of GDAL; empty if there is none
   */
  TiffFormat(CrsResolver crs, Optional<CoverageFormat> other) {
    this.crs = crs;
    this.other = other;
  }

  @Override
  public String mediaType() {
    return "image/tiff";
  }

  @Override
  public List<String> names() {
    return List.of("tiff", "tif", "gtiff", "geotiff");
  }

  @Override
  public String extension() {
    return "tiff";
  }

  @Override
  public Encoder prepare(EncodeRequest given) {
    EncodeOptions options = EncodeOptions.parse(given.options()).knownTo(mediaType(), OPTIONS);
    for (Map.Entry<String, String> e : options.formatParameters().entrySet()) {
      boolean plain =
          switch (e.getKey()) {
            case "COMPRESS" -> e.getValue().equalsIgnoreCase("NONE");
            case "TILED" -> e.getValue().equalsIgnoreCase("NO");
            case "INTERLEAVE" -> !e.getValue().equalsIgnoreCase("BAND");
            // How the file is written does not change what is in it.
            case "BIGTIFF", "NUM_THREADS" -> true;
            case "PREDICTOR",
                "ZLEVEL",
                "JPEG_QUALITY",
                "BLOCKXSIZE",
                "BLOCKYSIZE",
                "PHOTOMETRIC",
                "NBITS",
                "SPARSE_OK",
                "ENDIANNESS",
                "PROFILE" ->
                false;
            default -> true;
          };
      if (!plain && other.isPresent()) {
        return other.get().prepare(given);
      }
    }
    EncodeRequest request = ColorMap.of(options).map(m -> m.coloured(given, 4)).orElse(given);
    Raster laid = Raster.of(request, options, crs);
    Raster raster =
        new Raster(
            Raster.oneType(laid.cells()),
            laid.width(),
            laid.height(),
            laid.placement(),
            laid.crs());
    byte[] head = new Header(raster, request, options).bytes();
    Evaluation evaluation = request.evaluator().prepare(raster.cells(), request.limits());
    return out -> {
      out.write(head);
      new Pixels(out).write(evaluation);
    };
  }

  /** Creation options of GDAL's GeoTIFF driver. */
  static final List<String> OPTIONS =
      List.of(
          "COMPRESS",
          "PREDICTOR",
          "ZLEVEL",
          "ZSTD_LEVEL",
          "LZMA_PRESET",
          "JPEG_QUALITY",
          "JPEGTABLESMODE",
          "WEBP_LEVEL",
          "WEBP_LOSSLESS",
          "MAX_Z_ERROR",
          "DISCARD_LSB",
          "TILED",
          "BLOCKXSIZE",
          "BLOCKYSIZE",
          "NBITS",
          "PHOTOMETRIC",
          "ALPHA",
          "PROFILE",
          "BIGTIFF",
          "ENDIANNESS",
          "SPARSE_OK",
          "GEOTIFF_KEYS_FLAVOR",
          "GEOTIFF_VERSION",
          "NUM_THREADS");

  /** Everything before the first cell. */
  private final class Header {
    /** One entry of the directory; the value in the file's byte order. */
    private static final class Tag {
      private final int id;
      private final int type;
      private final long count;
      private final byte[] value;

      Tag(int id, int type, long count, byte[] value) {
        this.id = id;
        this.type = type;
        this.count = count;
        this.value = value;
      }

      int id() {
        return id;
      }
    }

    private static final int ASCII = 2;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int DOUBLE = 12;
    private static final int LONG8 = 16;

    private final Raster raster;
    private final EncodeRequest request;
    private final EncodeOptions options;
    private final CellType type;
    private final int bands;
    private final int rowsPerStrip;
    private final int strips;
    private final long rowBytes;
    private final boolean big;
    private final List<Tag> tags = new ArrayList<>();

    Header(Raster raster, EncodeRequest request, EncodeOptions options) {
      this.raster = raster;
      this.request = request;
      this.options = options;
      this.bands = raster.cells().type().bands().size();
      this.type = raster.cells().type().band(0).type();
      if (bands > 0xFFFF) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST, "TIFF holds at most 65535 bands, not " + bands);
      }
      this.rowBytes = (long) raster.width() * bands * type.bytes();
      this.rowsPerStrip = Math.clamp(STRIP_BYTES / rowBytes, 1, raster.height());
      this.strips = (raster.height() + rowsPerStrip - 1) / rowsPerStrip;
      this.big = rowBytes * raster.height() + 16L * strips + (1 << 20) > CLASSIC_LIMIT;
      if (rowBytes * rowsPerStrip > 0xFFFF_FFFFL) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            "A row of this picture has " + rowBytes + " bytes, more than a strip of a TIFF can");
      }
    }

    byte[] bytes() {
      boolean rgb = type == CellType.UINT8 && (bands == 3 || bands == 4);
      List<int[]> palette = bands == 1 && type == CellType.UINT8 ? palette() : List.of();
      number(256, LONG, raster.width());
      number(257, LONG, raster.height());
      shorts(258, repeated(8 * type.bytes()));
      shorts(259, new int[] {1});
      shorts(262, new int[] {palette.isEmpty() ? rgb ? 2 : 1 : 3});
      shorts(277, new int[] {bands});
      number(278, LONG, rowsPerStrip);
      shorts(284, new int[] {1});
      if (!palette.isEmpty()) {
        int[] map = new int[3 * 256];
        for (int i = 0; i < 256; i++) {
          for (int c = 0; c < 3; c++) {
            map[c * 256 + i] = palette.get(i)[c] * 257;
          }
        }
        shorts(320, map);
      }
      int extra = bands - (rgb ? 3 : 1);
      if (extra > 0) {
        int[] kinds = new int[extra];
        if (ColorMap.of(options).isPresent()) {
          // Alpha, which the colours are not multiplied by.
          kinds[0] = 2;
        }
        shorts(338, kinds);
      }
      shorts(339, repeated(sampleFormat()));
      raster.placement().ifPresent(this::place);
      ascii(42112, metadata());
      Raster.nodata(options, request.range())
          .ifPresent(
              v -> ascii(42113, NumberText.plain(v, Double.toString(v)).replace("NaN", "nan")));
      return layOut();
    }

    /** Space for the strips' places is known, so all places are. */
    private byte[] layOut() {
      int place = big ? 8 : 4;
      tags.add(new Tag(273, big ? LONG8 : LONG, strips, new byte[strips * place]));
      tags.add(new Tag(279, big ? LONG8 : LONG, strips, new byte[strips * place]));
      tags.sort(Comparator.comparingInt(Tag::id));
      int entry = big ? 20 : 12;
      int directory = (big ? 8 : 2) + tags.size() * entry + (big ? 8 : 4);
      int start = big ? 16 : 8;
      long size = (long) start + directory;
      for (Tag t : tags) {
        size += t.value.length <= place ? 0 : padded(t.value.length);
      }
      long data = size;
      for (Tag t : tags) {
        if (t.id == 273 || t.id == 279) {
          ByteBuffer b = ByteBuffer.wrap(t.value).order(ByteOrder.LITTLE_ENDIAN);
          for (int s = 0; s < strips; s++) {
            long rows = Math.min(rowsPerStrip, raster.height() - (long) s * rowsPerStrip);
            long v = t.id == 273 ? data + (long) s * rowsPerStrip * rowBytes : rows * rowBytes;
            if (big) {
              b.putLong(v);
            } else {
              b.putInt((int) v);
            }
          }
        }
      }
      ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(data)).order(ByteOrder.LITTLE_ENDIAN);
      out.put((byte) 'I').put((byte) 'I').putShort((short) (big ? 43 : 42));
      if (big) {
        out.putShort((short) 8).putShort((short) 0).putLong(start).putLong(tags.size());
      } else {
        out.putInt(start).putShort((short) tags.size());
      }
      int values = start + directory;
      for (Tag t : tags) {
        out.putShort((short) t.id).putShort((short) t.type);
        if (big) {
          out.putLong(t.count);
        } else {
          out.putInt((int) t.count);
        }
        if (t.value.length <= place) {
          out.put(t.value).put(new byte[place - t.value.length]);
        } else {
          if (big) {
            out.putLong(values);
          } else {
            out.putInt(values);
          }
          out.put(values, t.value);
          values += padded(t.value.length);
        }
      }
      return out.array();
    }

    private static int padded(int length) {
      return (length + 7) & ~7;
    }

    private int[] repeated(int value) {
      int[] all = new int[bands];
      java.util.Arrays.fill(all, value);
      return all;
    }

    private int sampleFormat() {
      return switch (type) {
        case BOOLEAN, UINT8, UINT16, UINT32 -> 1;
        case INT8, INT16, INT32, INT64 -> 2;
        case FLOAT32, FLOAT64 -> 3;
        case CINT16, CINT32 -> 5;
        case COMPLEX64, COMPLEX128 -> 6;
      };
    }

    private List<int[]> palette() {
      List<int[]> colours =
          options.object("colorpalette").isEmpty()
              ? Palettes.of(request, options)
              : Palettes.full(request, options);
      return colours.size() == 256 ? colours : List.of();
    }

    private void place(Raster.Placement p) {
      if (p.dy() < 0 && p.dx() != 0) {
        doubles(33550, p.dx(), -p.dy(), 0);
        doubles(33922, 0, 0, 0, p.x0(), p.y0(), 0);
      } else {
        // Rows that go north need the full matrix: the scale may be neither negative nor 0.
        doubles(34264, p.dx(), 0, 0, p.x0(), 0, p.dy(), 0, p.y0(), 0, 0, 0, 0, 0, 0, 0, 1);
      }
      geoKeys();
    }

    /** GeoTIFF keys: model type, raster type "pixel is area", and the system's EPSG code. */
    private void geoKeys() {
      List<int[]> keys = new ArrayList<>();
      String citation = "";
      if (raster.crs().isPresent()) {
        Crs system = raster.crs().get();
        boolean projected = system.kind() == Crs.Kind.PROJECTED;
        OptionalInt code = crs.epsgCode(system);
        if (code.isPresent() && code.getAsInt() <= 0xFFFF) {
          keys.add(new int[] {1024, 0, 1, projected ? 1 : 2});
          keys.add(new int[] {1025, 0, 1, 1});
          keys.add(new int[] {projected ? 3072 : 2048, 0, 1, code.getAsInt()});
        } else if (projected) {
          citation = "ESRI PE String = " + crs.wkt(system, CrsResolver.WktVersion.WKT1) + "|";
          keys.add(new int[] {1024, 0, 1, 1});
          keys.add(new int[] {1025, 0, 1, 1});
          keys.add(new int[] {3072, 0, 1, 32767});
          keys.add(new int[] {3073, 34737, citation.length(), 0});
        }
      }
      if (keys.isEmpty()) {
        keys.add(new int[] {1025, 0, 1, 1});
      }
      int[] all = new int[4 + 4 * keys.size()];
      all[0] = 1;
      all[1] = 1;
      all[3] = keys.size();
      for (int i = 0; i < keys.size(); i++) {
        System.arraycopy(keys.get(i), 0, all, 4 + 4 * i, 4);
      }
      shorts(34735, all);
      if (!citation.isEmpty()) {
        ascii(34737, citation);
      }
    }

    /** Texts of items are escaped twice: GDAL, whose tag this is, takes off both. */
    private String metadata() {
      StringBuilder xml = new StringBuilder("<GDALMetadata>\n");
      CoverageMetadata metadata = CoverageMetadata.of(request.metadata(), options);
      metadata
          .global()
          .forEach(
              (k, v) ->
                  xml.append("  <Item name=\"")
                      .append(escaped(k))
                      .append("\">")
                      .append(escaped(escaped(v)))
                      .append("</Item>\n"));
      for (int b = 0; b < request.range().size(); b++) {
        xml.append("  <Item name=\"DESCRIPTION\" sample=\"")
            .append(b)
            .append("\" role=\"description\">")
            .append(escaped(escaped(request.range().get(b).name())))
            .append("</Item>\n");
        band(xml, b, metadata.bands().getOrDefault(request.range().get(b).name(), Map.of()));
      }
      return xml.append("</GDALMetadata>\n").toString();
    }

    /** What is known of a band whose cells are still those that it is known of. */
    private void band(StringBuilder xml, int b, Map<String, String> known) {
      if (!StoredValues.is(raster.cells(), b)) {
        return;
      }
      known.forEach(
          (name, value) -> {
            if (name.equals("_FillValue") || name.equals("missing_value")) {
              // The nodata value has a tag of its own.
              return;
            }
            // Of these GDAL knows what they mean.
            String[] role =
                switch (name) {
                  case "scale_factor" -> new String[] {"SCALE", "\" role=\"scale"};
                  case "add_offset" -> new String[] {"OFFSET", "\" role=\"offset"};
                  case "units" -> new String[] {"UNITTYPE", "\" role=\"unittype"};
                  default -> new String[] {escaped(name), ""};
                };
            xml.append("  <Item name=\"")
                .append(role[0])
                .append("\" sample=\"")
                .append(b)
                .append(role[1])
                .append("\">")
                .append(escaped(escaped(value)))
                .append("</Item>\n");
          });
    }

    private static String escaped(String text) {
      return text.replace("&", "&amp;")
          .replace("<", "&lt;")
          .replace(">", "&gt;")
          .replace("\"", "&quot;");
    }

    private void number(int id, int tagType, long value) {
      ByteBuffer b = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value);
      tags.add(new Tag(id, tagType, 1, b.array()));
    }

    private void shorts(int id, int[] values) {
      ByteBuffer b = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int v : values) {
        b.putShort((short) v);
      }
      tags.add(new Tag(id, SHORT, values.length, b.array()));
    }

    private void doubles(int id, double... values) {
      ByteBuffer b = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      for (double v : values) {
        b.putDouble(v);
      }
      tags.add(new Tag(id, DOUBLE, values.length, b.array()));
    }

    private void ascii(int id, String text) {
      byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
      tags.add(new Tag(id, ASCII, bytes.length, bytes));
    }
  }

  /** Cells in their order, bands of a cell side by side, little-endian. */
  private static final class Pixels {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final VarHandle SHORTS = little(short[].class);
    private static final VarHandle INTS = little(int[].class);
    private static final VarHandle LONGS = little(long[].class);
    private static final VarHandle FLOATS = little(float[].class);
    private static final VarHandle DOUBLES = little(double[].class);

    private final OutputStream out;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    Pixels(OutputStream out) {
      this.out = out;
    }

    private static VarHandle little(Class<?> array) {
      return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    void write(Evaluation evaluation) throws IOException {
      try {
        evaluation.stream(
            tile -> {
              try {
                write(tile);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    private void write(Tile tile) throws IOException {
      int bands = tile.bands().size();
      int cellBytes = bands * tile.band(0).type().bytes();
      int perChunk = Math.max(1, CHUNK_BYTES / cellBytes);
      if (chunk.capacity() != perChunk * cellBytes) {
        chunk = ByteBuffer.allocate(perChunk * cellBytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      int cells = tile.band(0).length();
      for (int from = 0; from < cells; from += perChunk) {
        int n = Math.min(perChunk, cells - from);
        for (int b = 0; b < bands; b++) {
          put(tile.band(b), from, n, b, bands);
        }
        out.write(chunk.array(), 0, n * cellBytes);
      }
    }

    private void put(Cells cells, int from, int n, int band, int bands) {
      int k = cells.type().components();
      int first = from * k;
      int count = n * k;
      if (bands == 1) {
        putAll(cells, first, count);
        return;
      }
      // A plain loop for each width of a number: first cell, and from there one cell after another.
      byte[] to = chunk.array();
      int size = cells.type().storage().bytes();
      int step = bands * k * size;
      for (int c = 0; c < k; c++) {
        int at = (band * k + c) * size;
        int i = first + c;
        int end = first + count;
        switch (cells.type().storage()) {
          case BYTE -> {
            byte[] from8 = cells.bytes();
            for (; i < end; i += k, at += step) {
              to[at] = from8[i];
            }
          }
          case SHORT -> {
            short[] from16 = cells.shorts();
            for (; i < end; i += k, at += step) {
              SHORTS.set(to, at, from16[i]);
            }
          }
          case INT -> {
            int[] from32 = cells.ints();
            for (; i < end; i += k, at += step) {
              INTS.set(to, at, from32[i]);
            }
          }
          case LONG -> {
            long[] from64 = cells.longs();
            for (; i < end; i += k, at += step) {
              LONGS.set(to, at, from64[i]);
            }
          }
          case FLOAT -> {
            float[] floats = cells.floats();
            for (; i < end; i += k, at += step) {
              FLOATS.set(to, at, floats[i]);
            }
          }
          case DOUBLE -> {
            double[] doubles = cells.doubles();
            for (; i < end; i += k, at += step) {
              DOUBLES.set(to, at, doubles[i]);
            }
          }
        }
      }
    }

    private void putAll(Cells cells, int first, int count) {
      chunk.clear();
      switch (cells.type().storage()) {
        case BYTE -> chunk.put(cells.bytes(), first, count);
        case SHORT -> chunk.asShortBuffer().put(cells.shorts(), first, count);
        case INT -> chunk.asIntBuffer().put(cells.ints(), first, count);
        case LONG -> chunk.asLongBuffer().put(cells.longs(), first, count);
        case FLOAT -> chunk.asFloatBuffer().put(cells.floats(), first, count);
        case DOUBLE -> chunk.asDoubleBuffer().put(cells.doubles(), first, count);
      }
    }
  }
}
