package org.reconverge.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Nothing flows back: what judges never sees a live lab. */
@AnalyzeClasses(
        packages = "org.reconverge",
        importOptions = {ImportOption.DoNotIncludeTests.class, DependencyRuleTest.NoTestJars.class})
class DependencyRuleTest {

    /** Tests of one module that another module's tests use. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule MODULES = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy("org.reconverge.model..")
            .layer("lab")
            .definedBy("org.reconverge.lab..")
            .layer("reports")
            .definedBy("org.reconverge.reports..")
            .layer("topologies")
            .definedBy("org.reconverge.topologies..")
            .layer("junit")
            .definedBy("org.reconverge.junit..")
            .layer("cli")
            .definedBy("org.reconverge.cli..")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("lab", "reports", "junit", "cli")
            .whereLayer("lab")
            .mayOnlyBeAccessedByLayers("junit", "cli")
            .whereLayer("reports")
            .mayOnlyBeAccessedByLayers("junit", "cli")
            .whereLayer("topologies")
            .mayOnlyBeAccessedByLayers("junit", "cli")
            .whereLayer("junit")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule MODEL = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("source")
            .definedBy("org.reconverge.model.source..")
            .layer("topology")
            .definedBy("org.reconverge.model.topology..")
            .layer("fault")
            .definedBy("org.reconverge.model.fault..")
            .layer("spec")
            .definedBy("org.reconverge.model.spec..")
            .layer("history")
            .definedBy("org.reconverge.model.history..")
            .layer("check")
            .definedBy("org.reconverge.model.check..")
            .layer("evidence")
            .definedBy("org.reconverge.model.evidence..")
            .whereLayer("evidence")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("check")
            .mayOnlyBeAccessedByLayers("evidence")
            .whereLayer("history")
            .mayOnlyBeAccessedByLayers("check", "evidence")
            .whereLayer("spec")
            .mayOnlyBeAccessedByLayers("history", "check", "evidence")
            .whereLayer("fault")
            .mayOnlyBeAccessedByLayers("spec", "history", "check", "evidence")
            .whereLayer("topology")
            .mayOnlyBeAccessedByLayers("spec", "fault", "history", "check", "evidence");

    @ArchTest
    static final ArchRule JUDGING_NEEDS_NO_ENGINE = noClasses()
            .that()
            .resideInAnyPackage("org.reconverge.model..", "org.reconverge.reports..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.github.dockerjava..", "org.testcontainers..");

    /** Inside a container there is no library: the emulator must run from its own jar. */
    @ArchTest
    static final ArchRule THE_EMULATOR_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("org.reconverge.emulator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.reconverge.model..", "org.reconverge.lab..")
            .allowEmptyShould(true);
}
