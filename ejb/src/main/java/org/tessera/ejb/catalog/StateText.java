package org.tessera.ejb.catalog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.CoordinateChunk;
import org.tessera.coverage.model.Coordinates;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.CellType;

/**
 * Axes, fields and metadata of a coverage as one text: those of former versions, which nothing is
 * searched by. Base64 of deflated bytes, which begin with the number of the format, 2. Coordinates
 * of irregular axes are kept as differences, so that a long axis of equal steps takes little; of
 * very long ones the last ones only, and the ids of {@link CoordinateRows} for those before (format
 * 1: all).
 */
final class StateText {
  private static final int FORMAT = 2;
  private static final int ALL_COORDINATES = 1;
  private static final int INDEX = 0;
  private static final int REGULAR = 1;
  private static final int IRREGULAR = 2;

  private StateText() {}

  /**
   * The text.
   *
   * @param chunks for each axis the ids of the rows with all chunks of its coordinates but the
   *     last; null where there are none
   */
  static String write(Coverage coverage, List<String> chunks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      out.writeByte(FORMAT);
      text(out, coverage.nativeFormat());
      text(out, coverage.metadata());
      text(out, coverage.domain().crs());
      out.writeInt(coverage.domain().dimension());
      for (int i = 0; i < coverage.domain().dimension(); i++) {
        axis(out, coverage.domain().axes().get(i), chunks.get(i));
      }
      for (String label : coverage.domain().crsOrder()) {
        text(out, label);
      }
      out.writeInt(coverage.range().size());
      for (RangeField field : coverage.range()) {
        text(out, field.name());
        text(out, field.type().name());
        text(out, field.label());
        text(out, field.description());
        text(out, field.definition());
        text(out, field.uom());
        out.writeInt(field.nils().size());
        for (NilValue nil : field.nils()) {
          text(out, nil.text());
          text(out, nil.reason());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static void axis(DataOutputStream out, Axis axis, String chunks) throws IOException {
    out.writeByte(
        switch (axis) {
          case Axis.IndexAxis a -> INDEX;
          case Axis.RegularAxis a -> REGULAR;
          case Axis.IrregularAxis a -> IRREGULAR;
        });
    text(out, axis.label());
    text(out, axis.uom());
    text(out, axis.crs());
    out.writeLong(axis.low());
    out.writeLong(axis.high());
    out.writeInt(axis.gridRank());
    switch (axis) {
      case Axis.IndexAxis a -> {}
      case Axis.RegularAxis a -> {
        text(out, a.origin().toString());
        text(out, a.resolution().toString());
      }
      case Axis.IrregularAxis a -> {
        int before =
            chunks == null ? 0 : a.coordinates().size() - a.coordinates().chunks().getLast().size();
        text(out, chunks == null ? "" : chunks);
        out.writeInt(a.coordinates().size() - before);
        BigDecimal last = BigDecimal.ZERO;
        for (BigDecimal point : a.coordinates().subList(before, a.coordinates().size())) {
          // The scale is kept, so that a coordinate comes back as it was written.
          text(out, point.scale() + " " + point.subtract(last).toPlainString());
          last = point;
        }
      }
    }
  }

  /** The reverse of {@link #write}; {@code rows} gives the chunks of ids. */
  static Coverage read(
      String text, String id, String arrayVersion, Function<String, List<CoordinateChunk>> rows) {
    try (DataInputStream in =
        new DataInputStream(
            new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text))))) {
      int format = in.readByte();
      if (format != FORMAT && format != ALL_COORDINATES) {
        throw new IllegalStateException(
            "a former version of " + id + " is kept in format " + format + ", which is unknown");
      }
      String nativeFormat = text(in);
      String metadata = text(in);
      String crs = text(in);
      List<Axis> axes = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        axes.add(axis(in, format, rows));
      }
      List<String> crsOrder = new ArrayList<>();
      for (int i = 0; i < axes.size(); i++) {
        crsOrder.add(text(in));
      }
      List<RangeField> fields = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        fields.add(field(in));
      }
      return new Coverage(
          id, new DomainSet(crs, axes, crsOrder), fields, metadata, nativeFormat, arrayVersion);
    } catch (IOException e) {
      throw new UncheckedIOException("a former version of " + id + " cannot be read", e);
    }
  }

  private static Axis axis(
      DataInputStream in, int format, Function<String, List<CoordinateChunk>> rows)
      throws IOException {
    int kind = in.readByte();
    String label = text(in);
    String uom = text(in);
    String crs = text(in);
    long low = in.readLong();
    long high = in.readLong();
    int rank = in.readInt();
    return switch (kind) {
      case INDEX -> new Axis.IndexAxis(label, uom, crs, low, high, rank);
      case REGULAR ->
          new Axis.RegularAxis(
              label, uom, crs, low, high, rank, new BigDecimal(text(in)), new BigDecimal(text(in)));
      case IRREGULAR -> {
        List<CoordinateChunk> chunks =
            new ArrayList<>(format == ALL_COORDINATES ? List.of() : rows.apply(text(in)));
        long count = format == ALL_COORDINATES ? high - low + 1 : in.readInt();
        List<BigDecimal> points = new ArrayList<>();
        BigDecimal last = BigDecimal.ZERO;
        for (long i = 0; i < count; i++) {
          String point = text(in);
          int blank = point.indexOf(' ');
          last =
              last.add(new BigDecimal(point.substring(blank + 1)))
                  .setScale(Integer.parseInt(point.substring(0, blank)));
          points.add(last);
        }
        chunks.addAll(Coordinates.copyOf(points).chunks());
        yield new Axis.IrregularAxis(label, uom, crs, low, rank, Coordinates.ofChunks(chunks));
      }
      default -> throw new IOException("axis " + label + " is of kind " + kind);
    };
  }

  private static RangeField field(DataInputStream in) throws IOException {
    String name = text(in);
    CellType type = CellType.valueOf(text(in));
    String label = text(in);
    String description = text(in);
    String definition = text(in);
    String uom = text(in);
    List<NilValue> nils = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      nils.add(new NilValue(text(in), text(in)));
    }
    return new RangeField(name, type, label, description, definition, uom, nils);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("it ends early");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What two texts share only if they are the same: SHA-256 in hexadecimal digits. */
  static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
