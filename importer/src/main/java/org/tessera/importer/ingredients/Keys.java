package org.tessera.importer.ingredients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tessera.coverage.NearNames;
import org.tessera.importer.problem.ImportException;

/** An object of an ingredients file with the way to it, so that messages can say where. */
final class Keys {
  private final JsonNode node;
  private final String place;

  Keys(JsonNode node, String place) {
    this.node = node == null ? MissingNode.getInstance() : node;
    this.place = place;
    if (!this.node.isMissingNode() && !this.node.isObject()) {
      throw new ImportException("'" + place + "' must be an object { ... }");
    }
  }

  boolean isMissing() {
    return node.isMissingNode();
  }

  String place() {
    return place;
  }

  /** Refuses other keys than these, with the likely meant one in the message, or else all. */
  Keys only(Set<String> known) {
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (!known.contains(e.getKey())) {
        throw new ImportException(
            "unknown key '" + place(e.getKey()) + "'" + meant(e.getKey(), known));
      }
    }
    return this;
  }

  private static String meant(String key, Set<String> known) {
    String lower = key.toLowerCase(Locale.ROOT).replace("_", "");
    for (String k : known) {
      String other = k.toLowerCase(Locale.ROOT).replace("_", "");
      if (other.equals(lower)
          || (other.length() > 4 && lower.startsWith(other))
          || (lower.length() > 4 && other.startsWith(lower))) {
        return ", did you mean '" + k + "'?";
      }
    }
    String near = NearNames.hint(key, known);
    return near.isEmpty() ? "; known here: " + String.join(", ", new TreeSet<>(known)) : "." + near;
  }

  private String place(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  JsonNode node(String key) {
    return node.path(key);
  }

  Keys object(String key) {
    return new Keys(node.path(key).isNull() ? null : node.path(key), place(key));
  }

  /** A text; numbers and truth values are taken as text. */
  Optional<String> text(String key) {
    JsonNode n = node.path(key);
    if (n.isMissingNode() || n.isNull()) {
      return Optional.empty();
    }
    if (!n.isValueNode()) {
      throw new ImportException("'" + place(key) + "' must be a text or a number");
    }
    return Optional.of(n.asText());
  }

  String needed(String key) {
    return text(key)
        .filter(t -> !t.isBlank())
        .orElseThrow(() -> new ImportException("'" + place(key) + "' is missing"));
  }

  boolean flag(String key, boolean absent) {
    Optional<String> t = text(key);
    if (t.isEmpty()) {
      return absent;
    }
    return switch (t.get().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new ImportException(
              "'" + place(key) + "' must be true or false, found '" + t.get() + "'");
    };
  }

  /** A whole number of at least 0. */
  Optional<Integer> whole(String key) {
    return text(key)
        .map(
            t -> {
              if (!t.strip().matches("\\+?[0-9]{1,9}")) {
                throw new ImportException(
                    "'" + place(key) + "' must be a whole number of at least 0, found '" + t + "'");
              }
              return Integer.valueOf(t.strip());
            });
  }

  /** A number of at least 0 and below a million. */
  Optional<BigDecimal> number(String key) {
    return text(key)
        .map(
            t -> {
              if (!t.strip().matches("[0-9]{1,6}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}")) {
                throw new ImportException(
                    "'" + place(key) + "' must be a number of at least 0, found '" + t + "'");
              }
              return new BigDecimal(t.strip());
            });
  }

  /** A list of texts; a single value is a list of one. */
  List<String> texts(String key) {
    JsonNode n = node.path(key);
    List<String> out = new ArrayList<>();
    if (n.isArray()) {
      for (JsonNode i : n) {
        if (!i.isValueNode()) {
          throw new ImportException("'" + place(key) + "' must be a list of texts or numbers");
        }
        out.add(i.asText());
      }
    } else {
      text(key).ifPresent(out::add);
    }
    return out;
  }

  List<Keys> objects(String key) {
    JsonNode n = node.path(key);
    List<Keys> out = new ArrayList<>();
    if (n.isMissingNode() || n.isNull()) {
      return out;
    }
    if (!n.isArray()) {
      throw new ImportException("'" + place(key) + "' must be a list [ ... ]");
    }
    for (int i = 0; i < n.size(); i++) {
      out.add(new Keys(n.get(i), place(key) + "[" + i + "]"));
    }
    return out;
  }
}
