package org.tessera.importer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.source.Packing;

/**
 * A slice before all slices are brought into line.
 *
 * @param axes in CRS order
 * @param defaultOrder the same in grid order, as far as the ingredients do not say otherwise
 * @param bands numbers or names in the file
 * @param fields the range type as this file has it
 */
record PlannedSlice(
    InputFile file,
    FileVariables variables,
    PlanCrs crs,
    List<PlannedAxis> axes,
    List<PlannedAxis> defaultOrder,
    SourceLayout.Reader reader,
    int overview,
    List<String> bands,
    List<RangeField> fields) {

  /** How the values of a field are packed in the file. */
  Optional<Packing> packing(int field) {
    String band = bands.get(field);
    return reader == SourceLayout.Reader.ARRAYS
        ? variables.arrays().variables().get(band).packing()
        : variables.raster().bands().get(Integer.parseInt(band) - 1).packing();
  }

  /** The same with another axis at a place of the CRS order. */
  PlannedSlice with(int place, PlannedAxis axis) {
    List<PlannedAxis> all = new ArrayList<>(axes);
    all.set(place, axis);
    return withAxes(all);
  }

  PlannedSlice withAxes(List<PlannedAxis> newAxes) {
    List<PlannedAxis> order =
        defaultOrder.stream()
            .map(
                old ->
                    newAxes.stream()
                        .filter(n -> n.axis().label().equals(old.axis().label()))
                        .findFirst()
                        .orElseThrow())
            .toList();
    return new PlannedSlice(file, variables, crs, newAxes, order, reader, overview, bands, fields);
  }

  PlannedSlice withFields(List<RangeField> newFields) {
    return new PlannedSlice(
        file, variables, crs, axes, defaultOrder, reader, overview, bands, newFields);
  }
}
