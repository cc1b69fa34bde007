package org.tessera.it;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small coverages in one line of text, as {@code updates.case} describes them, sent as GML. */
final class Cubes {
  private static final String DEF = "http://www.opengis.net/def/";

  private Cubes() {}

  static HttpResponse<byte[]> insert(TesseraServer server, String line)
      throws IOException, InterruptedException {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("request", "InsertCoverage");
    String[] parts = split(line, keys);
    keys.put("coverage", gml(parts[0], parts[1], parts[2]));
    return send(server, keys);
  }

  static HttpResponse<byte[]> update(TesseraServer server, String line)
      throws IOException, InterruptedException {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("request", "UpdateCoverage");
    String[] parts = split(line, keys);
    keys.put("coverageId", parts[0]);
    keys.put("coverage", gml("part", parts[1], parts[2]));
    String mask = keys.remove("mask");
    if (mask != null) {
      String axes = parts[1].replaceAll("fields=\\S+", "").strip();
      int n = mask.split(" ", -1).length;
      // A mask with another number of cells than its axis says would be refused for that alone.
      String grid = axes.replaceAll("^i=0\\.\\.\\d+$", "i=0.." + (n - 1));
      keys.put("maskGrid", gml("mask", grid, mask));
    }
    return send(server, keys);
  }

  /**
   * A transaction in XML: its name, then elements; the text of one may be {@code @ID AXES : CELLS}.
   */
  static HttpResponse<byte[]> xml(TesseraServer server, String line)
      throws IOException, InterruptedException {
    String[] parts = line.split(" \\| ", -1);
    StringBuilder body = new StringBuilder("<wcs:" + parts[0]);
    body.append(" xmlns:wcs=\"http://www.opengis.net/wcs/2.0\" service=\"WCS\" version=\"2.0.1\">");
    for (int i = 1; i < parts.length; i++) {
      int eq = parts[i].indexOf('=');
      String name = parts[i].substring(0, eq);
      String value = parts[i].substring(eq + 1);
      if (value.startsWith("@")) {
        String[] cube = split(value.substring(1), new LinkedHashMap<>());
        value = gml(cube[0], cube[1], cube[2]);
      }
      body.append("<wcs:" + name + ">" + value + "</wcs:" + name + ">");
    }
    return server.post("text/xml", body + "</wcs:" + parts[0] + ">");
  }

  /**
   * The document of a coverage whose cells are those of a file.
   *
   * @param description fields and axes, as in a line
   * @param file reference of the file: {@code file:///path}, or {@code cid:file} for the part of
   *     that name
   */
  static String gmlOfFile(String id, String description, String file) {
    return gml(id, description, "")
        .replaceFirst(
            "<gml:DataBlock>.*</gml:DataBlock>",
            "<gml:File><gml:rangeParameters/><gml:fileReference>"
                + file
                + "</gml:fileReference><gml:fileStructure/></gml:File>");
  }

  /** Id, fields and axes, cells; what follows goes into the keys. */
  private static String[] split(String line, Map<String, String> keys) {
    String[] parts = line.split(" \\| ", -1);
    for (int i = 1; i < parts.length; i++) {
      int eq = parts[i].indexOf('=');
      keys.put(parts[i].substring(0, eq).strip(), parts[i].substring(eq + 1).strip());
    }
    int colon = parts[0].indexOf(" : ");
    String head = parts[0].substring(0, colon);
    int blank = head.indexOf(' ');
    return new String[] {
      head.substring(0, blank), head.substring(blank + 1), parts[0].substring(colon + 3).strip()
    };
  }

