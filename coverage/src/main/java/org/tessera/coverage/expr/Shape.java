package org.tessera.coverage.expr;

import java.util.List;

/**
 * A geometry by which to clip (OGC 06-103r4 well-known text, and the curtain and corridor of this
 * field). The coordinates of a vertex are scalars: numbers, or ISO times as strings, one per axis,
 * in the order of the CRS's axes (or of the projection's).
 */
public sealed interface Shape {
  /** A point, one coordinate per axis. */
  record Vertex(List<CoverageExpr> coordinates) {
    public Vertex {
      coordinates = List.copyOf(coordinates);
    }
  }

  /** A closed ring; the last vertex need not repeat the first. */
  record Ring(List<Vertex> vertices) {
    public Ring {
      vertices = List.copyOf(vertices);
    }
  }

  /** An outer ring and holes. */
  record Polygon(List<Ring> rings) implements Shape {
    public Polygon {
      rings = List.copyOf(rings);
    }
  }

  record MultiPolygon(List<Polygon> polygons) implements Shape {
    public MultiPolygon {
      polygons = List.copyOf(polygons);
    }
  }

  record LineString(List<Vertex> vertices) implements Shape {
    public LineString {
      vertices = List.copyOf(vertices);
    }
  }

  /** The mask over two (or one) axes, swept along all others. */
  record Curtain(List<String> axes, Shape mask) implements Shape {
    public Curtain {
      axes = List.copyOf(axes);
    }
  }

  /** The mask over some axes, carried along a track. */
  record Corridor(List<String> axes, LineString track, Shape mask, boolean discrete)
      implements Shape {
    public Corridor {
      axes = List.copyOf(axes);
    }
  }

  /** The shape that a {@code let} variable stands for. */
  record ShapeVariable(String name, Position position) implements Shape {}
}
