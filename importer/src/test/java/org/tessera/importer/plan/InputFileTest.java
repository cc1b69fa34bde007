package org.tessera.importer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.format.gdal.RemoteFiles;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "/vsicurl/https://h.org/d/a.tif; https://h.org/d/a.tif; {file}; a.tif",
        "/vsis3/bucket/d/a.tif; s3://bucket/d/a.tif; {file}; a.tif",
        "/vsigzip//vsicurl/http://h.org/a.gz; http://h.org/a.gz; /vsigzip/{file}; a.gz",
        "NETCDF:\"/vsicurl/https://h.org/a.nc\":t; https://h.org/a.nc; NETCDF:\"{file}\":t; a.nc",
      })
  void files_on_other_machines_are_known_by_their_address(
      String dataset, String address, String template, String name) {
    InputFile f = new InputFile(dataset, Path.of("/"));
    assertEquals(address, RemoteFiles.address(f.remote().orElseThrow()).orElseThrow());
    assertEquals(template, f.template());
    assertEquals(name, f.name());
    assertFalse(f.isOneFile());
  }

  @Test
  void a_file_of_this_machine_is_none_of_another_one() {
    assertTrue(new InputFile("/a/vsis3/c/b.tif", Path.of("/")).remote().isEmpty());
    assertTrue(new InputFile("/vsigzip//a/b.gz", Path.of("/")).remote().isEmpty());
  }
}
