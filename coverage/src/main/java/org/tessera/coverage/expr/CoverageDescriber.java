package org.tessera.coverage.expr;

import java.util.Optional;

/** Writes the description of a coverage (WCPS describe): the door to GML and JSON. */
@FunctionalInterface
public interface CoverageDescriber {
  /**
   * The description as text.
   *
   * @param format gml, json, or their media types
   * @param options such as {@code outputType=GeneralGridCoverage}
   * @throws org.tessera.coverage.OwsException if the format or an option is not known
   */
  String describe(CompiledCoverage coverage, String format, Optional<String> options);
}
