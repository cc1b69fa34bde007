package org.tessera.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The fences of ARCHITECTURE.md over the classes and sources of all modules, as they lie in their
 * {@code target/classes} and {@code src/main/java}. Each rule looks only at places that the guards
 * have seen to be inhabited.
 */
class FencesTest {
  private static final Path ROOT = Path.of(System.getProperty("tessera.it.root", ".."));

  /** Every module, and the fewest classes it must show before the rules about it mean anything. */
  private static final Map<String, Integer> MODULES =
      Map.of(
          "engine", 40, "gdal", 5, "coverage", 40, "ejb", 8, "web", 8, "secore", 1, "importer", 8);

  private static JavaClasses ours;
  private static List<Path> sources;

  @BeforeAll
  static void read() throws IOException {
    List<Path> classes = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (String module : MODULES.keySet()) {
      classes.add(ROOT.resolve(module).resolve("target/classes"));
      Path main = ROOT.resolve(module).resolve("src/main/java");
      if (Files.isDirectory(main)) {
        try (Stream<Path> found = Files.walk(main)) {
          found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
        }
      }
    }
    ours =
        new ClassFileImporter()
            .importPaths(classes)
            .that(
                DescribedPredicate.describe(
                    "ours", type -> type.getPackageName().startsWith("org.tessera")));
    sources = List.copyOf(files);
  }

  @TestFactory
  Stream<DynamicTest> everyModuleShowsItsClasses() {
    return new TreeMap<>(MODULES)
        .entrySet().stream()
            .map(
                module ->
                    DynamicTest.dynamicTest(
                        module.getKey(),
                        () -> {
                          long seen = count("org.tessera." + module.getKey() + "..");
                          assertTrue(
                              seen >= module.getValue(),
                              () ->
                                  "only "
                                      + seen
                                      + " classes of "
                                      + module.getKey()
                                      + " seen: the fences would hold of an empty field");
                        }));
  }

  private static long count(String packages) {
    DescribedPredicate<JavaClass> inside = JavaClass.Predicates.resideInAPackage(packages);
    return ours.stream().filter(inside).count();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.tessera.(**)").should().beFreeOfCycles().check(ours);
  }

