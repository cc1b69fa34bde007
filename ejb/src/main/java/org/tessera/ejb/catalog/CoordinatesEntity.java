package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.util.Base64;
import org.tessera.coverage.model.CoordinateChunk;

/** Coordinates of an irregular axis that follow one another. Never changed. */
@SuppressWarnings("UnusedVariable") // JPA reads the owner
@Entity(name = "Coordinates")
@Table(name = "coverage_coordinates")
class CoordinatesEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "coverage_coordinates_id")
  @SequenceGenerator(
      name = "coverage_coordinates_id",
      sequenceName = "coverage_coordinates_id",
      allocationSize = 50)
  private Long id;

  @Column(name = "coverage_id")
  private long coverage;

  @Lob private String content;

  protected CoordinatesEntity() {}

  CoordinatesEntity(long coverage, CoordinateChunk chunk) {
    this.coverage = coverage;
    this.content = Base64.getEncoder().encodeToString(chunk.encode());
  }

  long id() {
    return id;
  }

  CoordinateChunk toChunk() {
    return CoordinateChunk.decode(Base64.getDecoder().decode(content));
  }
}
