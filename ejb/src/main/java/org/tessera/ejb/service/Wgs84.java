package org.tessera.ejb.service;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.gml.Capabilities.Wgs84Box;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;

/** Where a coverage lies on earth. */
record Wgs84(CrsResolver resolver) {
  private static final System.Logger LOG = System.getLogger(Wgs84.class.getName());

  /**
   * The box in degrees, or empty for coverages without a horizontal CRS, or whose CRS knows no way
   * to WGS 84.
   */
  Optional<Wgs84Box> of(Coverage coverage) {
    try {
      Optional<Crs> horizontal = resolver.resolve(coverage.domain().crs()).horizontal();
      if (horizontal.isEmpty()) {
        return Optional.empty();
      }
      List<Axis> axes = new ArrayList<>();
      resolver
          .axes(coverage.domain())
          .forEach(
              (label, axis) -> {
                if (axis.kind() == CrsAxis.Kind.X || axis.kind() == CrsAxis.Kind.Y) {
                  axes.add(coverage.domain().axis(label).orElseThrow());
                }
              });
      if (axes.size() != 2) {
        return Optional.empty();
      }
      // Both sides in the order of their authority: latitude first on the EPSG:4326 side.
      double[] lower = {axes.get(0).lower().doubleValue(), axes.get(1).lower().doubleValue()};
      double[] upper = {axes.get(0).upper().doubleValue(), axes.get(1).upper().doubleValue()};
      double[] box =
          resolver
              .reprojection(horizontal.get(), resolver.resolve("EPSG:4326"))
              .transformBox(lower, upper);
      return Optional.of(
          new Wgs84Box(degrees(box[1]), degrees(box[0]), degrees(box[3]), degrees(box[2])));
    } catch (OwsException | ArithmeticException e) {
      LOG.log(System.Logger.Level.DEBUG, "no WGS 84 box for " + coverage.id(), e);
      return Optional.empty();
    }
  }

  private static BigDecimal degrees(double value) {
    return new BigDecimal(value).round(new MathContext(12)).stripTrailingZeros();
  }
}
