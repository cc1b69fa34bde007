package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A group of a multidimensional file; the root group has the path {@code /}.
 *
 * @param dimensions those defined in this group itself
 */
public record GroupInfo(
    String name,
    String path,
    List<Attribute> attributes,
    List<DimensionInfo> dimensions,
    List<ArrayInfo> arrays,
    List<GroupInfo> groups) {
  public GroupInfo {
    attributes = List.copyOf(attributes);
    dimensions = List.copyOf(dimensions);
    arrays = List.copyOf(arrays);
    groups = List.copyOf(groups);
  }

  /** All arrays of this group and the groups in it. */
  public Stream<ArrayInfo> allArrays() {
    return Stream.concat(arrays.stream(), groups.stream().flatMap(GroupInfo::allArrays));
  }

  /** The array of this name or full name, in this group or one in it. */
  public Optional<ArrayInfo> array(String nameOrPath) {
    return allArrays()
        .filter(array -> array.path().equals(nameOrPath) || array.name().equals(nameOrPath))
        .findFirst();
  }

  /** The attribute of this name. */
  public Optional<Attribute> attribute(String wanted) {
    return attributes.stream().filter(attribute -> attribute.name().equals(wanted)).findFirst();
  }
}
