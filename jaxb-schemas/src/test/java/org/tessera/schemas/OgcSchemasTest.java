package org.tessera.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OgcSchemasTest {
  private static final String REPORT =
      "<ows:ExceptionReport xmlns:ows='http://www.opengis.net/ows/2.0' version='2.0.0'>"
          + "<ows:Exception exceptionCode='NoSuchCoverage'/></ows:ExceptionReport>";

  @Test
  void aValidDocumentHasNoFaults() {
    assertEquals(List.of(), OgcSchemas.faults(REPORT));
    assertEquals(
        List.of(),
        OgcSchemas.faults(
            "<wcs:CoverageId xmlns:wcs='http://www.opengis.net/wcs/2.0'>a</wcs:CoverageId>"));
  }

  @Test
  void faultsNameTheirPlace() {
    List<String> faults = OgcSchemas.faults(REPORT.replace("exceptionCode", "\nexceptionKode"));
    assertFalse(faults.isEmpty());
    assertTrue(faults.getFirst().startsWith("2:"), faults::toString);
  }

  @Test
  void whatIsNotKnownOrNotWellFormedIsAFault() {
    assertFalse(OgcSchemas.faults("<unknown/>").isEmpty());
    assertFalse(OgcSchemas.faults("<a>").isEmpty());
    assertFalse(OgcSchemas.faults("").isEmpty());
  }

  @Test
  void documentsCannotNameFurtherSchemasOrEntities() {
    assertEquals(
        List.of(),
        OgcSchemas.faults(
            REPORT.replace(
                "version=",
                "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                    + " xsi:schemaLocation='http://www.opengis.net/ows/2.0"
                    + " http://schemas.opengis.net/ows/2.0/owsAll.xsd' version=")));
    assertFalse(
        OgcSchemas.faults("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>")
            .isEmpty());
  }
}
