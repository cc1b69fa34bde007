package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.Objects;

/** Key of a source of a virtual coverage: that coverage, and which of its sources it is. */
@Embeddable
class VirtualSourceKey implements Serializable {
  private static final long serialVersionUID = 1L;

  @Column(name = "virtual_id")
  private long virtual;

  private int position;

  protected VirtualSourceKey() {}

  VirtualSourceKey(long virtual, int position) {
    this.virtual = virtual;
    this.position = position;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VirtualSourceKey k && k.virtual == virtual && k.position == position;
  }

  @Override
  public int hashCode() {
    return Objects.hash(virtual, position);
  }
}
