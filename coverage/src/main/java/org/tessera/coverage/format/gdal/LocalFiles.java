package org.tessera.coverage.format.gdal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The policy for local files. */
final class LocalFiles implements PathPolicy {
  /**
   * Names of parts of files, {@code PREFIX:"path":part}, {@code PREFIX:path:part} or {@code
   * PREFIX:KIND:path:part}.
   */
  private static final Pattern PART =
      Pattern.compile(
          "([A-Z][A-Z0-9_]*):(?:(?:UNKNOWN|MODIS_L1B|SEAWIFS_L1A|SEAWIFS_L3|GDAL_HDF4|EOS_SWATH|EOS_SWATH_GEOL|EOS_GRID|off|[0-9]+):)?(?:\"([^\"]+)\"|([^\":]+))(?::.*)?",
          Pattern.DOTALL);

  private static final Set<String> PART_PREFIXES =
      Set.of(
          "NETCDF",
          "HDF5",
          "HDF4_SDS",
          "HDF4_EOS",
          "HDF4_GR",
          "GTIFF_DIR",
          "GTIFF_RAW",
          "ZARR",
          "BAG",
          "NITF_IM",
          "SENTINEL1_CALIB",
          "SENTINEL2_L1B",
          "SENTINEL2_L1C",
          "SENTINEL2_L1C_TILE",
          "SENTINEL2_L2A");

  private static final Pattern ARCHIVE = Pattern.compile("/vsi(gzip|zip|tar)/(.*)", Pattern.DOTALL);

  private final List<Path> roots;
  private final List<String> remote;

  /**
   * @param remote folders of remote files; empty: none of these
   */
  LocalFiles(List<Path> roots, List<String> remote) {
    this.roots = List.copyOf(roots);
    this.remote = List.copyOf(remote);
  }

  @Override
  public List<Path> roots() {
    return roots.contains(Path.of("/")) ? List.of() : roots;
  }

  @Override
  public Optional<String> refusal(String name) {
    if (name.chars().anyMatch(c -> c < ' ')) {
      return Optional.of("a file name has no control characters");
    }
    Matcher part = PART.matcher(name);
    if (part.matches() && PART_PREFIXES.contains(part.group(1))) {
      return file(part.group(2) != null ? part.group(2) : part.group(3));
    }
    return file(name);
  }

  private Optional<String> file(String name) {
    Optional<String> address = RemoteFiles.address(name);
    if (address.isPresent()) {
      return RemoteFiles.within(address.get(), remote)
          ? Optional.empty()
          : Optional.of("remote files are not allowed here, or not from this place");
    }
    Matcher archive = ARCHIVE.matcher(name);
    if (archive.matches()) {
      return archive.group(1).equals("gzip") ? file(archive.group(2)) : inArchive(archive.group(2));
    }
    if (name.startsWith("/vsi") || !name.startsWith("/")) {
      return Optional.of("only absolute paths of files are allowed");
    }
    return plain(name);
  }

  /** The archive is the longest part of the name that is a file. */
  private Optional<String> inArchive(String name) {
    if (ARCHIVE.matcher(name).matches() || RemoteFiles.address(name).isPresent()) {
      return file(name);
    }
    for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
      String candidate = name.substring(0, end);
      if (candidate.startsWith("/") && !candidate.startsWith("/vsi") && isFile(candidate)) {
        return plain(candidate);
      }
    }
    return Optional.of("there is no such archive");
  }

  private static boolean isFile(String name) {
    try {
      return Files.isRegularFile(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private Optional<String> plain(String name) {
    Path real;
    try {
      real = Path.of(name).toRealPath();
    } catch (InvalidPathException e) {
      return Optional.of("that is no path");
    } catch (IOException e) {
      return Optional.of("there is no such file");
    }
    if (!Files.isRegularFile(real) && !Files.isDirectory(real)) {
      return Optional.of("that is neither a file nor a directory");
    }
    Path resolved = real;
    if (roots.stream().anyMatch(root -> isUnder(resolved, root))) {
      return Optional.empty();
    }
    return Optional.of("the file lies outside the directories that may be read");
  }

  /** A root that does not exist holds no files. */
  private static boolean isUnder(Path real, Path root) {
    try {
      return real.startsWith(root.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
