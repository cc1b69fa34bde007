package org.tessera.coverage.gml;

/** A namespace with the prefix that it has in all our documents. */
enum Ns {
  GML("gml", "http://www.opengis.net/gml/3.2"),
  GMLCOV("gmlcov", "http://www.opengis.net/gmlcov/1.0"),
  RGRID("gmlrgrid", "http://www.opengis.net/gml/3.3/rgrid"),
  SWE("swe", "http://www.opengis.net/swe/2.0"),
  OWS("ows", "http://www.opengis.net/ows/2.0"),
  WCS("wcs", "http://www.opengis.net/wcs/2.0"),
  WCS21("wcs", "http://www.opengis.net/wcs/2.1/gml"),
  CIS("cis11", "http://www.opengis.net/cis/1.1/gml"),
  CRS("crs", "http://www.opengis.net/wcs/crs/1.0"),
  INT("int", "http://www.opengis.net/wcs/interpolation/1.0"),
  INSPIRE_COMMON("inspire_common", "http://inspire.ec.europa.eu/schemas/common/1.0"),
  INSPIRE_DLS("inspire_dls", "http://inspire.ec.europa.eu/schemas/inspire_dls/1.0"),
  XLINK("xlink", "http://www.w3.org/1999/xlink"),
  XSI("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
  /** The element that carries free metadata, under the name that existing clients look for. */
  RASDAMAN("rasdaman", "http://www.rasdaman.org");

  private final String prefix;
  private final String uri;

  Ns(String prefix, String uri) {
    this.prefix = prefix;
    this.uri = uri;
  }

  String prefix() {
    return prefix;
  }

  String uri() {
    return uri;
  }
}
