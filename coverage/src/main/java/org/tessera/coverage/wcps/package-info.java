/**
 * WCPS text (OGC 08-068r2 and the extensions of this field) to {@link
 * org.tessera.coverage.expr.CoverageExpr} and back to answers. Doors: {@link
 * org.tessera.coverage.wcps.WcpsParser}, which reads text, and {@link
 * org.tessera.coverage.wcps.QueryRunner}, which runs a query to the point where only writing is
 * left. The parse tree does not leave this package; it knows no coverage, no CRS and no cell.
 */
package org.tessera.coverage.wcps;
