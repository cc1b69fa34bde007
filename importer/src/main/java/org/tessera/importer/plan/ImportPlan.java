package org.tessera.importer.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.model.RangeField;

/**
 * What will be sent.
 *
 * @param coverageId id on the server
 * @param fields of the range type
 * @param metadata of the coverage, XML elements or JSON text, may be empty
 * @param xml whether metadata are XML, else JSON
 * @param mediaType of the files
 * @param slices in the order they are sent
 * @param problems files that are left out and why
 * @param notes what the user should know before it starts
 */
public record ImportPlan(
    String coverageId,
    List<RangeField> fields,
    String metadata,
    boolean xml,
    String mediaType,
    List<Slice> slices,
    Map<InputFile, String> problems,
    List<String> notes) {
  public ImportPlan {
    fields = List.copyOf(fields);
    slices = List.copyOf(slices);
    problems = Collections.unmodifiableMap(new LinkedHashMap<>(problems));
    notes = List.copyOf(notes);
  }

  /** Metadata of one slice alone, for a coverage that is there already; empty if it has none. */
  public String metadata(Slice slice) {
    return CoverageMetadata.of(slice, xml);
  }
}
