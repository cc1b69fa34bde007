package org.tessera.coverage.format;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.tessera.coverage.json.Json;

/**
 * What formats with places for metadata need of a coverage's free metadata (XML or JSON text as
 * importers write it): items of the whole, of bands ({@code bands}), of axes ({@code axes}), and of
 * single slices ({@code slices}), whose items are joined by commas.
 */
record CoverageMetadata(
    Map<String, String> global,
    Map<String, Map<String, String>> bands,
    Map<String, Map<String, String>> axes) {
  private static final Set<String> PLACES = Set.of("boundedBy", "Envelope", "envelope");

  /** Never fails: what cannot be read has no items. */
  static CoverageMetadata of(String metadata, EncodeOptions options) {
    Map<String, Object> tree = new LinkedHashMap<>();
    add(tree, parse(metadata == null ? "" : metadata.strip()));
    Object extra = options.value("metadata").orElse(null);
    add(tree, extra instanceof String s ? parse(s.strip()) : extra);
    Map<String, String> global = new LinkedHashMap<>();
    Map<String, List<String>> slices = new LinkedHashMap<>();
    tree.forEach(
        (key, value) -> {
          if (key.equals("slices") || key.equals("slice")) {
            collect(value, slices);
          } else if (!key.equals("bands") && !key.equals("axes") && isText(value)) {
            global.put(key, String.valueOf(value));
          }
        });
    slices.forEach((key, values) -> global.putIfAbsent(key, String.join(",", values)));
    return new CoverageMetadata(global, groups(tree.get("bands")), groups(tree.get("axes")));
  }

  /** An extra colour palette or the like is not an item. */
  private static boolean isText(Object value) {
    return value != null && !(value instanceof Map) && !(value instanceof List);
  }

  private static void add(Map<String, Object> tree, Object parsed) {
    if (parsed instanceof Map<?, ?> map) {
      map.forEach((k, v) -> tree.put(String.valueOf(k), v));
    }
  }

  private static Map<String, Map<String, String>> groups(Object value) {
    Map<String, Map<String, String>> groups = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, items) -> {
            Map<String, String> group = new LinkedHashMap<>();
            if (items instanceof Map<?, ?> m) {
              m.forEach(
                  (k, v) -> {
                    if (isText(v)) {
                      group.put(String.valueOf(k), String.valueOf(v));
                    }
                  });
            }
            groups.put(String.valueOf(name), group);
          });
    }
    return groups;
  }

  private static void collect(Object value, Map<String, List<String>> items) {
    switch (value) {
      case List<?> list -> list.forEach(v -> collect(v, items));
      case Map<?, ?> map ->
          map.forEach(
              (k, v) -> {
                String key = String.valueOf(k);
                if (isText(v)) {
                  items.computeIfAbsent(key, x -> new ArrayList<>()).add(String.valueOf(v));
                } else if (!PLACES.contains(key)) {
                  collect(v, items);
                }
              });
      case null, default -> {
        // A lone text belongs to no item.
      }
    }
  }

  private static Object parse(String text) {
    if (text.startsWith("{")) {
      try {
        return Json.parse(text);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return text.startsWith("<") ? xml(text) : null;
  }

  /** XML elements as a tree; elements of the same name become a list. */
  private static Object xml(String text) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    try {
      XMLStreamReader reader =
          factory.createXMLStreamReader(
              new StringReader("<m>" + text.replaceFirst("^<\\?xml[^>]*>", "") + "</m>"));
      while (reader.next() != XMLStreamReader.START_ELEMENT) {
        // To the root.
      }
      return element(reader, 0);
    } catch (XMLStreamException e) {
      return null;
    }
  }

  private static Object element(XMLStreamReader reader, int depth) throws XMLStreamException {
    Map<String, Object> children = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (reader.next()) {
        case XMLStreamReader.START_ELEMENT -> {
          String qualified = reader.getLocalName();
          String name = qualified.substring(qualified.indexOf(':') + 1);
          if (depth > 50) {
            throw new XMLStreamException("nested too deep");
          }
          Object child = element(reader, depth + 1);
          children.merge(
              name,
              child,
              (old, added) -> {
                List<Object> list = new ArrayList<>();
                if (old instanceof List<?> l) {
                  list.addAll(l);
                } else {
                  list.add(old);
                }
                list.add(added);
                return list;
              });
        }
        case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> text.append(reader.getText());
        case XMLStreamReader.END_ELEMENT -> {
          return children.isEmpty() ? text.toString().strip() : unwrapped(children);
        }
        default -> {
          // Comments say nothing to a format.
        }
      }
    }
  }

  /** The element covMetadata that servers put around metadata is not part of it. */
  private static Object unwrapped(Map<String, Object> children) {
    return children.size() == 1 && children.get("covMetadata") instanceof Map<?, ?> inner
        ? inner
        : children;
  }
}
