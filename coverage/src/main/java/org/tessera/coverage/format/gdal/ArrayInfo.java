package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Optional;

/**
 * An n-dimensional array (a netCDF variable) of a file.
 *
 * @param path its full name, from the root group on: {@code /temperature}
 * @param type the packed cell type; null for texts and for compound types
 * @param isText whether its cells are texts
 * @param dimensions slowest first; empty for a scalar
 * @param attributes all of them, {@code _FillValue}, {@code scale_factor} and such included where
 *     the driver shows them
 * @param unit empty for none
 * @param noData the packed nodata value, {@link Long} for 64-bit integers and {@link Double} else;
 *     null for none
 * @param scale physical value = packed * scale + offset; null if the file says nothing
 * @param offset see {@code scale}
 * @param coordinates full names of auxiliary coordinate arrays (CF {@code coordinates})
 * @param block the natural block to read, an extent for each dimension; 0 or empty if unknown
 * @param crs null for none
 */
public record ArrayInfo(
    String name,
    String path,
    GdalType type,
    boolean isText,
    List<DimensionInfo> dimensions,
    List<Attribute> attributes,
    String unit,
    Number noData,
    Double scale,
    Double offset,
    List<String> coordinates,
    List<Long> block,
    CrsInfo crs) {
  public ArrayInfo {
    dimensions = List.copyOf(dimensions);
    attributes = List.copyOf(attributes);
    coordinates = List.copyOf(coordinates);
    block = List.copyOf(block);
  }

  /** The attribute of this name. */
  public Optional<Attribute> attribute(String wanted) {
    return attributes.stream().filter(attribute -> attribute.name().equals(wanted)).findFirst();
  }

  /** The extents, slowest dimension first. */
  public long[] shape() {
    return dimensions.stream().mapToLong(DimensionInfo::size).toArray();
  }
}
