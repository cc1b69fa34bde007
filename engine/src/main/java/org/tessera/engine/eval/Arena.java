package org.tessera.engine.eval;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.tessera.engine.array.CellType;

/**
 * Scratch arrays of one worker, used again and again so that they stay in the processor's cache.
 * Arrays have a power of two as length and come with whatever was in them. Not thread-safe.
 */
final class Arena {
  private static final int SIZES = 20;
  private static final int KEPT = 16;

  private final EnumMap<CellType.Storage, List<ArrayDeque<Object>>> free =
      new EnumMap<>(CellType.Storage.class);

  /** The free arrays of a storage with 2^log elements. */
  private ArrayDeque<Object> queue(CellType.Storage storage, int log) {
    List<ArrayDeque<Object>> queues = free.get(storage);
    if (queues == null) {
      queues = new ArrayList<>();
      for (int i = 0; i < SIZES; i++) {
        queues.add(new ArrayDeque<>(0));
      }
      free.put(storage, queues);
    }
    return queues.get(log);
  }

  /** A new array. */
  static Object allocate(CellType.Storage storage, int elements) {
    return switch (storage) {
      case BYTE -> new byte[elements];
      case SHORT -> new short[elements];
      case INT -> new int[elements];
      case LONG -> new long[elements];
      case FLOAT -> new float[elements];
      case DOUBLE -> new double[elements];
    };
  }

  /** An array of at least so many elements, not cleared. */
  Object take(CellType.Storage storage, int elements) {
    int log = log(elements);
    if (log >= SIZES) {
      return allocate(storage, elements);
    }
    Object array = queue(storage, log).pollLast();
    return array == null ? allocate(storage, 1 << log) : array;
  }

  Object take(CellType type, int cells) {
    return take(type.storage(), Math.multiplyExact(cells, type.components()));
  }

  void release(Vec vec) {
    if (vec.own()) {
      release(vec.array());
    }
  }

  void release(Object array) {
    CellType.Storage storage;
    int length;
    switch (array) {
      case byte[] a -> {
        storage = CellType.Storage.BYTE;
        length = a.length;
      }
      case short[] a -> {
        storage = CellType.Storage.SHORT;
        length = a.length;
      }
      case int[] a -> {
        storage = CellType.Storage.INT;
        length = a.length;
      }
      case long[] a -> {
        storage = CellType.Storage.LONG;
        length = a.length;
      }
      case float[] a -> {
        storage = CellType.Storage.FLOAT;
        length = a.length;
      }
      case double[] a -> {
        storage = CellType.Storage.DOUBLE;
        length = a.length;
      }
      default -> throw new IllegalArgumentException(array.getClass().getName());
    }
    int log = log(length);
    if (log >= SIZES || length != 1 << log) {
      return;
    }
    ArrayDeque<Object> queue = queue(storage, log);
    if (queue.size() < KEPT) {
      queue.addLast(array);
    }
  }

  private static int log(int elements) {
    return elements <= 16 ? 4 : 32 - Integer.numberOfLeadingZeros(elements - 1);
  }
}
