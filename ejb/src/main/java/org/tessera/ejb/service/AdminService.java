package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.gml.SecureXml;
import org.tessera.coverage.json.Json;
import org.tessera.coverage.model.Coverage;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;

/** What administrators do with coverages beside WCS-T and pyramids: names. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AdminService {
  @EJB private CoverageCatalog catalog;

  /** Whether there is a coverage of that id. */
  public boolean exists(String id) {
    return catalog.find(id).isPresent();
  }

  /**
   * Gives a coverage another id, other metadata, or both.
   *
   * @param newId the present one to keep it
   * @param metadata XML or JSON text, empty for none; absent to leave the metadata as they are
   * @throws OwsException {@code InvalidParameterValue} if the metadata are neither, {@code
   *     CoverageIdInUse} if another coverage has the new id
   */
  public void update(String id, String newId, Optional<String> metadata, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkId(newId);
    metadata.ifPresent(AdminService::checkMetadata);
    CatalogEntry entry = find(id);
    Coverage c = entry.coverage();
    Coverage changed =
        new Coverage(
            newId,
            c.domain(),
            c.range(),
            metadata.map(String::strip).orElse(c.metadata()),
            c.nativeFormat(),
            c.arrayVersion());
    catalog.update(
        List.of(new CoverageCatalog.Edit(id, entry.revision(), changed, Optional.empty(), false)));
  }

  private static void checkMetadata(String metadata) {
    String text = metadata.strip();
    try {
      if (text.startsWith("<")) {
        XMLStreamReader xml = SecureXml.reader(new StringReader("<m>" + text + "</m>"));
        while (xml.hasNext()) {
          xml.next();
        }
      } else if (!text.isEmpty()) {
        var unused = Json.parse(text);
      }
    } catch (XMLStreamException | IllegalArgumentException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "METADATA",
          "The metadata are neither XML without a declaration nor JSON: " + e.getMessage(),
          e);
    }
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
