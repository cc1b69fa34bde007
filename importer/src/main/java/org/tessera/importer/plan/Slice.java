package org.tessera.importer.plan;

import java.util.List;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.request.SourceLayout;

/**
 * The part of a coverage that one file (or a message of one) fills.
 *
 * @param domain its place; grid indices count from 0 in the slice, the coordinates tell where it
 *     lies
 * @param layout how the file is read
 * @param place of each axis in CRS order, lowest and highest coordinate as people read them
 * @param local metadata of this slice, in order
 */
public record Slice(
    InputFile file,
    DomainSet domain,
    SourceLayout layout,
    List<String[]> place,
    java.util.Map<String, Object> local) {}
