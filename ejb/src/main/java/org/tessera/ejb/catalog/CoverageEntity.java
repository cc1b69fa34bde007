package org.tessera.ejb.catalog;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;

@Entity(name = "Coverage")
@Table(name = "coverage")
class CoverageEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "coverage_id")
  @SequenceGenerator(name = "coverage_id", sequenceName = "coverage_id", allocationSize = 1)
  private Long id;

  private String name;

  @Version private long revision;

  private String crs;
  @Lob private String metadata;

  @Column(name = "native_format")
  private String nativeFormat;

  @Column(name = "array_version")
  private String arrayVersion;

  @Column(name = "version")
  private long number;

  @Column(name = "version_name")
  private String versionName;

  private long made;
  private String cause;

  @Column(name = "made_by")
  private String madeBy;

  @OneToMany(
      mappedBy = "coverage",
      cascade = CascadeType.ALL,
      orphanRemoval = true,
      fetch = FetchType.LAZY)
  @OrderBy("key.position")
  private List<AxisEntity> axes = new ArrayList<>();

  @OneToMany(
      mappedBy = "coverage",
      cascade = CascadeType.ALL,
      orphanRemoval = true,
      fetch = FetchType.LAZY)
  @OrderBy("key.position")
  private List<FieldEntity> fields = new ArrayList<>();

  protected CoverageEntity() {}

  CoverageEntity(Coverage coverage, CoverageVersion.Change change) {
    set(coverage);
    next(0, change);
  }

  /** Becomes the version after one of that number. */
  final void next(long last, CoverageVersion.Change change) {
    number = last + 1;
    versionName = null;
    made = System.currentTimeMillis();
    cause = change.cause();
    madeBy = change.by();
  }

  CoverageVersion version() {
    return new CoverageVersion(
        number,
        Optional.ofNullable(versionName),
        Instant.ofEpochMilli(made),
        Optional.empty(),
        // Databases may take an empty text for none.
        new CoverageVersion.Change(cause == null ? "" : cause, madeBy == null ? "" : madeBy),
        arrayVersion);
  }

  void versionName(String newName) {
    versionName = newName;
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  /**
   * Takes over all values; axes and fields that stay are changed in place, so that an append
   * touches few rows.
   */
  final void set(Coverage coverage) {
    name = coverage.id();
    crs = coverage.domain().crs();
    metadata = coverage.metadata();
    nativeFormat = coverage.nativeFormat();
    arrayVersion = coverage.arrayVersion();
    DomainSet domain = coverage.domain();
    shrink(axes, domain.dimension());
    for (int i = 0; i < domain.dimension(); i++) {
      if (i == axes.size()) {
        axes.add(new AxisEntity(this, i));
      }
      axes.get(i)
          .set(domain.axes().get(i), domain.crsOrder().indexOf(domain.axes().get(i).label()));
    }
    shrink(fields, coverage.range().size());
    for (int i = 0; i < coverage.range().size(); i++) {
      if (i == fields.size()) {
        fields.add(new FieldEntity(this, i));
      }
      fields.get(i).set(coverage.range().get(i));
    }
  }

  /** Makes rows of long axes, once this one has its id. */
  void storeCoordinates(DomainSet domain, CoordinateRows rows) {
    for (int i = 0; i < axes.size(); i++) {
      axes.get(i).store(id, domain.axes().get(i), rows);
    }
  }

  /** Ids of the rows of coordinates that the axes refer to. */
  List<Long> chunks() {
    return axes.stream().flatMap(a -> CoordinateRows.ids(a.chunks()).stream()).toList();
  }

  /** Those of each axis, in array order; null where there are none. */
  List<String> chunksOfAxes() {
    return axes.stream().map(AxisEntity::chunks).toList();
  }

  private static void shrink(List<?> list, int size) {
    while (list.size() > size) {
      list.removeLast();
    }
  }

  CatalogEntry toEntry(CoordinateRows rows) {
    List<String> crsOrder =
        axes.stream()
            .sorted(Comparator.comparingInt(AxisEntity::crsPosition))
            .map(AxisEntity::label)
            .toList();
    DomainSet domain =
        new DomainSet(crs, axes.stream().map(a -> a.toAxis(rows)).toList(), crsOrder);
    Coverage coverage =
        new Coverage(
            name,
            domain,
            fields.stream().map(FieldEntity::toField).toList(),
            metadata,
            nativeFormat,
            arrayVersion);
    return new CatalogEntry(coverage, revision, number);
  }

  long revision() {
    return revision;
  }
}
