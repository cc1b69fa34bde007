package org.tessera.coverage.model;

import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;

/**
 * The coordinates of an irregular axis: an immutable list of exact decimals that takes some ten
 * bytes each, however many there are. It consists of {@linkplain CoordinateChunk chunks}; a list
 * that was made from another one by insertion shares all chunks with it in which nothing was
 * inserted, so that an axis of 10<sup>6</sup> coordinates grows by one at the cost of one chunk.
 */
public final class Coordinates extends AbstractList<BigDecimal> implements RandomAccess {
  private final List<CoordinateChunk> chunks;

  /** Index of the first coordinate of each chunk, and the number of all behind. */
  private final int[] starts;

  private final Order order;

  private enum Order {
    /** Each at least as great as the one before. */
    RISING,
    /** Each at most as great as the one before. */
    FALLING,
    NONE
  }

  private Coordinates(List<CoordinateChunk> chunks) {
    this.chunks = List.copyOf(chunks);
    this.starts = new int[chunks.size() + 1];
    for (int c = 0; c < chunks.size(); c++) {
      starts[c + 1] = Math.addExact(starts[c], chunks.get(c).size());
    }
    this.order = order();
  }

  private Order order() {
    if (isEmpty()) {
      return Order.RISING;
    }
    boolean falling = getFirst().compareTo(getLast()) > 0;
    for (int c = 0; c < chunks.size(); c++) {
      CoordinateChunk chunk = chunks.get(c);
      if (!(falling ? chunk.falls() : chunk.rises())) {
        return Order.NONE;
      }
      if (c > 0) {
        int step = chunks.get(c - 1).last().compareTo(chunk.get(0));
        if (falling ? step < 0 : step > 0) {
          return Order.NONE;
        }
      }
    }
    return falling ? Order.FALLING : Order.RISING;
  }

  /** The same coordinates; the list itself if it is of this class. */
  public static Coordinates copyOf(Collection<BigDecimal> coordinates) {
    return coordinates instanceof Coordinates known
        ? known
        : new Coordinates(cut(List.copyOf(coordinates), true));
  }

  /** The coordinates of chunks in their order; none of the chunks is empty. */
  public static Coordinates ofChunks(List<CoordinateChunk> chunks) {
    return new Coordinates(chunks);
  }

  /** The chunks, none of them empty; those of another list that is equal may be others. */
  public List<CoordinateChunk> chunks() {
    return chunks;
  }

  private static List<CoordinateChunk> cut(List<BigDecimal> points, boolean last) {
    List<CoordinateChunk> result = new ArrayList<>();
    int n = points.size();
    // At the end full chunks and a rest, so that appending fills chunks; elsewhere equal parts.
    int parts = (n + CoordinateChunk.CAPACITY - 1) / CoordinateChunk.CAPACITY;
    int step = last ? CoordinateChunk.CAPACITY : parts == 0 ? 1 : (n + parts - 1) / parts;
    for (int from = 0; from < n; from += step) {
      result.add(CoordinateChunk.of(points.subList(from, Math.min(n, from + step))));
    }
    return result;
  }

  @Override
  public int size() {
    return starts[chunks.size()];
  }

  @Override
  public BigDecimal get(int index) {
    Objects.checkIndex(index, size());
    int c = chunkOf(index);
    return chunks.get(c).get(index - starts[c]);
  }

  private int chunkOf(int index) {
    int found = Arrays.binarySearch(starts, 0, chunks.size(), index);
    return found >= 0 ? found : -found - 2;
  }

  /** Shares the chunks that lie within. */
  @Override
  public Coordinates subList(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    if (from == 0 && to == size()) {
      return this;
    }
    List<CoordinateChunk> part = new ArrayList<>();
    for (int c = from == to ? chunks.size() : chunkOf(from);
        c < chunks.size() && starts[c] < to;
        c++) {
      CoordinateChunk chunk = chunks.get(c);
      int first = Math.max(0, from - starts[c]);
      int end = Math.min(chunk.size(), to - starts[c]);
      part.add(
          first == 0 && end == chunk.size()
              ? chunk
              : CoordinateChunk.of(chunk.toList().subList(first, end)));
    }
    return new Coordinates(part);
  }

