package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.importer.expression.Value;
import org.tessera.importer.source.RasterFile;

/**
 * One message of a GRIB file, as GDAL shows it: a band with metadata. The keys are called as in
 * ecCodes; their values are made of GDAL's metadata, and those that these do not tell are ecCodes'.
 *
 * @param number from 1, also the number of the band
 */
record GribMessage(int number, Map<String, Value> keys) {
  private static final Pattern LEVEL = Pattern.compile("(-?[0-9.]+)(?:-[0-9.]+)?-([A-Z0-9]+)");

  static List<GribMessage> all(RasterFile raster) {
    List<GribMessage> out = new ArrayList<>();
    for (int i = 0; i < raster.bands().size(); i++) {
      out.add(new GribMessage(i + 1, keys(raster, raster.bands().get(i), i + 1)));
    }
    return out;
  }

  Value value(String key) {
    Value v = keys.get(key);
    if (v == null) {
      throw new IllegalArgumentException(
          "the message has no key '" + key + "'; it has " + String.join(", ", keys.keySet()));
    }
    return v;
  }

  /** As an error names it: {@code message 3 (t, level 500, step 0)}. */
  String text() {
    StringBuilder out = new StringBuilder("message " + number + " (");
    out.append(value("shortName").asText()).append(", level ").append(value("level").asText());
    Value step = keys.get("stepRange");
    if (step != null) {
      out.append(", step ").append(step.asText());
    }
    return out.append(')').toString();
  }

  private static Map<String, Value> keys(RasterFile r, RasterFile.Band band, int number) {
    Map<String, Value> k = new TreeMap<>();
    Map<String, String> codes = new TreeMap<>();
    band.metadata()
        .forEach(
            (key, v) -> {
              if (key.startsWith(RasterFile.GRIB_KEY)) {
                codes.put(key.substring(RasterFile.GRIB_KEY.length()), v);
              } else {
                k.put(key, Value.of(v));
              }
            });
    k.put("messagenumber", Value.of(number));
    BigDecimal halfX = r.transform(1).divide(BigDecimal.valueOf(2));
    BigDecimal halfY = r.transform(5).divide(BigDecimal.valueOf(2));
    BigDecimal x0 = r.transform(0).add(halfX);
    BigDecimal y0 = r.transform(3).add(halfY);
    k.put("longitudeOfFirstGridPointInDegrees", Value.of(x0));
    k.put(
        "longitudeOfLastGridPointInDegrees",
        Value.of(x0.add(r.transform(1).multiply(BigDecimal.valueOf(r.width() - 1L)))));
    k.put("latitudeOfFirstGridPointInDegrees", Value.of(y0));
    k.put(
        "latitudeOfLastGridPointInDegrees",
        Value.of(y0.add(r.transform(5).multiply(BigDecimal.valueOf(r.height() - 1L)))));
    k.put("iDirectionIncrementInDegrees", Value.of(r.transform(1).abs()));
    k.put("jDirectionIncrementInDegrees", Value.of(r.transform(5).abs()));
    // GDAL hands out images north first whatever the scanning mode is.
    k.put("jScansPositively", Value.of(0));
    k.put("iScansNegatively", Value.of(0));
    k.put("Ni", Value.of(r.width()));
    k.put("Nj", Value.of(r.height()));
    String element = band.metadata().getOrDefault("GRIB_ELEMENT", "");
    k.put("shortName", Value.of(element.toLowerCase(Locale.ROOT)));
    k.put("name", Value.of(band.metadata().getOrDefault("GRIB_COMMENT", "")));
    k.put("parameterName", Value.of(band.metadata().getOrDefault("GRIB_COMMENT", "")));
    k.put(
        "units",
        Value.of(band.metadata().getOrDefault("GRIB_UNIT", "").replaceAll("[\\[\\]]", "")));
    level(band, k);
    time("GRIB_REF_TIME", "dataDate", "dataTime", band, k);
    time("GRIB_VALID_TIME", "validityDate", "validityTime", band, k);
    String forecast =
        band.metadata().getOrDefault("GRIB_FORECAST_SECONDS", "0").replaceAll("[^0-9-]", "");
    if (!forecast.isEmpty()) {
      k.put("stepRange", Value.of(Long.parseLong(forecast) / 3600));
      k.put("forecastTime", Value.of(Long.parseLong(forecast) / 3600));
    }
    String ids = band.metadata().getOrDefault("GRIB_IDS", "");
    Matcher centre = Pattern.compile("CENTER=(\\d+)\\(([^)]*)\\)").matcher(ids);
    k.put("centreDescription", Value.of(centre.find() ? centre.group(2) : ""));
    codes.forEach((key, v) -> k.putIfAbsent(key, number(v)));
    k.putIfAbsent("centre", k.get("centreDescription"));
    k.putIfAbsent("shapeOfTheEarth", Value.of(6));
    // Where ecCodes has read the message, its keys are what they are called.
    if (r.regrid().isPresent()) {
      band.metadata().forEach((key, v) -> k.put(key, number(v)));
    }
    return k;
  }

  private static Value number(String text) {
    return text.matches("-?\\d{1,15}") ? Value.of(Long.parseLong(text)) : Value.of(text);
  }

  /**
   * GDAL writes 50000-ISBL for 500 hPa in GRIB 2 and 500-ISBL in GRIB 1; ecCodes counts pressure
   * levels in hPa.
   */
  private static void level(RasterFile.Band band, Map<String, Value> k) {
    Matcher m = LEVEL.matcher(band.metadata().getOrDefault("GRIB_SHORT_NAME", ""));
    if (m.matches()) {
      BigDecimal n = new BigDecimal(m.group(1));
      boolean pressure = m.group(2).equals("ISBL");
      boolean pascal = pressure && !band.description().contains("[hPa]");
      k.put("level", Value.of(pascal ? n.movePointLeft(2) : n));
      k.put("typeOfLevel", Value.of(pressure ? "isobaricInhPa" : m.group(2)));
      k.put("unitsOfFirstFixedSurface", Value.of(pressure ? "Pa" : "m"));
    } else {
      k.put("level", Value.of(0));
      k.put("typeOfLevel", Value.of("surface"));
      k.put("unitsOfFirstFixedSurface", Value.of("unknown"));
    }
  }

  private static void time(
      String key, String date, String clock, RasterFile.Band band, Map<String, Value> k) {
    String seconds = band.metadata().getOrDefault(key, "").replaceAll("[^0-9-]", "");
    if (!seconds.isEmpty()) {
      LocalDateTime t = LocalDateTime.ofEpochSecond(Long.parseLong(seconds), 0, ZoneOffset.UTC);
      k.put(date, Value.of(t.getYear() * 10_000L + t.getMonthValue() * 100L + t.getDayOfMonth()));
      k.put(clock, Value.of(t.getHour() * 100L + t.getMinute()));
    }
  }
}
