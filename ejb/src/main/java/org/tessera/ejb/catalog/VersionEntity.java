package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;

/** A former version of a coverage. */
@SuppressWarnings("UnusedVariable") // JPA reads the owner
@Entity(name = "Version")
@Table(name = "coverage_version")
class VersionEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "coverage_version_id")
  @SequenceGenerator(
      name = "coverage_version_id",
      sequenceName = "coverage_version_id",
      allocationSize = 1)
  private Long id;

  @Column(name = "coverage_id")
  private long coverage;

  @Column(name = "version")
  private long number;

  @Column(name = "version_name")
  private String name;

  @Column(name = "state_id")
  private long state;

  @Column(name = "array_version")
  private String arrayVersion;

  private long made;
  private long replaced;
  private String cause;

  @Column(name = "made_by")
  private String madeBy;

  protected VersionEntity() {}

  VersionEntity(long coverage, long state, CoverageVersion version, Instant replaced) {
    this.coverage = coverage;
    this.state = state;
    this.number = version.number();
    this.name = version.name().orElse(null);
    this.arrayVersion = version.arrayVersion();
    this.made = version.made().toEpochMilli();
    this.replaced = replaced.toEpochMilli();
    this.cause = version.change().cause();
    this.madeBy = version.change().by();
  }

  CoverageVersion toVersion() {
    return new CoverageVersion(
        number,
        Optional.ofNullable(name),
        Instant.ofEpochMilli(made),
        Optional.of(Instant.ofEpochMilli(replaced)),
        new CoverageVersion.Change(cause == null ? "" : cause, madeBy == null ? "" : madeBy),
        arrayVersion);
  }

  long id() {
    return id;
  }

  long state() {
    return state;
  }

  void name(String newName) {
    name = newName;
  }
}
