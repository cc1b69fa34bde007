package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.Objects;

/** Key of an axis or field: its coverage and its position there. */
@Embeddable
class PartKey implements Serializable {
  private static final long serialVersionUID = 1L;

  @Column(name = "coverage_id")
  private Long coverage;

  private int position;

  protected PartKey() {}

  PartKey(int position) {
    this.position = position;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PartKey other
        && position == other.position
        && Objects.equals(coverage, other.coverage);
  }

  @Override
  public int hashCode() {
    return Objects.hash(coverage, position);
  }
}
