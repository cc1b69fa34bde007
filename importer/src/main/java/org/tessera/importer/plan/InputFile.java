package org.tessera.importer.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tessera.coverage.request.SourceLayout;

/**
 * A file to import.
 *
 * @param dataset path or GDAL name, such as {@code /vsigzip//a/b.gz} or {@code NETCDF:"/a/b.nc":v}
 * @param original the path in the ingredients, before hooks replaced it
 * @param ordinal place among all files of the ingredients, imported or not, from 0
 */
public record InputFile(String dataset, Path original, int ordinal) {
  private static final Pattern REMOTE =
      Pattern.compile("(?<![^\":/])/vsi(?:curl/https?://|s3/)[^\"]+");
  private static final Pattern VIRTUAL = Pattern.compile("/vsi(gzip|zip|tar)/(/.*)");

  /**
   * A part of a file by its name in GDAL: drivers with what they want, the file in quotes or not,
   * the part: {@code HDF4_SDS:UNKNOWN:"/a.hdf":10}, {@code NETCDF:/a.nc:v}.
   */
  private static final Pattern QUOTED = Pattern.compile("((?:[A-Z0-9_]+:)+)\"([^\"]+)\"(.*)");

  private static final Pattern ABSOLUTE =
      Pattern.compile("((?:[A-Z0-9_]+:)+)(/[^\"]*?)((?::[^/]*)?)");
  private static final Pattern RELATIVE =
      Pattern.compile("((?:[A-Z0-9_]+:)+)([^/\":][^\":]*[./][^\":]*)((?::.*)?)");

  /** A file that stands first. */
  public InputFile(String dataset, Path original) {
    this(dataset, original, 0);
  }

  /** The name in the dataset that means a file on another machine; empty if it lies on this one. */
  public Optional<String> remote() {
    Matcher m = REMOTE.matcher(dataset);
    return m.find() ? Optional.of(m.group()) : Optional.empty();
  }

  /** The path of the file on disk; of one on another machine something of that name. */
  public Path path() {
    if (remote().isPresent()) {
      return Path.of(remote().get());
    }
    Matcher v = VIRTUAL.matcher(dataset);
    if (v.matches()) {
      return archive(v.group(2));
    }
    String name = subdataset(dataset).map(Subdataset::file).orElse(dataset);
    Matcher inside = VIRTUAL.matcher(name);
    return inside.matches() ? archive(inside.group(2)) : Path.of(name);
  }

  /**
   * The name of a part of a file taken apart; together they are the name.
   *
   * @param before up to the file, with a quote if there is one
   * @param file its path, perhaps relative
   * @param after the rest
   */
  public record Subdataset(String before, String file, String after) {
    /** The name of the same part of another file. */
    public String in(String otherFile) {
      return before + otherFile + after;
    }
  }

  /** Takes the name of a part of a file apart; empty if it is none, such as a plain path. */
  public static Optional<Subdataset> subdataset(String dataset) {
    Matcher q = QUOTED.matcher(dataset);
    if (q.matches()) {
      return Optional.of(new Subdataset(q.group(1) + '"', q.group(2), '"' + q.group(3)));
    }
    return Stream.of(ABSOLUTE, RELATIVE)
        .map(p -> p.matcher(dataset))
        .filter(Matcher::matches)
        .findFirst()
        .map(m -> new Subdataset(m.group(1), m.group(2), m.group(3)));
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
    return dataset.replace(remote().orElse(path().toString()), SourceLayout.FILE);
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
