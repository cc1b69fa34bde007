package org.tessera.importer.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.tessera.importer.problem.ImportException;

/**
 * What a file was like when it was looked at.
 *
 * @param size in bytes, -1 for what is no file of this machine
 * @param modified milliseconds since 1970; of a folder the latest in it
 * @param checksum CRC-32C of the content in hexadecimal, of a folder of its names, sizes and times;
 *     empty if not computed
 */
record FileStamp(long size, long modified, String checksum) {
  private static final int BUFFER = 1 << 20;

  /** Size and time only. */
  static FileStamp quick(Path path) {
    try {
      BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
      return a.isDirectory()
          ? folder(path)
          : new FileStamp(a.size(), a.lastModifiedTime().toMillis(), "");
    } catch (NoSuchFileException e) {
      return new FileStamp(-1, 0, "");
    } catch (IOException e) {
      throw new ImportException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** With the checksum. */
  static FileStamp full(Path path) {
    FileStamp quick = quick(path);
    if (quick.size < 0 || !quick.checksum.isEmpty()) {
      return quick;
    }
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, quick.size))];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new ImportException(path + " cannot be read: " + e.getMessage(), e);
    }
    return new FileStamp(quick.size, quick.modified, Long.toHexString(crc.getValue()));
  }

  private static FileStamp folder(Path path) throws IOException {
    CRC32C crc = new CRC32C();
    long size = 0;
    long modified = 0;
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      for (Path f : files) {
        BasicFileAttributes a = Files.readAttributes(f, BasicFileAttributes.class);
        size += a.size();
        modified = Math.max(modified, a.lastModifiedTime().toMillis());
        String line = path.relativize(f) + " " + a.size() + " " + a.lastModifiedTime() + "\n";
        crc.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return new FileStamp(size, modified, Long.toHexString(crc.getValue()));
  }

  boolean looksLike(FileStamp other) {
    return size == other.size && modified == other.modified;
  }
}
