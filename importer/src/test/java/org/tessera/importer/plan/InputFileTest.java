package org.tessera.importer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFileTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/d/a.tif | /d/a.tif | {file}",
        "NETCDF:\"/d/a.nc\":t | /d/a.nc | NETCDF:\"{file}\":t",
        "NETCDF:/d/a.nc:t | /d/a.nc | NETCDF:{file}:t",
        "HDF4_SDS:UNKNOWN:\"/d/a.hdf\":10 | /d/a.hdf | HDF4_SDS:UNKNOWN:\"{file}\":10",
        "HDF4_SDS:UNKNOWN:/d/a.hdf:10 | /d/a.hdf | HDF4_SDS:UNKNOWN:{file}:10",
        "HDF5:\"/d/a.h5\"://g/v | /d/a.h5 | HDF5:\"{file}\"://g/v",
        "HDF4_EOS:EOS_SWATH:\"/d/a b.hdf\":s:f | /d/a b.hdf | HDF4_EOS:EOS_SWATH:\"{file}\":s:f",
        "GTIFF_DIR:2:/d/a.tif | /d/a.tif | GTIFF_DIR:2:{file}",
        "NETCDF:\"a.nc\":t | a.nc | NETCDF:\"{file}\":t",
        "NETCDF:d/a.nc:t | d/a.nc | NETCDF:{file}:t",
      })
  void the_file_of_a_part_of_a_file(String dataset, String path, String template) {
    InputFile f = new InputFile(dataset, Path.of("/"));
    assertEquals(Path.of(path), f.path());
    assertEquals(template, f.template());
  }
}
