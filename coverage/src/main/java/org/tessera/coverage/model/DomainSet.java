package org.tessera.coverage.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tessera.engine.array.GridEnvelope;

/**
 * Where a coverage's cells lie (CIS 1.1 clause 6.3).
 *
 * @param crs URI of the native, possibly compound CRS
 * @param axes the axes in <em>array order</em>: axis i is dimension i of the stored array, the last
 *     one varies fastest. Time and other axes come first, then Y, then X, whatever the logical grid
 *     order ({@link Axis#gridRank()}) or the CRS order is
 * @param crsOrder labels of all axes in the order of the CRS's axes (order of corners in envelopes)
 * @param referenceable whether it is a referenceable grid (GMLCOV 1.0): it has an irregular axis,
 *     or is a part of a grid that has one
 */
public record DomainSet(String crs, List<Axis> axes, List<String> crsOrder, boolean referenceable) {
  /** Most axes that a request may name; doors refuse more before they do any work for them. */
  public static final int MAX_AXES = 32;

  public DomainSet {
    axes = List.copyOf(axes);
    crsOrder = List.copyOf(crsOrder);
    referenceable |= axes.stream().anyMatch(a -> a instanceof Axis.IrregularAxis);
    if (crsOrder.size() != axes.size()) {
      throw new IllegalArgumentException(
          "CRS has axes " + crsOrder + " but the grid has " + axes.size());
    }
  }

  /** A domain set that is referenceable only if one of its axes is irregular. */
  public DomainSet(String crs, List<Axis> axes, List<String> crsOrder) {
    this(crs, axes, crsOrder, false);
  }

  public int dimension() {
    return axes.size();
  }

  /** The axes in logical grid order, as clients see them. */
  public List<Axis> gridAxes() {
    return axes.stream().sorted(Comparator.comparingInt(Axis::gridRank)).toList();
  }

  /** The axes in the order of the CRS. */
  public List<Axis> crsAxes() {
    return crsOrder.stream().map(l -> axis(l).orElseThrow()).toList();
  }

  public Optional<Axis> axis(String label) {
    return axes.stream().filter(a -> a.label().equals(label)).findFirst();
  }

  /** Position of an axis in array order, or -1. */
  public int indexOf(String label) {
    for (int i = 0; i < axes.size(); i++) {
      if (axes.get(i).label().equals(label)) {
        return i;
      }
    }
    return -1;
  }

  /** The grid box in array order. */
  public GridEnvelope gridEnvelope() {
    return GridEnvelope.of(
        axes.stream().mapToLong(Axis::low).toArray(),
        axes.stream().mapToLong(Axis::high).toArray());
  }
}
