package org.tessera.importer.expression;

/** Gives what <code>${name}</code> stands for. */
@FunctionalInterface
public interface Variables {
  /** No variables at all. */
  Variables NONE =
      name -> {
        throw new IllegalArgumentException("unknown variable ${" + name + "}");
      };

  /**
   * The value of a variable.
   *
   * @param name the text between the braces, such as {@code file:name}
   * @throws IllegalArgumentException if there is none, naming what there is
   */
  Value value(String name);
}
