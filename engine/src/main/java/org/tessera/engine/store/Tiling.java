package org.tessera.engine.store;

import java.util.ArrayList;
import java.util.List;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.GridEnvelope;

/**
 * How an array is cut into tiles: a regular grid of boxes. Cell {@code i} of an axis belongs to the
 * tile column {@code floor((i - origin) / edge)}. Nothing is stored where nothing was written, and
 * a tile never reaches beyond the written cells.
 *
 * @param edges cells along each axis, in array order; {@link #UNLIMITED} lets {@link #resolve}
 *     choose it
 * @param origin low corner of one of the boxes
 */
public record Tiling(List<Long> edges, List<Long> origin) {
  /** An edge that reaches as far as the size of a tile permits. */
  public static final long UNLIMITED = 0;

  /** Bytes of one band of a tile to aim at when nothing is asked for. */
  private static final long STANDARD_BYTES = 2L << 20;

  /** Where slices are smaller than this, several go into a tile. */
  private static final long THICK_BYTES = 256L << 10;

  /** No band of a tile is larger than this, whatever is asked for. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int MAX_THICKNESS = 64;

  public Tiling {
    edges = List.copyOf(edges);
    origin = List.copyOf(origin);
    if (edges.size() != origin.size()) {
      throw new IllegalArgumentException(
          edges.size() + " tile edges but an origin of " + origin.size() + " axes");
    }
    for (long edge : edges) {
      if (edge < 0) {
        throw new IllegalArgumentException("tile edge " + edge + " is negative");
      }
    }
  }

  /** A grid of the given edges with a box at index 0. */
  public static Tiling of(long... edges) {
    List<Long> e = new ArrayList<>();
    List<Long> o = new ArrayList<>();
    for (long edge : edges) {
      e.add(edge);
      o.add(0L);
    }
    return new Tiling(e, o);
  }

  /** A grid whose boxes are as the given one. */
  public static Tiling of(GridEnvelope box) {
    List<Long> e = new ArrayList<>();
    List<Long> o = new ArrayList<>();
    for (int i = 0; i < box.dimension(); i++) {
      e.add(box.size(i));
      o.add(box.low(i));
    }
    return new Tiling(e, o);
  }

  /**
   * The tiling to use when none is asked for: about 2 MiB a band, square in the last two axes
   * (where images lie) and one cell thick in the others; thicker when the slices of the expected
   * domain are small.
   *
   * @param expected a domain typical for the array: that of its first insertion, for instance
   */
  public static Tiling standard(List<Band> bands, GridEnvelope expected) {
    int n = expected.dimension();
    long cells = Math.max(1, STANDARD_BYTES / widest(bands));
    long[] edges = new long[n];
    java.util.Arrays.fill(edges, 1);
    if (n == 1) {
      edges[0] = cells;
    } else if (n >= 2) {
      int bits = 63 - Long.numberOfLeadingZeros(cells);
      edges[n - 2] = 1L << (bits / 2);
      edges[n - 1] = 1L << ((bits + 1) / 2);
    }
    if (n >= 3) {
      // Of small images, many together make a tile; the edges then shrink to the image, so that an
      // array which grows later does not get huge tiles.
      long y = Math.min(edges[n - 2], nextPowerOfTwo(expected.size(n - 2)));
      long x = Math.min(edges[n - 1], nextPowerOfTwo(expected.size(n - 1)));
      long slice = y * x * widest(bands);
      long room = THICK_BYTES / slice;
      if (room > 1) {
        edges[n - 2] = y;
        edges[n - 1] = x;
        for (int i = n - 3; i >= 0 && room > 1; i--) {
          edges[i] = Math.min(room, MAX_THICKNESS);
          room /= edges[i];
        }
      }
    }
    return of(edges);
  }

  /**
   * This tiling with unlimited edges chosen such that a band of a tile has about {@code bytes}
   * bytes, the last unlimited axis first, and with no band of a tile above 64 MiB.
   *
   * @param bytes bytes of one band of a tile, or 0 for the standard size
   */
  public Tiling resolve(List<Band> bands, long bytes) {
    int n = edges.size();
    long[] e = new long[n];
    long cells =
        Math.max(1, Math.min(bytes == 0 ? STANDARD_BYTES : bytes, MAX_BYTES) / widest(bands));
    int open = 0;
    for (int i = 0; i < n; i++) {
      e[i] = edges.get(i);
      if (e[i] == UNLIMITED) {
        open++;
      } else {
        cells = Math.max(1, cells / e[i]);
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      if (e[i] == UNLIMITED) {
        e[i] = Math.max(1, (long) Math.pow((double) cells, 1.0 / open));
        cells /= e[i];
        open--;
      }
    }
    while (GridEnvelope.ofSize(e).cells() > MAX_BYTES / widest(bands)) {
      int longest = 0;
      for (int i = 1; i < n; i++) {
        longest = e[i] > e[longest] ? i : longest;
      }
      e[longest] = (e[longest] + 1) / 2;
    }
    List<Long> resolved = new ArrayList<>();
    for (long edge : e) {
      resolved.add(edge);
    }
    return new Tiling(resolved, origin);
  }

  /** Number of axes. */
  public int dimension() {
    return edges.size();
  }

  /** Cells along an axis. */
  public long edge(int axis) {
    return edges.get(axis);
  }

  /** The column of the tile grid to which an index belongs. */
  long column(int axis, long index) {
    return Math.floorDiv(index - origin.get(axis), edges.get(axis));
  }

  /** The columns of the tile grid to which a cell belongs. */
  long[] columns(long[] index) {
    long[] columns = new long[index.length];
    for (int i = 0; i < index.length; i++) {
      columns[i] = column(i, index[i]);
    }
    return columns;
  }

  /** The box of the tile grid at the given columns. */
  GridEnvelope box(long[] columns) {
    long[] low = new long[columns.length];
    long[] high = new long[columns.length];
    for (int i = 0; i < columns.length; i++) {
      low[i] = origin.get(i) + columns[i] * edges.get(i);
      high[i] = low[i] + edges.get(i) - 1;
    }
    return GridEnvelope.of(low, high);
  }

  /** The boxes of the tile grid that share a cell with a box, in row-major order. */
  List<GridEnvelope> places(GridEnvelope box) {
    List<GridEnvelope> places = new ArrayList<>();
    long[] low = columns(box.low());
    long[] high = columns(box.high());
    long[] at = low.clone();
    int axis;
    do {
      places.add(box(at));
      axis = at.length - 1;
      while (axis >= 0 && ++at[axis] > high[axis]) {
        at[axis] = low[axis];
        axis--;
      }
    } while (axis >= 0);
    return places;
  }

  private static int widest(List<Band> bands) {
    return bands.stream().mapToInt(b -> b.type().bytes()).max().orElse(1);
  }

  private static long nextPowerOfTwo(long n) {
    return n <= 1 ? 1 : Long.highestOneBit(n - 1) << 1;
  }
}
