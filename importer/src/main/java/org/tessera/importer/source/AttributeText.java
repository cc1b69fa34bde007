package org.tessera.importer.source;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.tessera.coverage.format.gdal.Attribute;

/**
 * Attributes of files as text. Several numbers stand in brackets as people who came from
 * wcst_import know them, {@code [0. 7.]}: a point after whole floats, the points below each other.
 */
final class AttributeText {
  private AttributeText() {}

  static String of(Attribute attribute) {
    return attribute.value() instanceof Attribute.Numbers numbers && numbers.values().size() > 1
        ? list(numbers)
        : attribute.text();
  }

  private static String list(Attribute.Numbers numbers) {
    List<String> wholes = new ArrayList<>();
    List<String> fractions = new ArrayList<>();
    for (Number n : numbers.values()) {
      String text = Attribute.of("", numbers.type(), List.of(n)).text();
      boolean floating =
          switch (numbers.type()) {
            case FLOAT32, FLOAT64, CFLOAT32, CFLOAT64 -> true;
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, CINT16, CINT32 -> false;
          };
      if (floating && Double.isFinite(n.doubleValue()) && !text.contains("E")) {
        String plain = new BigDecimal(text).stripTrailingZeros().toPlainString();
        int point = plain.indexOf('.');
        wholes.add((point < 0 ? plain : plain.substring(0, point)) + ".");
        fractions.add(point < 0 ? "" : plain.substring(point + 1));
      } else {
        wholes.add(text);
        fractions.add("");
      }
    }
    int left = wholes.stream().mapToInt(String::length).max().orElse(0);
    int right = fractions.stream().mapToInt(String::length).max().orElse(0);
    List<String> items = new ArrayList<>();
    for (int i = 0; i < wholes.size(); i++) {
      items.add(
          " ".repeat(left - wholes.get(i).length())
              + wholes.get(i)
              + fractions.get(i)
              + " ".repeat(right - fractions.get(i).length()));
    }
    return "[" + String.join(" ", items) + "]";
  }
}