  private static HttpResponse<byte[]> send(TesseraServer server, Map<String, String> keys)
      throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder("service=WCS&version=2.0.1");
    keys.forEach(
        (key, value) ->
            body.append('&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return server.post("application/x-www-form-urlencoded", body.toString());
  }

  private static String gml(String id, String description, String cells) {
    List<String> labels = new ArrayList<>();
    List<String> crs = new ArrayList<>();
    List<String> low = new ArrayList<>();
    List<String> high = new ArrayList<>();
    List<String> origin = new ArrayList<>();
    List<String> upper = new ArrayList<>();
    List<String> steps = new ArrayList<>();
    List<String> coefficients = new ArrayList<>();
    String fields = "v:unsignedByte";
    String metadata = "";
    for (String token : description.split(" +", -1)) {
      String label = token.substring(0, token.indexOf('='));
      String value = token.substring(token.indexOf('=') + 1);
      if (label.equals("slice")) {
        metadata = slice(value);
        continue;
      }
      if (label.equals("fields")) {
        fields = value;
        continue;
      }
      labels.add(label);
      int dots = value.indexOf("..");
      int slash = value.indexOf('/');
      if (dots < 0) {
        crs.add(DEF + "crs/OGC/0/AnsiDate?axis-label=\"" + label + "\"");
        String[] points = value.split(",", -1);
        low.add("0");
        high.add(Integer.toString(points.length - 1));
        origin.add("\"" + points[0] + "\"");
        upper.add("\"" + points[points.length - 1] + "\"");
        steps.add("1");
        coefficients.add("\"" + String.join("\" \"", points) + "\"");
      } else if (slash < 0) {
        crs.add(DEF + "crs/OGC/0/Index1D?axis-label=\"" + label + "\"");
        low.add(value.substring(0, dots));
        high.add(value.substring(dots + 2));
        origin.add(value.substring(0, dots));
        upper.add(value.substring(dots + 2));
        steps.add("1");
        coefficients.add("");
      } else {
        if (label.equals("Lat")) {
          crs.add(DEF + "crs/EPSG/0/4326");
        }
        double first = Double.parseDouble(value.substring(0, dots));
        double last = Double.parseDouble(value.substring(dots + 2, slash));
        String step = value.substring(slash + 1);
        low.add("0");
        high.add(Long.toString(Math.round((last - first) / Double.parseDouble(step))));
        origin.add(value.substring(0, dots));
        upper.add(value.substring(dots + 2, slash));
        steps.add(step);
        coefficients.add("");
      }
    }
    int n = labels.size();
    StringBuilder axes = new StringBuilder();
    for (int i = 0; i < n; i++) {
      StringBuilder vector = new StringBuilder();
      for (int k = 0; k < n; k++) {
        vector.append(k == 0 ? "" : " ").append(k == i ? steps.get(i) : "0");
      }
      axes.append("<gmlrgrid:generalGridAxis><gmlrgrid:GeneralGridAxis><gmlrgrid:offsetVector>")
          .append(vector)
          .append("</gmlrgrid:offsetVector><gmlrgrid:coefficients>")
          .append(coefficients.get(i))
          .append("</gmlrgrid:coefficients><gmlrgrid:gridAxesSpanned>")
          .append(labels.get(i))
          .append("</gmlrgrid:gridAxesSpanned><gmlrgrid:sequenceRule axisOrder=\"+1\">Linear")
          .append("</gmlrgrid:sequenceRule></gmlrgrid:GeneralGridAxis></gmlrgrid:generalGridAxis>");
    }
    String name = crs.getFirst();
    if (crs.size() > 1) {
      StringBuilder compound = new StringBuilder(DEF + "crs-compound?");
      for (int i = 0; i < crs.size(); i++) {
        compound.append(i == 0 ? "" : "&amp;").append(i + 1).append('=').append(crs.get(i));
      }
      name = compound.toString();
    }
    StringBuilder order = new StringBuilder();
    for (int i = n; i > 0; i--) {
      order.append(i == n ? "+" : " +").append(i);
    }
    return """
        <gmlcov:ReferenceableGridCoverage gml:id="ID"
            xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:gmlcov="http://www.opengis.net/gmlcov/1.0"
            xmlns:gmlrgrid="http://www.opengis.net/gml/3.3/rgrid" xmlns:swe="http://www.opengis.net/swe/2.0">
          <gml:boundedBy>
            <gml:Envelope srsName='CRS' axisLabels="LABELS" uomLabels="LABELS" srsDimension="DIMENSION">
              <gml:lowerCorner>ORIGIN</gml:lowerCorner><gml:upperCorner>UPPER</gml:upperCorner>
            </gml:Envelope>
          </gml:boundedBy>
          <gml:domainSet><gmlrgrid:ReferenceableGridByVectors dimension="DIMENSION" gml:id="g" srsName='CRS'>
            <gml:limits><gml:GridEnvelope><gml:low>LOW</gml:low><gml:high>HIGH</gml:high></gml:GridEnvelope></gml:limits>
            <gml:axisLabels>LABELS</gml:axisLabels>
            <gmlrgrid:origin><gml:Point gml:id="p" srsName='CRS'><gml:pos>ORIGIN</gml:pos></gml:Point></gmlrgrid:origin>
            AXES
          </gmlrgrid:ReferenceableGridByVectors></gml:domainSet>
          <gml:coverageFunction><gml:GridFunction>
            <gml:sequenceRule axisOrder="ORDER">Linear</gml:sequenceRule>
          </gml:GridFunction></gml:coverageFunction>
          <gmlcov:rangeType><swe:DataRecord>FIELDS</swe:DataRecord></gmlcov:rangeType>METADATA
          <gml:rangeSet><gml:DataBlock><gml:rangeParameters/><gml:tupleList>CELLS</gml:tupleList></gml:DataBlock></gml:rangeSet>
        </gmlcov:ReferenceableGridCoverage>
        """
        .replace("ID", id)
        .replace("DIMENSION", Integer.toString(n))
        .replace("CRS", name)
        .replace("LABELS", String.join(" ", labels))
        .replace("ORIGIN", String.join(" ", origin))
        .replace("UPPER", String.join(" ", upper))
        .replace("LOW", String.join(" ", low))
        .replace("HIGH", String.join(" ", high))
        .replace("AXES", axes)
        .replace("ORDER", order)
        .replace("FIELDS", fields(fields))
        .replace("METADATA", metadata)
        .replace("CELLS", cells);
  }

  /** Metadata of a slice on axis t, {@code DATE:TEXT}, as importers send them. */
  private static String slice(String text) {
    String[] parts = text.split(":", -1);
    return """

          <gmlcov:metadata><gmlcov:Extension><rasdaman:covMetadata xmlns:rasdaman="http://www.rasdaman.org"><slices><slice>\
          <boundedBy><Envelope><axisLabels>t</axisLabels><srsDimension>1</srsDimension>\
          <lowerCorner>"T"</lowerCorner><upperCorner>"T"</upperCorner></Envelope></boundedBy><what>WHAT</what>\
          </slice></slices></rasdaman:covMetadata></gmlcov:Extension></gmlcov:metadata>"""
        .replace("WHAT", parts[1])
        .replace("T\"", parts[0] + "T00:00:00+00:00\"")
        .replace("> <", "><");
  }

  private static String fields(String text) {
    StringBuilder xml = new StringBuilder();
    for (String field : text.split(",", -1)) {
      String[] parts = field.split(":", -1);
      xml.append("<swe:field name=\"")
          .append(parts[0])
          .append("\"><swe:Quantity definition=\"")
          .append(DEF)
          .append("dataType/OGC/0/")
          .append(parts[1])
          .append("\">");
      if (parts.length > 2) {
        xml.append("<swe:nilValues><swe:NilValues><swe:nilValue reason=\"\">")
            .append(parts[2])
            .append("</swe:nilValue></swe:NilValues></swe:nilValues>");
      }
      xml.append("<swe:uom code=\"1\"/></swe:Quantity></swe:field>");
    }
    return xml.toString();
  }
}
