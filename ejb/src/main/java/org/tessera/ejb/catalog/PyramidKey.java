package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.Objects;

/** Key of a member of a pyramid: the coverage that it belongs to, and itself. */
@Embeddable
class PyramidKey implements Serializable {
  private static final long serialVersionUID = 1L;

  @Column(name = "base_id")
  private long base;

  @Column(name = "member_id")
  private long member;

  protected PyramidKey() {}

  PyramidKey(long base, long member) {
    this.base = base;
    this.member = member;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PyramidKey k && k.base == base && k.member == member;
  }

  @Override
  public int hashCode() {
    return Objects.hash(base, member);
  }
}
