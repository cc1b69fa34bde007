package org.tessera.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.JAXBException;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import net.opengis.gml._3.RectifiedGridType;
import org.junit.jupiter.api.Test;

class GeneratedClassesTest {
  /**
   * XJC makes a list of everything, called rest or content, where two elements of a type have the
   * same name, and then drops elements silently. Right are only the types whose content is free by
   * the schema.
   */
  @Test
  void noClassHasACatchAllListThatItsSchemaDoesNotAskFor()
      throws IOException, URISyntaxException, ReflectiveOperationException {
    Path classes =
        Path.of(
            net.opengis.gml._3.ObjectFactory.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    List<String> found = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(classes)) {
      files = walk.filter(p -> p.toString().endsWith(".class")).sorted().toList();
    }
    assertTrue(files.size() > 800, () -> "only " + files.size() + " classes below " + classes);
    for (Path file : files) {
      String name = classes.relativize(file).toString().replace('/', '.').replace(".class", "");
      if (name.endsWith("package-info") || name.startsWith("org.tessera")) {
        continue;
      }
      for (Field field :
          Class.forName(name, false, getClass().getClassLoader()).getDeclaredFields()) {
        boolean catchAll = field.getName().equals("rest") || field.getName().equals("content");
        if (catchAll && List.class.isAssignableFrom(field.getType())) {
          found.add(name);
        }
      }
    }
    assertEquals(
        List.of(
            "net.opengis.gml._3.AbstractMetaDataType",
            "net.opengis.swe._2.EncodedValuesPropertyType",
            "org.w3._1999.xlink.ResourceType",
            "org.w3._1999.xlink.Simple",
            "org.w3._1999.xlink.TitleEltType"),
        found);
  }

  @Test
  void aRectifiedGridKeepsOriginAndOffsetsWithTheirDigits() throws JAXBException {
    String xml =
        """
        <gml:RectifiedGrid xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="g" dimension="2">
          <gml:limits><gml:GridEnvelope><gml:low>0 0</gml:low><gml:high>1 12345678901</gml:high></gml:GridEnvelope></gml:limits>
          <gml:axisLabels>Lat Long</gml:axisLabels>
          <gml:origin><gml:Point gml:id="p"><gml:pos>12345678.0123456789 "2008-01-01"</gml:pos></gml:Point></gml:origin>
          <gml:offsetVector>1 0</gml:offsetVector><gml:offsetVector>0 1.10</gml:offsetVector>
        </gml:RectifiedGrid>
        """;
    Object read =
        JAXBContext.newInstance(net.opengis.gml._3.ObjectFactory.class)
            .createUnmarshaller()
            .unmarshal(new StreamSource(new StringReader(xml)));
    RectifiedGridType grid = (RectifiedGridType) ((JAXBElement<?>) read).getValue();
    assertEquals(List.of("Lat", "Long"), grid.getAxisLabelList());
    assertEquals(
        List.of("12345678.0123456789", "\"2008-01-01\""),
        grid.getOrigin().getPoint().getPos().getValue());
    assertEquals(List.of("0", "1.10"), grid.getOffsetVector().get(1).getValue());
    assertEquals("12345678901", grid.getLimits().getGridEnvelope().getHigh().get(1).toString());
  }
}
