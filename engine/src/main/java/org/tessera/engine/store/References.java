package org.tessera.engine.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.GridEnvelope;

/**
 * Where the cells of one band of one tile are outside of the store: in parts of sources, later ones
 * over earlier ones. Cells in none of them were never stored, or have the fill value.
 */
record References(List<Layer> layers) {

  /**
   * A part of a source.
   *
   * @param band number of the band in the source
   * @param box the cells, relative to the low corner of the tile, so that a tile can be moved
   * @param offset of the first cell in the source
   * @param masked whether null cells leave alone what is below them
   */
  record Layer(String source, int band, GridEnvelope box, List<Long> offset, boolean masked) {
    Layer {
      offset = List.copyOf(offset);
    }

    /** The layer in a tile whose low corner is so much lower. */
    private Layer moved(long[] by) {
      return new Layer(source, band, box.translate(by), offset, masked);
    }

    /** The part of the layer that lies in a box. */
    private Optional<Layer> within(GridEnvelope limit) {
      return box.intersection(limit)
          .map(
              rest -> {
                List<Long> from = new ArrayList<>();
                for (int i = 0; i < rest.dimension(); i++) {
                  from.add(offset.get(i) + rest.low(i) - box.low(i));
                }
                return new Layer(source, band, rest, from, masked);
              });
    }
  }

  References {
    layers = List.copyOf(layers);
  }

  /** The same cells in a tile of another box: layers are cut off where they reach out of it. */
  References in(GridEnvelope tile, GridEnvelope other) {
    long[] by = new long[tile.dimension()];
    long[] low = new long[tile.dimension()];
    long[] high = new long[tile.dimension()];
    for (int i = 0; i < by.length; i++) {
      by[i] = tile.low(i) - other.low(i);
      high[i] = other.size(i) - 1;
    }
    GridEnvelope limit = GridEnvelope.of(low, high);
    return new References(
        layers.stream().map(l -> l.moved(by)).flatMap(l -> l.within(limit).stream()).toList());
  }

  /**
   * With one more layer on top. Those below it that cannot be seen any more, or that the layer
   * replaces because its source is a newer form of theirs, are gone.
   */
  References with(Layer top, ReferencedCells cells) {
    List<Layer> all = new ArrayList<>();
    for (Layer below : layers) {
      boolean covered = top.box().contains(below.box());
      if (!covered || (top.masked() && !cells.replaces(top.source(), below.source()))) {
        all.add(below);
      }
    }
    all.add(top);
    return new References(all);
  }

  /**
   * How many cells lie in some layer. Cells that a masked layer leaves alone count as well: which
   * these are is not known before they are read.
   */
  long covered() {
    if (layers.size() == 1) {
      return layers.getFirst().box().cells();
    }
    List<GridEnvelope> apart = new ArrayList<>();
    for (Layer layer : layers) {
      List<GridEnvelope> rest = List.of(layer.box());
      for (GridEnvelope other : apart) {
        rest = rest.stream().flatMap(r -> without(r, other).stream()).toList();
      }
      apart.addAll(rest);
    }
    return apart.stream().mapToLong(GridEnvelope::cells).sum();
  }

  /** A box without another one, as boxes that have no cell in common. */
  private static List<GridEnvelope> without(GridEnvelope box, GridEnvelope other) {
    if (!box.intersects(other)) {
      return List.of(box);
    }
    List<GridEnvelope> parts = new ArrayList<>();
    GridEnvelope rest = box;
    for (int i = 0; i < box.dimension(); i++) {
      if (rest.low(i) < other.low(i)) {
        parts.add(rest.with(i, rest.low(i), other.low(i) - 1));
      }
      if (rest.high(i) > other.high(i)) {
        parts.add(rest.with(i, other.high(i) + 1, rest.high(i)));
      }
      rest =
          rest.with(i, Math.max(rest.low(i), other.low(i)), Math.min(rest.high(i), other.high(i)));
    }
    return parts;
  }

  /** The layers as bytes; sources as numbers in a table of the page. */
  byte[] encode(ToIntFunction<String> numberOf) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(layers.size());
      for (Layer l : layers) {
        out.writeInt(numberOf.applyAsInt(l.source()));
        out.writeInt(l.band());
        out.writeBoolean(l.masked());
        for (int i = 0; i < l.offset().size(); i++) {
          out.writeLong(l.box().low(i));
          out.writeLong(l.box().high(i));
          out.writeLong(l.offset().get(i));
        }
      }
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot write a reference", e);
    }
    return bytes.toByteArray();
  }

  static References decode(byte[] bytes, int from, int length, int n, IntFunction<String> source) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, from, length))) {
      List<Layer> layers = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        String name = source.apply(in.readInt());
        int band = in.readInt();
        boolean masked = in.readBoolean();
        long[] low = new long[n];
        long[] high = new long[n];
        List<Long> offset = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          low[i] = in.readLong();
          high[i] = in.readLong();
          offset.add(in.readLong());
        }
        layers.add(new Layer(name, band, GridEnvelope.of(low, high), offset, masked));
      }
      return new References(layers);
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new EngineException(Code.STORAGE_FAILED, "damaged: a reference", e);
    }
  }
}
