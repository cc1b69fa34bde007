package org.tessera.gdal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.gdal.binding.GdalFailure;

/** netCDF classic files that end too early. */
class ClassicNetcdfTest {
  @TempDir Path directory;

  /** A CDF-1 file: x = 3; short v(x), padded from 6 to 8 bytes. */
  private static byte[] small() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write("CDF\001".getBytes(StandardCharsets.ISO_8859_1));
    out.writeInt(0); // records
    out.writeInt(0x0A);
    out.writeInt(1);
    name(out, "x");
    out.writeInt(3);
    out.writeInt(0); // no attributes
    out.writeInt(0);
    out.writeInt(0x0B);
    out.writeInt(1);
    name(out, "v");
    out.writeInt(1); // rank
    out.writeInt(0); // dimension
    out.writeInt(0); // no attributes
    out.writeInt(0);
    out.writeInt(3); // short
    out.writeInt(8);
    out.writeInt(80); // begin
    while (bytes.size() < 80) {
      out.write(0);
    }
    out.write(new byte[] {0, 1, 0, 2, 0, 3, 0, 0});
    return bytes.toByteArray();
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    out.writeInt(name.length());
    out.write((name + "\0\0\0").substring(0, 4).getBytes(StandardCharsets.ISO_8859_1));
  }

  private String file(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(directory, "t", ".nc"), bytes).toString();
  }

  @Test
  void wholeFilesPass() throws IOException {
    ClassicNetcdf.requireWhole(file(small()));
    ClassicNetcdf.requireWhole(file(Arrays.copyOf(small(), 86)));
  }

  @Test
  void otherFilesPass() throws IOException {
    ClassicNetcdf.requireWhole(file("no netCDF".getBytes(StandardCharsets.UTF_8)));
    ClassicNetcdf.requireWhole(file(new byte[0]));
    ClassicNetcdf.requireWhole(directory.toString());
    ClassicNetcdf.requireWhole("/no/such/file");
  }

  @Test
  void missingCellsAreFound() throws IOException {
    String cut = file(Arrays.copyOf(small(), 82));
    GdalFailure e = assertThrows(GdalFailure.class, () -> ClassicNetcdf.requireWhole(cut));
    assertEquals("the file is truncated: its header says 86 bytes, it has 82", e.getMessage());
  }

  @Test
  void aCutHeaderIsFound() throws IOException {
    for (int length = 4; length < 70; length += 6) {
      String cut = file(Arrays.copyOf(small(), length));
      GdalFailure e = assertThrows(GdalFailure.class, () -> ClassicNetcdf.requireWhole(cut));
      assertEquals("the file is truncated: it ends in its header", e.getMessage());
    }
  }
}
