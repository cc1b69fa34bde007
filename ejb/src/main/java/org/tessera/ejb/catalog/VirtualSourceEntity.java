package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** Read by queries only. */
@SuppressWarnings("UnusedVariable")
@Entity(name = "VirtualSource")
@Table(name = "virtual_source")
class VirtualSourceEntity {
  @EmbeddedId private VirtualSourceKey key;

  @Column(name = "source_id")
  private long source;

  protected VirtualSourceEntity() {}

  VirtualSourceEntity(VirtualSourceKey key, long source) {
    this.key = key;
    this.source = source;
  }
}
