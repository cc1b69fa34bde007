package org.tessera.importer.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.request.SourceLayout;

/**
 * A file to import.
 *
 * @param dataset path or GDAL name, such as {@code /vsigzip//a/b.gz} or {@code NETCDF:"/a/b.nc":v}
 * @param original the path in the ingredients, before hooks replaced it
 * @param ordinal place among all files of the ingredients, imported or not, from 0
 */
public record InputFile(String dataset, Path original, int ordinal) {
  private static final Pattern VIRTUAL = Pattern.compile("/vsi(gzip|zip|tar)/(/.*)");
  private static final Pattern SUBDATASET =
      Pattern.compile("([A-Z0-9_]+):(\"?)(/[^\"]*?)\\2((?::[^/]*)?)");

  /** A file that stands first. */
  public InputFile(String dataset, Path original) {
    this(dataset, original, 0);
  }

  /** The path of the file on disk. */
  public Path path() {
    Matcher v = VIRTUAL.matcher(dataset);
    if (v.matches()) {
      return archive(v.group(2));
    }
    Matcher s = SUBDATASET.matcher(dataset);
    String name = s.matches() ? s.group(3) : dataset;
    Matcher inside = VIRTUAL.matcher(name);
    return inside.matches() ? archive(inside.group(2)) : Path.of(name);
  }

  /** Of the name of a part of an archive the archive: the longest beginning that is a file. */
  private static Path archive(String name) {
    for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
      Path candidate = Path.of(name.substring(0, end));
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    return Path.of(name);
  }

  /** Whether one file is all of it, so that it can be sent to a server that does not read it. */
  public boolean isOneFile() {
    boolean product = dataset.startsWith("SENTINEL2_") && !dataset.contains("/vsi");
    return !product && Files.isRegularFile(path());
  }

  /** The dataset with the path replaced by the placeholder of {@link SourceLayout}. */
  String template() {
    return dataset.replace(path().toString(), SourceLayout.FILE);
  }

  String name() {
    Path p = path().getFileName();
    return p == null ? dataset : p.toString();
  }

  @Override
  public String toString() {
    return dataset;
  }
}
