package org.tessera.ejb.catalog;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Map;
import java.util.TreeMap;

/** What administrators have said of the service, for its capabilities documents. */
@Singleton
@DependsOn("SchemaMigration")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class ServiceCatalog {
  @PersistenceContext(unitName = "tessera")
  private EntityManager em;

  /** All that was said, by name. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public Map<String, String> info() {
    return pairs("select name, said from service_info");
  }

  /**
   * Puts these in the place of what was said before under their names; empty texts take it away.
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void info(Map<String, String> changes) {
    changes.forEach(
        (name, value) -> {
          em.createNativeQuery("delete from service_info where name = ?")
              .setParameter(1, name)
              .executeUpdate();
          if (!value.isEmpty()) {
            em.createNativeQuery("insert into service_info (name, said) values (?, ?)")
                .setParameter(1, name)
                .setParameter(2, value)
                .executeUpdate();
          }
        });
  }

  /** Addresses of INSPIRE metadata, by the ids of the coverages that have some. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public Map<String, String> inspire() {
    return pairs("select name, inspire_url from coverage where inspire_url is not null");
  }

  /** Says where a coverage's INSPIRE metadata are; an empty text takes it away. */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void inspire(String coverage, String url) {
    int found =
        url.isEmpty()
            ? em.createNativeQuery("update coverage set inspire_url = null where name = ?")
                .setParameter(1, coverage)
                .executeUpdate()
            : em.createNativeQuery("update coverage set inspire_url = ? where name = ?")
                .setParameter(1, url)
                .setParameter(2, coverage)
                .executeUpdate();
    if (found == 0) {
      throw CoverageCatalog.noSuchCoverage(coverage);
    }
  }

  private Map<String, String> pairs(String sql) {
    Map<String, String> pairs = new TreeMap<>();
    for (Object row : em.createNativeQuery(sql).getResultList()) {
      Object[] r = (Object[]) row;
      pairs.put((String) r[0], (String) r[1]);
    }
    return pairs;
  }
}
