package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.Optional;
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

  /** Gives a coverage another id. */
  public void rename(String id, String newId, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkId(newId);
    CatalogEntry entry = find(id);
    Coverage c = entry.coverage();
    Coverage renamed =
        new Coverage(
            newId, c.domain(), c.range(), c.metadata(), c.nativeFormat(), c.arrayVersion());
    catalog.update(
        List.of(new CoverageCatalog.Edit(id, entry.revision(), renamed, Optional.empty(), false)));
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
