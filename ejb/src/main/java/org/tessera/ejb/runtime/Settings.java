package org.tessera.ejb.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.gml.GmlStyle;
import org.tessera.coverage.model.NullRule;
import org.tessera.engine.eval.Limits;

/**
 * The settings of an instance, from {@code DATA/tessera.properties}, read once at start as system
 * properties.
 *
 * @param dataDirectory where the store and temporary files lie
 * @param subsetting how a subset becomes cells
 * @param nulls whose null values hold for a field
 * @param writeFrom addresses that may change coverages
 * @param filesAllowed folders that file references in requests may lie in, absolute; relative ones
 *     in the setting start at the data directory. Not the data directory itself: the catalogue and
 *     its password lie there
 * @param remoteAllowed folders on other machines that references in requests may name, beginnings
 *     of addresses; empty: none
 * @param limits of one request
 * @param writerLimits of one request of somebody who may change coverages
 * @param concurrent large queries that are computed at the same time
 * @param writerConcurrent the same of those who may change coverages, beside the others; 0: all
 *     wait for the same places
 * @param cacheBytes bytes of decoded tiles kept in memory
 * @param statistics whether condensers answer from tile statistics
 * @param threads evaluation threads
 * @param crsBase the resolver in whose terms answers name CRSs, without a slash at the end
 * @param times how GML and capabilities write coordinates on time axes
 * @param gml what GML says of what a request has cut
 * @param publicUrl address of the application as clients see it; empty to take it from each request
 * @param gdalWorkers number of worker processes
 * @param gdalTime time limit of one request to a worker
 * @param gdalMegabytes memory limit of a worker
 * @param warmUp processor time for which the server asks itself after its start; zero for not at
 *     all
 * @param versions how long former versions of coverages are kept
 */
public record Settings(
    Path dataDirectory,
    SubsettingRule subsetting,
    NullRule nulls,
    String writeFrom,
    List<Path> filesAllowed,
    List<String> remoteAllowed,
    Limits limits,
    Limits writerLimits,
    int concurrent,
    int writerConcurrent,
    long cacheBytes,
    boolean statistics,
    int threads,
    String crsBase,
    GmlStyle.Times times,
    GmlStyle.Dialect gml,
    String publicUrl,
    int gdalWorkers,
    Duration gdalTime,
    int gdalMegabytes,
    Duration warmUp,
    Versions versions) {
  /**
   * How long former versions of coverages are kept.
   *
   * @param keep after they were replaced; zero for not at all
   * @param step versions that were current for less than this go an hour after they were replaced,
   *     so that an import of many files leaves one version
   */
  public record Versions(Duration keep, Duration step) {
    /** Whether former versions are kept at all. */
    public boolean any() {
      return !keep.isZero();
    }
  }

  public Settings {
    filesAllowed = List.copyOf(filesAllowed);
    remoteAllowed = List.copyOf(remoteAllowed);
  }

  /** The settings of this process. */
  public static Settings fromSystem() {
    return from(System::getProperty);
  }

  static Settings from(UnaryOperator<String> property) {
    String home =
        text(
            property,
            "tessera.data.dir",
            text(property, "jboss.server.data.dir", text(property, "java.io.tmpdir", "/tmp"))
                + "/tessera");
    int processors = java.lang.Runtime.getRuntime().availableProcessors();
    Limits limits =
        limits(
            property,
            "tessera.limit.",
            new Limits(
                100_000_000_000L,
                4L << 30,
                Duration.ofMinutes(5),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                java.lang.Runtime.getRuntime().maxMemory() / 10 * 6));
    return new Settings(
        Path.of(home).toAbsolutePath(),
        SubsettingRule.valueOf(
            text(property, "tessera.subsetting", "footprint").toUpperCase(Locale.ROOT)),
        NullRule.valueOf(text(property, "tessera.nulls", "band").toUpperCase(Locale.ROOT)),
        text(property, "tessera.write.from", "127.0.0.1,::1"),
        Arrays.stream(text(property, "tessera.files.allowed", "files").split(","))
            .map(String::strip)
            .filter(t -> !t.isEmpty())
            .map(t -> Path.of(home).toAbsolutePath().resolve(t).normalize())
            .toList(),
        remote(text(property, "tessera.remote.allowed", "")),
        limits,
        limits(property, "tessera.limit.writer.", limits),
        (int) number(property, "tessera.limit.concurrent", Math.max(2, processors)),
        (int) number(property, "tessera.limit.writer.concurrent", 0),
        number(property, "tessera.cache.bytes", java.lang.Runtime.getRuntime().maxMemory() / 4),
        Boolean.parseBoolean(text(property, "tessera.statistics", "true")),
        (int) number(property, "tessera.threads", processors),
        text(property, "tessera.crs.base", Crs.DEFAULT_BASE).replaceAll("/+$", ""),
        GmlStyle.Times.valueOf(text(property, "tessera.times", "number").toUpperCase(Locale.ROOT)),
        GmlStyle.Dialect.valueOf(
            text(property, "tessera.gml", "standard").toUpperCase(Locale.ROOT)),
        text(property, "tessera.public.url", "").replaceAll("/+$", ""),
        (int) number(property, "tessera.gdal.workers", 2),
        Duration.ofSeconds(number(property, "tessera.gdal.seconds", 60)),
        (int) number(property, "tessera.gdal.megabytes", 2048),
        Duration.ofSeconds(number(property, "tessera.warmup.seconds", 5)),
        new Versions(
            duration(property, "tessera.versions.keep", "P7D"),
            duration(property, "tessera.versions.step", "PT1M")));
  }

  private static List<String> remote(String text) {
    List<String> folders =
        Arrays.stream(text.split(",")).map(String::strip).filter(t -> !t.isEmpty()).toList();
    for (String f : folders) {
      if (!f.matches("(https?|s3)://[^/@\\s]+(/\\S*)?")) {
        throw new IllegalArgumentException(
            "setting tessera.remote.allowed has '"
                + f
                + "', expected addresses of folders such as https://host/data/ or s3://bucket/data/");
      }
    }
    return folders;
  }

  private static Limits limits(UnaryOperator<String> property, String prefix, Limits absent) {
    return new Limits(
        number(property, prefix + "cells", absent.cells()),
        number(property, prefix + "result.bytes", absent.bytes()),
        Duration.ofSeconds(number(property, prefix + "seconds", absent.time().toSeconds())),
        number(property, prefix + "read.bytes", absent.read()),
        number(property, prefix + "computed.cells", absent.computed()),
        number(property, prefix + "memory.bytes", absent.memory()));
  }

  private static String text(UnaryOperator<String> property, String key, String absent) {
    String value = property.apply(key);
    return value == null ? absent : value.strip();
  }

  private static Duration duration(UnaryOperator<String> property, String key, String absent) {
    String value = text(property, key, absent);
    try {
      Duration duration = Duration.parse(value);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      throw noDuration(key, value, e);
    }
    throw noDuration(key, value, null);
  }

  private static IllegalArgumentException noDuration(String key, String value, Exception cause) {
    return new IllegalArgumentException(
        "setting "
            + key
            + " is '"
            + value
            + "', expected a duration as of ISO 8601 in days, hours, minutes or seconds, such as"
            + " P30D or PT12H",
        cause);
  }

  private static long number(UnaryOperator<String> property, String key, long absent) {
    String value = text(property, key, "");
    try {
      return value.isEmpty() ? absent : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "setting " + key + " is '" + value + "', expected a whole number", e);
    }
  }
}