  @TestFactory
  Stream<DynamicTest> modulesKnowOnlyWhatTheyMay() {
    return Map.of(
            "engine", Set.of("coverage", "gdal", "ejb", "web", "secore", "importer", "jaxb"),
            "gdal", Set.of("engine", "coverage", "ejb", "web", "secore", "importer", "jaxb"),
            "coverage", Set.of("gdal", "ejb", "web", "secore", "importer"),
            "ejb", Set.of("gdal", "web", "secore", "importer"),
            "web", Set.of("gdal", "secore", "importer"),
            "secore", Set.of("gdal", "ejb", "web", "importer"),
            "importer", Set.of("gdal", "ejb", "web", "secore"))
        .entrySet()
        .stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () ->
                        noClasses()
                            .that()
                            .resideInAPackage("org.tessera." + entry.getKey() + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                entry.getValue().stream()
                                    .map(name -> "org.tessera." + name + "..")
                                    .toArray(String[]::new))
                            .check(ours)));
  }

  @Test
  void engineKnowsOnlyJavaItsCompressionAndAntlr() {
    String compression = "com.github.luben.zstd..";
    dependOnlyOn(
        "org.tessera.engine..",
        List.of("org.tessera.engine.rasql.."),
        "java..",
        "org.tessera.engine..",
        compression);
    dependOnlyOn(
        "org.tessera.engine..",
        List.of(),
        "java..",
        "org.tessera.engine..",
        compression,
        "org.antlr..");
  }

  @Test
  void enginePackagesLookDownwards() {
    lookOnlyDown("org.tessera.engine.array..", "algebra", "store", "eval", "rasql");
    lookOnlyDown("org.tessera.engine.algebra..", "store", "eval", "rasql");
    lookOnlyDown("org.tessera.engine.store..", "eval", "rasql");
  }

  private static void lookOnlyDown(String packages, String... above) {
    noClasses()
        .that()
        .resideInAPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(above)
                .map(name -> "org.tessera.engine." + name + "..")
                .toArray(String[]::new))
        .check(ours);
  }

  @Test
  void jakartaIsKnownOnlyAtTheRim() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "org.tessera.ejb..",
            "org.tessera.web..",
            "org.tessera.secore..",
            "org.tessera.coverage.gml..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta..")
        .check(ours);
  }

  @Test
  void spatialReferencingLibraryIsKnownOnlyInCrs() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tessera.coverage.crs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.sis..", "org.opengis..")
        .check(ours);
  }

  @Test
  void parseTreesStayInTheirPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.tessera.coverage.wcps..", "org.tessera.engine.rasql..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.antlr..")
        .check(ours);
  }

  @Test
  void nativeCodeIsKnownOnlyInTheWorker() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tessera.gdal..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup)")
        .check(ours);
  }

  @Test
  void entitiesStayInTheCatalogue() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackage("org.tessera.ejb.catalog..")
            .should()
            .dependOnClassesThat()
            .areAnnotatedWith("jakarta.persistence.Entity");
    rule.check(ours);
    classes()
        .that()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .should()
        .resideInAPackage("org.tessera.ejb.catalog..")
        .andShould()
        .notBePublic()
        .check(ours);
  }

  @Test
  void noStaticFieldChanges() {
    fields().that().areStatic().and(written()).should(beConstant()).check(ours);
  }

  private static DescribedPredicate<JavaField> written() {
    return DescribedPredicate.describe(
        "written by a person",
        field ->
            !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !field.getName().startsWith("$")
                && !isGenerated(field.getOwner()));
  }

  private static boolean isGenerated(JavaClass type) {
    return type.getAllRawSuperclasses().stream()
        .anyMatch(above -> above.getPackageName().startsWith("org.antlr"));
  }

  private static ArchCondition<JavaField> beConstant() {
    Pattern changing =
        Pattern.compile(
            "java\\.util\\.(concurrent\\.)?(\\w*Hash\\w*|ArrayList|LinkedList|Array\\w*Queue|TreeMap|TreeSet"
                + "|concurrent\\.atomic\\.\\w+|Concurrent\\w+|\\w*Deque|BitSet)"
                + "|java\\.lang\\.ThreadLocal|java\\.lang\\.StringBuilder");
    return new ArchCondition<>("be final and of a type that does not change") {
      @Override
      public void check(JavaField field, ConditionEvents events) {
        boolean constant =
            field.getModifiers().contains(JavaModifier.FINAL)
                && !changing.matcher(field.getRawType().getName()).matches();
        if (!constant) {
          events.add(
              SimpleConditionEvent.violated(
                  field, field.getFullName() + " can change after start"));
        }
      }
    };
  }

  @Test
  void noNameHidesWhatAClassIs() {
    Pattern hiding =
        Pattern.compile(".*(Util|Utils|Helper|Manager|Handler|Processor|Registry|Impl|DTO)");
    List<String> found =
        ours.stream()
            .map(JavaClass::getSimpleName)
            .filter(name -> hiding.matcher(name).matches())
            .toList();
    assertEquals(List.of(), found);
  }

  @Test
  void noMethodThrowsAnything() {
    methods().should(declareWhatItThrows()).check(ours);
  }

  private static ArchCondition<JavaMethod> declareWhatItThrows() {
    return new ArchCondition<>("say which exceptions it throws") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean anything =
            method.getThrowsClause().stream()
                .map(thrown -> thrown.getRawType().getName())
                .anyMatch(
                    name ->
                        name.equals("java.lang.Exception") || name.equals("java.lang.Throwable"));
        if (anything) {
          events.add(
              SimpleConditionEvent.violated(method, method.getFullName() + " throws anything"));
        }
      }
    };
  }

  @Test
  void noExceptionIsSwallowedInSilence() throws IOException {
    Pattern empty = Pattern.compile("catch\\s*\\([^)]*\\)\\s*\\{\\s*\\}");
    List<String> found = new ArrayList<>();
    for (Path source : sources) {
      if (empty.matcher(Files.readString(source)).find()) {
        found.add(source.toString());
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    assertTrue(sources.size() > 100, () -> "only " + sources.size() + " sources seen");
    List<String> found = new ArrayList<>();
    for (Path folder : sources.stream().map(Path::getParent).distinct().toList()) {
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info)) {
        found.add(folder + " has no package-info.java");
      } else {
        String text = Files.readString(info);
        if (!text.contains("/**") || text.length() < 200) {
          found.add(
              info + " does not say what the package is for, its door, and what it does not know");
        }
      }
    }
    assertEquals(List.of(), found);
  }

  private static void dependOnlyOn(String packages, List<String> but, String... allowed) {
    ClassesShouldConjunction rule =
        classes()
            .that()
            .resideInAPackage(packages)
            .and()
            .resideOutsideOfPackages(but.toArray(String[]::new))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(allowed);
    rule.check(ours);
  }
}
