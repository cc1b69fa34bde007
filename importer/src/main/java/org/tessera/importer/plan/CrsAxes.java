package org.tessera.importer.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.importer.plan.PlanCrs.Kind;
import org.tessera.importer.plan.PlanCrs.PlanAxis;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.RasterFile;

/**
 * Axes of EPSG systems in the order of the authority: as the files themselves say, else as {@code
 * coverage.crs} knows them. The latter takes seconds to begin with, so it is asked last.
 */
final class CrsAxes {
  private final Map<Integer, List<RasterFile.CrsAxis>> known = new HashMap<>();
  private CrsResolver resolver;

  CrsAxes() {
    // The default of nearly everything: OGC 17-014r9 (CRS84) apart, clients mean this one.
    known.put(
        4326,
        List.of(
            new RasterFile.CrsAxis("Lat", "degree", false),
            new RasterFile.CrsAxis("Long", "degree", true)));
  }

  /** Remembers what a file says of its CRS. */
  void learn(RasterFile file) {
    if (file.epsg().isPresent() && file.crsAxes().size() == 2) {
      known.putIfAbsent(file.epsg().get(), file.crsAxes());
    }
  }

  /**
   * The axes.
   *
   * @param uri of the CRS, for the axes
   * @throws ImportException if there is no such system
   */
  List<PlanAxis> of(int code, String uri) {
    List<PlanAxis> out = new ArrayList<>();
    for (RasterFile.CrsAxis a : known.computeIfAbsent(code, this::resolve)) {
      out.add(new PlanAxis(a.label(), a.uom(), uri, a.east() ? Kind.X : Kind.Y));
    }
    return out;
  }

  private List<RasterFile.CrsAxis> resolve(int code) {
    resolver = resolver == null ? new CrsResolver() : resolver;
    try {
      List<RasterFile.CrsAxis> out = new ArrayList<>();
      for (CrsAxis a : resolver.resolve("EPSG:" + code).axes()) {
        if (a.kind() != CrsAxis.Kind.X && a.kind() != CrsAxis.Kind.Y) {
          throw new ImportException(
              "EPSG:" + code + " is no CRS of maps: it has an axis " + a.label());
        }
        out.add(new RasterFile.CrsAxis(a.label(), a.uom(), a.kind() == CrsAxis.Kind.X));
      }
      return out;
    } catch (OwsException e) {
      throw new ImportException("EPSG:" + code + ": " + e.getMessage(), e);
    }
  }
}
