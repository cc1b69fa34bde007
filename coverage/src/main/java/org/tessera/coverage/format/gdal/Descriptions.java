package org.tessera.coverage.format.gdal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns a worker's answers into the records that describe files. */
final class Descriptions {
  private Descriptions() {}

  static RasterInfo raster(Answer answer) {
    return new RasterInfo(
        answer.text("driver"),
        answer.int32("width"),
        answer.int32("height"),
        answer.parts("bands").stream().map(Descriptions::band).toList(),
        crs(answer.partOrNull("crs")),
        GeoTransform.of(answer.realsOrNull("geoTransform")),
        answer.int32("gcpCount"),
        crs(answer.partOrNull("gcpCrs")),
        answer.textMaps("metadata"),
        answer.texts("files"));
  }

  private static BandInfo band(Answer answer) {
    long[] block = answer.integers("block");
    long[] overviews = answer.integers("overviews");
    List<BandInfo.Size> sizes = new ArrayList<>();
    for (int i = 0; i < overviews.length; i += 2) {
      sizes.add(new BandInfo.Size((int) overviews[i], (int) overviews[i + 1]));
    }
    return new BandInfo(
        GdalType.valueOf(answer.text("type")),
        answer.numberOrNull("noData"),
        answer.textOrEmpty("color"),
        palette(answer.integers("palette")),
        answer.realOrNull("scale"),
        answer.realOrNull("offset"),
        answer.textOrEmpty("description"),
        answer.textOrEmpty("unit"),
        answer.textMaps("metadata"),
        answer.int32("maskFlags"),
        (int) block[0],
        (int) block[1],
        sizes);
  }

  static RasterLayout layout(Answer answer) {
    return new RasterLayout(
        answer.int32("width"),
        answer.int32("height"),
        answer.parts("bands").stream().map(Descriptions::bandLayout).toList());
  }

  private static RasterLayout.Band bandLayout(Answer answer) {
    long[] block = answer.integers("block");
    return new RasterLayout.Band(
        GdalType.valueOf(answer.text("type")),
        answer.numberOrNull("noData"),
        answer.realOrNull("scale"),
        answer.realOrNull("offset"),
        (int) block[0],
        (int) block[1]);
  }

  private static List<Integer> palette(long[] rgba) {
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < rgba.length; i += 4) {
      result.add(
          (int)
              ((rgba[i + 3] & 255) << 24
                  | (rgba[i] & 255) << 16
                  | (rgba[i + 1] & 255) << 8
                  | (rgba[i + 2] & 255)));
    }
    return result;
  }

  private static CrsInfo crs(Answer answer) {
    return answer == null
        ? null
        : new CrsInfo(
            answer.textOrNull("wkt"),
            answer.textOrNull("wkt1"),
            answer.textOrEmpty("name"),
            answer.textOrNull("authority"),
            answer.textOrNull("code"),
            answer.flag("geographic"),
            Arrays.stream(answer.integers("axisMapping")).mapToObj(axis -> (int) axis).toList());
  }

  static ArrayFileInfo arrays(Answer answer) {
    return new ArrayFileInfo(answer.text("driver"), group(answer.partOrNull("root")));
  }

  private static GroupInfo group(Answer answer) {
    return new GroupInfo(
        answer.textOrEmpty("name"),
        answer.textOrEmpty("path"),
        answer.parts("attributes").stream().map(Descriptions::attribute).toList(),
        answer.parts("dimensions").stream().map(Descriptions::dimension).toList(),
        answer.parts("arrays").stream().map(Descriptions::array).toList(),
        answer.parts("groups").stream().map(Descriptions::group).toList());
  }

  private static ArrayInfo array(Answer answer) {
    String type = answer.text("type");
    boolean isText = type.equals("TEXT");
    return new ArrayInfo(
        answer.text("name"),
        answer.text("path"),
        isText || type.equals("COMPOUND") ? null : GdalType.valueOf(type),
        isText,
        answer.parts("dimensions").stream().map(Descriptions::dimension).toList(),
        answer.parts("attributes").stream().map(Descriptions::attribute).toList(),
        answer.textOrEmpty("unit"),
        answer.numberOrNull("noData"),
        answer.realOrNull("scale"),
        answer.realOrNull("offset"),
        answer.texts("coordinates"),
        Arrays.stream(answer.integers("block")).boxed().toList(),
        crs(answer.partOrNull("crs")));
  }

  private static DimensionInfo dimension(Answer answer) {
    return new DimensionInfo(
        answer.text("name"),
        answer.textOrEmpty("path"),
        answer.integer("size"),
        answer.textOrEmpty("type"),
        answer.textOrEmpty("direction"),
        answer.textOrNull("coordinates"));
  }

  private static Attribute attribute(Answer answer) {
    String name = answer.text("name");
    return switch (answer.value("values")) {
      case long[] numbers ->
          new Attribute(
              name,
              new Attribute.Numbers(
                  GdalType.valueOf(answer.text("type")),
                  Arrays.stream(numbers).<Number>mapToObj(number -> number).toList()));
      case double[] numbers ->
          new Attribute(
              name,
              new Attribute.Numbers(
                  GdalType.valueOf(answer.text("type")),
                  Arrays.stream(numbers).<Number>mapToObj(number -> number).toList()));
      case null, default -> new Attribute(name, new Attribute.Texts(answer.texts("values")));
    };
  }

  static DriverInfo driver(Answer answer) {
    return new DriverInfo(
        answer.text("name"),
        answer.textOrEmpty("title"),
        answer.has("extensions")
            ? Arrays.stream(answer.text("extensions").split(" ", -1))
                .filter(text -> !text.isEmpty())
                .toList()
            : List.of(),
        answer.textOrNull("mediaType"),
        answer.flag("create") || answer.flag("createCopy"),
        answer.flag("multidimensional"));
  }
}