  /**
   * These coordinates and others.
   *
   * @param places for each of the points, the index here of the coordinate that it comes before, or
   *     the size; not falling
   */
  public Coordinates with(List<Integer> places, List<BigDecimal> points) {
    if (points.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return copyOf(points);
    }
    List<CoordinateChunk> result = new ArrayList<>();
    int next = 0;
    for (int c = 0; c < chunks.size(); c++) {
      boolean last = c == chunks.size() - 1;
      int end = starts[c + 1];
      if (next == points.size() || !(last || places.get(next) < end)) {
        result.add(chunks.get(c));
        continue;
      }
      List<BigDecimal> merged = new ArrayList<>();
      List<BigDecimal> old = chunks.get(c).toList();
      for (int i = 0; i <= old.size(); i++) {
        while (next < points.size()
            && places.get(next) == starts[c] + i
            && (i < old.size() || last)) {
          merged.add(points.get(next++));
        }
        if (i < old.size()) {
          merged.add(old.get(i));
        }
      }
      result.addAll(cut(merged, last));
    }
    if (next < points.size()) {
      throw new IllegalArgumentException("places " + places + " fall, or lie outside");
    }
    return new Coordinates(result);
  }

  /** The index of the coordinate next to a place: of several the first one. Not if empty. */
  public int nearest(BigDecimal at) {
    if (order == Order.NONE) {
      int nearest = 0;
      for (int i = 1; i < size(); i++) {
        nearest = closer(i, nearest, at) ? i : nearest;
      }
      return nearest;
    }
    // The first one that is not before the place, or the first of those alike before it.
    int behind = firstNotBefore(at);
    if (behind == 0) {
      return 0;
    }
    int before = firstNotBefore(get(behind - 1));
    return behind < size() && closer(behind, before, at) ? behind : before;
  }

  private boolean closer(int i, int than, BigDecimal at) {
    return get(i).subtract(at).abs().compareTo(get(than).subtract(at).abs()) < 0;
  }

  /** Index of the first coordinate, in the axis' direction, that does not lie before a place. */
  private int firstNotBefore(BigDecimal at) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int step = get(middle).compareTo(at);
      if (order == Order.FALLING ? step > 0 : step < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Indices, both inclusive. */
  public record Span(int first, int last) {}

  /**
   * The first and the last of the coordinates from {@code lower} to {@code upper}, both inclusive;
   * empty if there is none.
   */
  public Optional<Span> within(BigDecimal lower, BigDecimal upper) {
    int first = -1;
    int last = -1;
    if (order == Order.NONE) {
      for (int i = 0; i < size(); i++) {
        if (isWithin(i, lower, upper)) {
          first = first < 0 ? i : first;
          last = i;
        }
      }
      return first < 0 ? Optional.empty() : Optional.of(new Span(first, last));
    }
    first = firstNotBefore(order == Order.FALLING ? upper : lower);
    last = firstNotBefore(order == Order.FALLING ? lower : upper);
    while (last < size() && isWithin(last, lower, upper)) {
      last++;
    }
    return last <= first ? Optional.empty() : Optional.of(new Span(first, last - 1));
  }

  private boolean isWithin(int i, BigDecimal lower, BigDecimal upper) {
    BigDecimal point = get(i);
    return point.compareTo(lower) >= 0 && point.compareTo(upper) <= 0;
  }

  @Override
  public boolean equals(Object other) {
    if (other == this) {
      return true;
    }
    if (other instanceof Coordinates o && Arrays.equals(starts, o.starts)) {
      return chunks.equals(o.chunks);
    }
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
