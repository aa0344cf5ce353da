package dev.torpor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.File;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The house: which room may use which, as the table of modules says. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/test/"))
          .importPackages("dev.torpor");

  @Test
  void eachRoomUsesOnlyTheRoomsBelowIt() {
    LayeredArchitecture house =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.torpor..")
            .withOptionalLayers(true);
    house = room(house, "state", "dev.torpor.state");
    house = room(house, "rules", "dev.torpor.rules", "state");
    house = room(house, "store", "dev.torpor.store", "state");
    house = room(house, "transfer", "dev.torpor.store.transfer", "store", "state");
    house = room(house, "disk", "dev.torpor.disk");
    house = room(house, "journal", "dev.torpor.store.file.journal", "store", "state", "disk");
    house = room(house, "pack", "dev.torpor.store.file.pack", "disk");
    house = room(house, "document", "dev.torpor.store.file.document", "store", "state", "disk");
    house =
        room(
            house,
            "file",
            "dev.torpor.store.file",
            "store",
            "state",
            "disk",
            "journal",
            "pack",
            "document");
    house = room(house, "runtime", "dev.torpor.runtime", "store", "rules", "state");
    house =
        room(
            house,
            "door",
            "dev.torpor",
            "state",
            "rules",
            "store",
            "transfer",
            "disk",
            "file",
            "runtime");
    house.check(CLASSES);
  }

  private static LayeredArchitecture room(
      LayeredArchitecture house, String name, String packageName, String... uses) {
    LayeredArchitecture with = house.layer(name).definedBy(packageName);
    return uses.length == 0
        ? with.whereLayer(name).mayNotAccessAnyLayer()
        : with.whereLayer(name).mayOnlyAccessLayers(uses);
  }

  @Test
  void noRoomsUseEachOther() {
    slices().matching("dev.torpor.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packsKnowKeysAndBytesAndNothingOfAgents() {
    classes()
        .that()
        .resideInAPackage("dev.torpor.store.file.pack")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.torpor.store.file.pack",
            "dev.torpor.disk",
            "com.github.luben.zstd",
            "org.jspecify..",
            "java..")
        .check(CLASSES);
  }

  @Test
  void thePureRoomsDoNoInputOrOutput() {
    noClasses()
        .that(resideInAPackage("dev.torpor.state").or(resideInAPackage("dev.torpor.rules")))
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.net..")
                .or(resideInAPackage("java.nio.file.."))
                .or(resideInAPackage("java.nio.channels.."))
                .or(resideInAPackage("java.util.concurrent.."))
                .or(resideInAPackage("tools.jackson.."))
                .or(resideInAPackage("org.slf4j..")))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(File.class, java.io.InputStream.class, java.io.OutputStream.class)
        .check(CLASSES);
  }

  @Test
  void thePureRoomsHaveNoClockNoChanceAndNoThreads() {
    noClasses()
        .that(resideInAPackage("dev.torpor.state").or(resideInAPackage("dev.torpor.rules")))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Clock.class,
            Random.class,
            java.security.SecureRandom.class,
            java.util.UUID.class,
            Thread.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }
}
