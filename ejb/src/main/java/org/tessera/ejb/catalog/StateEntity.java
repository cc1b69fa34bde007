package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;

/** What a coverage was like, apart from its cells, in one or several former versions. */
@SuppressWarnings("UnusedVariable") // JPA reads the digest and the owner
@Entity(name = "State")
@Table(name = "coverage_state")
class StateEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "coverage_state_id")
  @SequenceGenerator(
      name = "coverage_state_id",
      sequenceName = "coverage_state_id",
      allocationSize = 1)
  private Long id;

  @Column(name = "coverage_id")
  private long coverage;

  private String digest;
  @Lob private String description;

  /** Ids of the rows of coordinates that the description refers to; null for none. */
  @Lob private String chunks;

  protected StateEntity() {}

  StateEntity(long coverage, String digest, String description, String chunks) {
    this.coverage = coverage;
    this.digest = digest;
    this.description = description;
    this.chunks = chunks;
  }

  long id() {
    return id;
  }

  String description() {
    return description;
  }
}
