package org.tessera.importer.run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.tessera.importer.expression.Expression;
import org.tessera.importer.expression.Value;
import org.tessera.importer.expression.Variables;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.Globs;

/**
 * Commands before and after an import. They run only when whoever calls the importer allows it: an
 * ingredients file alone cannot start a process.
 */
final class Hooks {
  private static final long MINUTES = 60;
  private static final int MOST_SAID = 4000;

  /** What ends or opens something in a shell or in Python, quoted or not. */
  private static final Pattern UNSAFE = Pattern.compile("[`$\"'\\\\;|&<>\r\n]");

  private final List<Ingredients.Hook> hooks;
  private final boolean mock;
  private final Path folder;

  /**
   * @param allowed whether commands may run
   * @param mock whether none shall run, and files stay what they are
   */
  Hooks(Ingredients ingredients, boolean allowed, boolean mock) {
    this.hooks = ingredients.hooks();
    this.mock = mock;
    this.folder = ingredients.folder();
    for (Ingredients.Hook h : hooks) {
      if (!allowed && !mock && (h.command().isPresent() || h.pythonCommand().isPresent())) {
        throw new ImportException(
            "the hook '"
                + h.description()
                + "' wants to run a command; commands run only with --allow-hooks (or"
                + " TESSERA_IMPORT_ALLOW_HOOKS=1)");
      }
    }
  }

  /** Runs the hooks before the import; they may put other files in place of the given ones. */
  List<InputFile> before(List<InputFile> files) {
    List<InputFile> current = files;
    for (Ingredients.Hook h : hooks) {
      if (!h.before()) {
        continue;
      }
      List<InputFile> next = new ArrayList<>();
      for (InputFile f : current) {
        run(h, f);
        if (h.replacePaths().isEmpty()
            || (mock && (h.command().isPresent() || h.pythonCommand().isPresent()))) {
          next.add(f);
          continue;
        }
        for (String r : h.replacePaths()) {
          String dataset = Expression.fill(r, variables(f));
          if (dataset.contains("*")) {
            Globs.files(folder, dataset)
                .forEach(p -> next.add(new InputFile(p.toString(), f.original(), f.ordinal())));
          } else {
            next.add(new InputFile(dataset, f.original(), f.ordinal()));
          }
        }
      }
      current = next;
    }
    return current;
  }

  /** Runs the hooks after the import for one file. */
  void after(InputFile file) {
    for (Ingredients.Hook h : hooks) {
      if (!h.before()) {
        run(h, file);
      }
    }
  }

  private void run(Ingredients.Hook h, InputFile file) {
    if (h.command().isPresent()) {
      run(h, file, List.of("/bin/bash", "-c", filled(h.command().get(), file)));
    }
    if (h.pythonCommand().isPresent()) {
      run(h, file, List.of("python3", "-c", filled(h.pythonCommand().get(), file)));
    }
  }

  /**
   * A command for a file. Names of files are data: one that a shell or Python would take as a part
   * of the command is refused. Variables of the shell itself, <code>${HOME}</code>, stay.
   */
  private static String filled(String command, InputFile file) {
    Variables all = variables(file);
    return Expression.fill(
        command,
        name -> {
          if (!name.contains(":")) {
            return Value.of("${" + name + "}");
          }
          Value value = all.value(name);
          if (UNSAFE.matcher(value.asText()).find()) {
            throw new IllegalArgumentException(
                "the name '"
                    + value.asText()
                    + "' has a character that the command would take as a part of itself (one of"
                    + " ` $ \" ' \\ ; | & < > or a line end); the hook is not run, rename the file");
          }
          return value;
        });
  }

  private void run(Ingredients.Hook h, InputFile file, List<String> command) {
    if (mock) {
      return;
    }
    String problem;
    Path said = null;
    try {
      said = Files.createTempFile("tessera-hook", ".txt");
      Process p =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      boolean ended = p.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        p.descendants().forEach(ProcessHandle::destroyForcibly);
        p.destroyForcibly();
      }
      if (ended && p.exitValue() == 0) {
        return;
      }
      problem =
          ended
              ? "exit code " + p.exitValue() + ": " + end(said)
              : "not finished after " + MINUTES + " minutes";
    } catch (IOException e) {
      problem = e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportException("interrupted", e);
    } finally {
      delete(said);
    }
    String message = "hook '" + h.description() + "' for " + file + ": " + problem;
    if (h.abortOnError()) {
      throw new ImportException(message);
    }
    System.err.println("warning: " + message);
  }

  /** The end of what a command has said. */
  private static String end(Path said) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(said.toFile(), "r")) {
      byte[] last = new byte[(int) Math.min(file.length(), MOST_SAID)];
      file.seek(file.length() - last.length);
      file.readFully(last);
      return (last.length < file.length() ? "... " : "")
          + new String(last, StandardCharsets.UTF_8).strip();
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("warning: " + file + " is left behind: " + e.getMessage());
    }
  }

  private static Variables variables(InputFile f) {
    return name ->
        switch (name) {
          case "file:path" -> Value.of(f.dataset());
          case "file:name" -> Value.of(String.valueOf(f.path().getFileName()));
          case "file:dir_path" -> Value.of(String.valueOf(f.path().getParent()));
          case "file:original_path" -> Value.of(f.original().toString());
          case "file:original_dir_path" -> Value.of(String.valueOf(f.original().getParent()));
          default ->
              throw new IllegalArgumentException(
                  "hooks know file:path, file:name, file:dir_path, file:original_path,"
                      + " file:original_dir_path, not '"
                      + name
                      + "'");
        };
  }
}
