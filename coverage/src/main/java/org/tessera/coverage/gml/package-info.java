/**
 * XML to the coverage model and back: GML 3.2.1, GMLCOV 1.0, GML 3.3 referenceable grids, SWE
 * Common 2.0, OWS Common 2.0, WCS 2.0.1.
 *
 * <p>Doors: {@link org.tessera.coverage.gml.GmlCoverages} writes coverages and their descriptions
 * and reads coverage documents; {@link org.tessera.coverage.gml.GmlFormat} is GML as a format of
 * encode, {@link org.tessera.coverage.gml.Descriptions} what WCPS's describe gives; {@link
 * org.tessera.coverage.gml.Capabilities} writes service descriptions, {@link
 * org.tessera.coverage.gml.OwsReports} exception reports and the small answers of WCS-T; {@link
 * org.tessera.coverage.gml.SecureXml} is the one place where XML readers are made.
 *
 * <h2>Orders</h2>
 *
 * {@code axisLabels}, corners, grid limits, {@code startPoint} and the offset vectors come in the
 * order of the CRS's axes. Tuples come in grid order ({@link
 * org.tessera.coverage.model.Axis#gridRank()}), the last grid axis fastest; {@code sequenceRule}
 * says so: its {@code axisOrder} lists the axes from the fastest to the slowest, each as +n, n
 * counted from 1 in CRS order (GML 3.2.1 clause 19.3.12).
 *
 * <h2>Irregular axes</h2>
 *
 * {@code coefficients} are the coordinates themselves, as existing clients of WCS expect, with an
 * offset vector of length 1; the origin has the first of them. Readers also take coefficients
 * relative to the origin (GML 3.3 clause 10.3), and quoted ISO times.
 *
 * <p>Knows no HTTP, no requests and no storage; the generated JAXB classes ({@code net.opengis.*})
 * do not leave it.
 */
package org.tessera.coverage.gml;
