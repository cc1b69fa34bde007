package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.StoredTile;

/**
 * What a plan needs, found by asking each node for the boxes that it asks its inputs for: cells
 * computed, cells read, arrays held whole. Nothing is computed.
 */
final class Needs {
  /** Boxes of a node that are compared with each further one; of many only equal ones are found. */
  private static final int COMPARED = 16;

  private final IdentityHashMap<Node, Asked> asked = new IdentityHashMap<>();
  private final IdentityHashMap<Nodes.Stored, List<GridEnvelope>> read = new IdentityHashMap<>();
  private final Map<ArraySource, Set<Long>> answered = new HashMap<>();
  private final Map<ArraySource, GridEnvelope> answeredIn = new HashMap<>();
  private double cells;
  private double held;

  /** The boxes that a node was asked for: the first ones, and all. */
  private record Asked(List<GridEnvelope> first, Set<GridEnvelope> all) {
    /** Takes up a box; false if its cells are known to be asked for already. */
    boolean add(GridEnvelope box) {
      for (GridEnvelope known : first) {
        if (known.contains(box)) {
          return false;
        }
      }
      if (first.size() < COMPARED) {
        first.add(box);
        return true;
      }
      return all.add(box);
    }
  }

  /** Needs of some nodes for a box. */
  static Needs of(List<Node> nodes, GridEnvelope box) {
    Needs needs = new Needs();
    for (Node n : nodes) {
      needs.ask(n, box);
    }
    return needs;
  }

  /** That a node is asked for a box. */
  void ask(Node node, GridEnvelope box) {
    GridEnvelope b = node.isScalar() ? node.domain() : box;
    if (!asked.computeIfAbsent(node, n -> new Asked(new ArrayList<>(1), new HashSet<>())).add(b)) {
      return;
    }
    cells += b.cells();
    node.need(this, b);
  }

  /** That cells of a stored array are read. */
  void read(Nodes.Stored stored, GridEnvelope box) {
    read.computeIfAbsent(stored, s -> new ArrayList<>(1)).add(box);
  }

  /** That a tile is answered from its statistics. */
  void answered(Nodes.Stored stored, StoredTile tile) {
    answered.computeIfAbsent(stored.source(), s -> new HashSet<>()).add(tile.number());
    answeredIn.merge(stored.source(), tile.box(), (a, b) -> bounds(List.of(a, b)));
  }

  /** That an array is kept whole while the rest is computed. */
  void hold(double bytes) {
    held += bytes;
  }

  double cells() {
    return cells;
  }

  double held() {
    return held;
  }

  /** Number of nodes that compute. */
  int nodes() {
    return asked.size();
  }

  /** Bytes of the cells that are read, as they are in memory. */
  double rawBytes() {
    double bytes = 0;
    for (Map.Entry<Nodes.Stored, List<GridEnvelope>> e : read.entrySet()) {
      for (GridEnvelope box : e.getValue()) {
        bytes += box.cells() * (double) e.getKey().band().type().bytes();
      }
    }
    return bytes;
  }

  /** Tells stored arrays which of their cells will be asked for. */
  void announce() {
    read.forEach((stored, boxes) -> stored.announce(bounds(boxes)));
  }

  /** Makes sure that all that will be read, or is answered from statistics, can be read. */
  void requireReadable() {
    read.forEach((stored, boxes) -> boxes.forEach(stored.source()::ensureReadable));
    answeredIn.forEach(ArraySource::ensureReadable);
  }

  private static GridEnvelope bounds(List<GridEnvelope> boxes) {
    GridEnvelope all = boxes.getFirst();
    for (GridEnvelope b : boxes) {
      for (int a = 0; a < b.dimension(); a++) {
        all = all.with(a, Math.min(all.low(a), b.low(a)), Math.max(all.high(a), b.high(a)));
      }
    }
    return all;
  }

  /** Tiles that are read, tiles that are answered from statistics, and bytes in the store. */
  Estimate.Reads reads() {
    Map<ArraySource, Set<Long>> touched = new HashMap<>();
    double bytes = 0;
    for (Map.Entry<Nodes.Stored, List<GridEnvelope>> e : read.entrySet()) {
      Nodes.Stored stored = e.getKey();
      ArraySource source = stored.source();
      Set<Long> mine = touched.computeIfAbsent(source, s -> new HashSet<>());
      GridEnvelope region = bounds(e.getValue());
      Set<Long> ofThis = new HashSet<>();
      for (GridEnvelope box : e.getValue()) {
        for (StoredTile t : source.tiles(box)) {
          mine.add(t.number());
          if (ofThis.add(t.number())) {
            GridEnvelope part =
                t.box().intersection(e.getValue().size() == 1 ? box : region).orElseThrow();
            bytes += source.bytes(t, part, stored.number(), region);
          }
        }
      }
    }
    long tiles = touched.values().stream().mapToLong(Set::size).sum();
    long skipped =
        answered.entrySet().stream()
            .mapToLong(
                e -> {
                  Set<Long> s = new HashSet<>(e.getValue());
                  s.removeAll(touched.getOrDefault(e.getKey(), Set.of()));
                  return s.size();
                })
            .sum();
    return new Estimate.Reads(tiles, skipped, saturated(bytes));
  }

  static long saturated(double x) {
    return (long) x;
  }
}
