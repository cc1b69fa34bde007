package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.catalog.ServiceCatalog;
import org.tessera.ejb.runtime.ServerRuntime;

/**
 * What administrators do with coverages beside WCS-T and pyramids: names, metadata, and what the
 * service says of itself.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AdminService {
  /** What may be said of the service; in requests regardless of case. */
  public static final List<String> SERVICE_INFO =
      List.of(
          "serviceTitle",
          "abstract",
          "keywords",
          "fees",
          "accessConstraints",
          "providerName",
          "providerSite",
          "individualName",
          "positionName",
          "role",
          "email",
          "voicePhone",
          "facsimilePhone",
          "hoursOfService",
          "contactInstructions",
          "deliveryPoint",
          "city",
          "administrativeArea",
          "postalCode",
          "country");

  private static final int LONGEST_TEXT = 4000;
  private static final int LONGEST_URL = 2000;

  @EJB private CoverageCatalog catalog;
  @EJB private ServerRuntime runtime;
  @EJB private ServiceCatalog service;

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
    TransactionService.checkCurrent(id);
    TransactionService.checkId(newId);
    Optional<String> text = metadata.map(AdminService::withoutDeclaration);
    text.ifPresent(AdminService::checkMetadata);
    CatalogEntry entry = find(id);
    Coverage c = entry.coverage();
    Coverage changed =
        new Coverage(
            newId,
            c.domain(),
            c.range(),
            text.orElse(c.metadata()),
            c.nativeFormat(),
            c.arrayVersion());
    // Another name is no change of what the coverage says; a version is read as it was.
    Optional<CoverageVersion.Change> change =
        Optional.of(new CoverageVersion.Change("metadata", caller.name()))
            .filter(_ -> !changed.metadata().equals(c.metadata()));
    catalog.update(
        List.of(
            new CoverageCatalog.Edit(
                id, entry.revision(), changed, change, runtime.settings().versions().any())));
  }

  /** Metadata are part of an XML document, so a declaration of their file does not belong there. */
  private static String withoutDeclaration(String metadata) {
    return metadata
        .replaceFirst("^\\uFEFF", "")
        .strip()
        .replaceFirst("(?s)^<\\?xml\\s.*?\\?>", "")
        .strip();
  }

  /** What was said of the service, by the names of {@link #SERVICE_INFO}. */
  public Map<String, String> serviceInfo() {
    return service.info();
  }

  /**
   * Says something of the service; it stands in its capabilities.
   *
   * @param changes by the names of {@link #SERVICE_INFO}; an empty text takes back what was said
   * @throws OwsException {@code InvalidParameterValue} if a text is too long or cannot be that
   */
  public void serviceInfo(Map<String, String> changes, Caller caller) {
    caller.require(Caller.Role.WRITER);
    Map<String, String> stripped = new LinkedHashMap<>();
    changes.forEach((name, text) -> stripped.put(name, limited(name, text, LONGEST_TEXT)));
    Optional.ofNullable(stripped.get("providerSite"))
        .ifPresent(site -> checkUrl("providerSite", site));
    service.info(stripped);
  }

  /** Says where a coverage's INSPIRE metadata are; an empty address takes it back. */
  public void inspire(String id, String url, Caller caller) {
    caller.require(Caller.Role.WRITER);
    String text = limited("METADATAURL", url, LONGEST_URL);
    checkUrl("METADATAURL", text);
    service.inspire(id, text);
  }

  private static String limited(String name, String text, int longest) {
    if (text.length() > longest) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          name,
          name + " has " + text.length() + " characters, at most " + longest + " are kept.");
    }
    return text.strip();
  }

  private static void checkUrl(String name, String text) {
    try {
      if (text.isEmpty() || new URI(text).isAbsolute()) {
        return;
      }
    } catch (URISyntaxException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE, name, name + " '" + text + "' is no URL.", e);
    }
    throw new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE, name, name + " '" + text + "' is no absolute URL.");
  }

  private static void checkMetadata(String metadata) {
    try {
      if (metadata.startsWith("<")) {
        XMLStreamReader xml = SecureXml.reader(new StringReader("<m>" + metadata + "</m>"));
        while (xml.hasNext()) {
          xml.next();
        }
      } else if (!metadata.isEmpty()) {
        var unused = Json.parse(metadata);
      }
    } catch (XMLStreamException | IllegalArgumentException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "METADATA",
          "The metadata are neither well-formed XML nor JSON: " + e.getMessage(),
          e);
    }
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
