package org.tessera.ejb.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapsId;
import jakarta.persistence.Table;
import java.util.List;
import java.util.stream.Collectors;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.CellType;

@SuppressWarnings("UnusedVariable") // JPA reads the key and the owner
@Entity(name = "Field")
@Table(name = "coverage_field")
class FieldEntity {
  @EmbeddedId private PartKey key;

  @MapsId("coverage")
  @ManyToOne
  @JoinColumn(name = "coverage_id")
  private CoverageEntity coverage;

  private String name;

  @Column(name = "cell_type")
  private String cellType;

  @Lob private String label;
  @Lob private String description;
  @Lob private String definition;
  private String uom;
  @Lob private String nils;

  protected FieldEntity() {}

  FieldEntity(CoverageEntity coverage, int position) {
    this.coverage = coverage;
    this.key = new PartKey(position);
  }

  final void set(RangeField field) {
    name = field.name();
    cellType = field.type().name();
    label = field.label();
    description = field.description();
    definition = field.definition();
    uom = field.uom();
    nils =
        field.nils().stream()
            .map(n -> n.text() + "\t" + n.reason().replaceAll("\\s+", " "))
            .collect(Collectors.joining("\n"));
  }

  RangeField toField() {
    return new RangeField(
        name, CellType.valueOf(cellType), label, description, definition, uom, nils());
  }

  private List<NilValue> nils() {
    return nils.lines()
        .map(
            line -> {
              int tab = line.indexOf('\t');
              return new NilValue(line.substring(0, tab), line.substring(tab + 1));
            })
        .toList();
  }
}
