package org.tessera.ejb.catalog;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Optional;

/** That a coverage belongs to the pyramid of another one. */
@SuppressWarnings("UnusedVariable") // JPA reads the key
@Entity(name = "Pyramid")
@Table(name = "coverage_pyramid")
class PyramidEntity {
  @EmbeddedId private PyramidKey key;
  private String resampling;
  private String factors;

  protected PyramidEntity() {}

  PyramidEntity(PyramidKey key, Optional<PyramidMember.Derived> derived) {
    this.key = key;
    this.resampling = derived.map(PyramidMember.Derived::resampling).orElse(null);
    this.factors =
        derived
            .map(d -> String.join(" ", d.factors().stream().map(f -> f.toString()).toList()))
            .orElse(null);
  }

  Optional<PyramidMember.Derived> derived() {
    return resampling == null || factors == null
        ? Optional.empty()
        : Optional.of(
            new PyramidMember.Derived(
                resampling,
                java.util.Arrays.stream(factors.split(" ", -1)).map(Double::valueOf).toList()));
  }
}
