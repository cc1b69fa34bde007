package org.tessera.importer.recipe;

import java.nio.file.Path;
import java.util.List;
import org.tessera.importer.source.RasterFile;

/** The files of an import, for a recipe to look at. */
public interface RecipeFiles {
  /** The folder of the ingredients file; relative paths in it start there. */
  Path folder();

  /** What {@code input.paths} matches, absolute, in order. May be folders, such as SAFE ones. */
  List<Path> paths();

  /**
   * A file as an image.
   *
   * @param dataset absolute path or GDAL name
   * @throws org.tessera.importer.problem.ImportException if GDAL cannot open it as such
   */
  RasterFile raster(String dataset);

  /**
   * A file as the image on a regular grid that GDAL suggests for it in another CRS.
   *
   * @param dataset absolute path or GDAL name
   * @param epsg code of the CRS
   * @throws org.tessera.importer.problem.ImportException if that cannot be made of it
   */
  RasterFile reprojected(String dataset, int epsg);
}
