package org.reconverge.model.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.GoldenTrial;
import org.reconverge.model.check.TrialCheck;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceCheck.Recheck;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryWriter;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;

class EvidenceTest {

    private static final Run RUN = new Run(
            "20261122-131500-two-site",
            Instant.parse("2026-11-22T13:15:00Z"),
            7,
            List.of("./reconverge", "run", "two-site", "--seed", "7"),
            Map.of("reconverge", "0.1.0", "java", "17.0.15"),
            "Docker 20.10.24, API 1.41",
            "6.18.0");

    @TempDir
    private Path temporary;

    private Path directory;
    private FailoverSpec spec;
    private Topology topology;

    @BeforeEach
    void writeTheLab() throws IOException {
        directory = temporary.resolve("evidence");
        file("labs/two-site/two-site.clab.yml", """
                name: two-site
                topology:
                  nodes:
                    transit-a: {kind: linux, image: frr, binds: ["configs/transit-a/frr.conf:/etc/frr/frr.conf:ro", "../common/daemons:/etc/frr/daemons"]}
                    ber-svc: {kind: linux, image: site, binds: ["configs/shared:/shared", "/proc/version:/version", "/dev/null:/null"]}
                    fra-svc: {kind: linux, image: site, env-files: [site.env]}
                    gw-north: {kind: linux, image: host}
                  links:
                    - endpoints: ["transit-a:eth1", "ber-svc:eth1"]
                    - endpoints: ["transit-a:eth2", "fra-svc:eth1"]
                    - endpoints: ["transit-a:eth3", "gw-north:eth1"]
                """);
        file("labs/two-site/specs/two-site.failover.yml", """
                topology: ../two-site.clab.yml
                service: {addresses: [203.0.113.10]}
                sites:
                  berlin: {nodes: [ber-svc], service: ber-svc}
                  frankfurt: {nodes: [fra-svc], service: fra-svc}
                budget: {rto: 1s}
                clients:
                  gw-north: {home: berlin, probes: [{type: udp, name: udp, to: 203.0.113.10, rate: 100/s}]}
                scenarios:
                  site-loss: {fault: {site-down: berlin}, expect: {gw-north: {served-by: frankfurt}}}
                  fibre-cut: {fault: {link-down: "transit-a:eth1"}, expect: {gw-north: {served-by: frankfurt}}}
                """);
        file("labs/two-site/configs/transit-a/frr.conf", "router bgp 64500\n");
        file("labs/two-site/configs/shared/deep/note.txt", "shared\n");
        file("labs/common/daemons", "bgpd=yes\n");
        file("labs/two-site/site.env", "SITE=frankfurt\n");
        topology = TopologyFile.read(temporary.resolve("labs/two-site/two-site.clab.yml"));
        spec = FailoverSpecFile.read(temporary.resolve("labs/two-site/specs/two-site.failover.yml"));
    }

    private void file(String name, String text) throws IOException {
        Path file = temporary.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static History trial(int number, double outage) {
        return new GoldenTrial()
                .number(number)
                .north(gw -> gw.outage(0, outage).site(outage, "frankfurt").site(8_300, "berlin"))
                .repairAt(8_000)
                .endAt(14_000)
                .history();
    }

    private TrialResult keep(EvidenceWriter writer, int number, double outage) {
        History history = trial(number, outage);
        try (HistoryWriter out = writer.history("fibre-cut", number)) {
            history.events().forEach(out::append);
        }
        TrialResult result = TrialCheck.judge(history, spec, "fibre-cut");
        writer.verdict(result);
        return result;
    }

    private CampaignSummary write() {
        try (EvidenceWriter writer = EvidenceWriter.create(directory, RUN, spec, topology)) {
            keep(writer, 1, 350);
            keep(writer, 2, 2_000);
            writer.log("fibre-cut", 2, "transit-a", "bgpd: peer down\n");
            writer.attach("topology.svg", "<svg/>");
            CampaignSummary summary = writer.finish();
            assertThatThrownBy(() -> writer.attach("late.svg", "<svg/>"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is finished, and takes no late.svg");
            return summary;
        }
    }

    @Test
    void isReadBackAsItWasWritten() {
        CampaignSummary summary = write();
        assertThat(summary.verdict()).isEqualTo(Verdict.FAIL);

        EvidenceDirectory evidence = EvidenceDirectory.open(directory);
        assertThat(evidence.problems()).isEmpty();
        assertThat(evidence.intact()).isTrue();
        assertThat(evidence.run())
                .isEqualTo(RUN.withFiles(
                        "topology/two-site/two-site.clab.yml", "topology/two-site/specs/two-site.failover.yml"));
        assertThat(evidence.run().environment()).isEqualTo("emulated");
        assertThat(evidence.trials())
                .extracting(EvidenceDirectory.TrialEvidence::name)
                .containsExactly("fibre-cut/1", "fibre-cut/2");
        EvidenceDirectory.TrialEvidence second = evidence.trials().get(1);
        assertThat(second.verdict()).contains(TrialCheck.judge(trial(2, 2_000), spec, "fibre-cut"));
        assertThat(second.history().events()).hasSameSizeAs(trial(2, 2_000).events());
        assertThat(second.logs()).containsOnlyKeys("transit-a");
        assertThat(evidence.summary()).contains(summary);
        assertThat(evidence.drawing()).isPresent();
    }

    @Test
    void holdsTheLabSoThatItCanBeReadFromTheCopy() {
        write();
        assertThat(directory.resolve("topology/two-site/configs/transit-a/frr.conf"))
                .hasContent("router bgp 64500");
        assertThat(directory.resolve("topology/two-site/configs/shared/deep/note.txt"))
                .hasContent("shared");
        assertThat(directory.resolve("topology/common/daemons")).hasContent("bgpd=yes");
        assertThat(directory.resolve("topology/two-site/site.env")).hasContent("SITE=frankfurt");
        assertThat(directory.resolve("topology/elsewhere/proc/version")).exists();
        assertThat(directory.resolve("topology/elsewhere/dev/null")).doesNotExist();
        EvidenceDirectory evidence = EvidenceDirectory.open(directory);
        assertThat(evidence.spec().clients()).isEqualTo(spec.clients());
        assertThat(evidence.spec().scenarios()).isEqualTo(spec.scenarios());
        assertThat(evidence.topology().links()).hasToString(topology.links().toString());
        assertThat(evidence.topology().node("fra-svc").env()).containsEntry("SITE", "frankfurt");
    }

    @Test
    void givesTheSameVerdictsWhenTheyAreComputedAgain() {
        CampaignSummary summary = write();
        Recheck recheck = EvidenceCheck.recheck(EvidenceDirectory.open(directory));
        assertThat(recheck.problems()).isEmpty();
        assertThat(recheck.trials())
                .hasSize(2)
                .allSatisfy(trial -> assertThat(trial.differences()).isEmpty());
        assertThat(recheck.same()).isTrue();
        assertThat(recheck.summary()).isEqualTo(summary);
    }

    @Test
    void isNotMovedByWhereItIsCopiedTo() throws IOException {
        write();
        Path moved = temporary.resolve("elsewhere/moved");
        Files.createDirectories(moved.getParent());
        Files.move(directory, moved);
        // The original lab is gone as well.
        Files.delete(temporary.resolve("labs/two-site/configs/transit-a/frr.conf"));
        assertThat(EvidenceCheck.recheck(EvidenceDirectory.open(moved)).same()).isTrue();
    }

    @Test
    void showsEveryChangeOfItsFiles() throws IOException {
        write();
        Files.writeString(directory.resolve("topology/common/daemons"), "bgpd=no\n");
        Files.delete(directory.resolve("topology.svg"));
        Files.writeString(directory.resolve("fibre-cut/1/extra.txt"), "x");
        EvidenceDirectory evidence = EvidenceDirectory.open(directory);
        assertThat(evidence.problems())
                .containsExactlyInAnyOrder(
                        "topology/common/daemons was changed since the run finished",
                        "topology.svg is missing",
                        "fibre-cut/1/extra.txt was added since the run finished");
        assertThat(EvidenceCheck.recheck(evidence).same()).isFalse();
    }

    @Test
    void showsWhereAVerdictWasPolished() throws IOException {
        write();
        Path verdict = directory.resolve("fibre-cut/2/verdict.json");
        Files.writeString(
                verdict, Files.readString(verdict).replaceFirst("\"verdict\" : \"fail\"", "\"verdict\" : \"pass\""));
        Recheck recheck = EvidenceCheck.recheck(EvidenceDirectory.open(directory));
        assertThat(recheck.same()).isFalse();
        assertThat(recheck.trials().get(0).same()).isTrue();
        assertThat(recheck.trials().get(1).differences())
                .containsExactly("verdict: stored \"pass\", recomputed \"fail\"");
        assertThat(recheck.problems()).containsExactly("fibre-cut/2/verdict.json was changed since the run finished");
    }

    @Test
    void showsThatASummaryWasPolished() throws IOException {
        write();
        Path summary = directory.resolve("summary.json");
        Files.writeString(summary, Files.readString(summary).replace("\"failed\" : 1", "\"failed\" : 0"));
        assertThat(EvidenceCheck.recheck(EvidenceDirectory.open(directory)).problems())
                .contains("summary.json rows[0].failed: stored 0, recomputed 1");
    }

    @Test
    void saysThatItIsIncompleteWhenTheRunWasKilled() throws IOException {
        // Not closed and not finished: what a killed process leaves behind.
        EvidenceWriter writer = EvidenceWriter.create(directory, RUN, spec, topology);
        keep(writer, 1, 350);
        HistoryWriter killed = writer.history("fibre-cut", 2);
        trial(2, 350).events().subList(0, 100).forEach(killed::append);

        EvidenceDirectory evidence = EvidenceDirectory.open(directory);
        assertThat(evidence.problems()).containsExactly("the run did not finish, so its files have no digests");
        assertThat(evidence.trials()).hasSize(2);
        Recheck recheck = EvidenceCheck.recheck(evidence);
        assertThat(recheck.same()).isFalse();
        assertThat(recheck.trials().get(0).same()).isTrue();
        assertThat(recheck.trials().get(1).differences())
                .containsExactly("no verdict was given; the history says INCONCLUSIVE");
        // The control: once it is finished, nothing of that is said.
        writer.finish();
        assertThat(EvidenceDirectory.open(directory).problems()).isEmpty();
    }

    @Test
    void tellsOfADamagedHistoryInsteadOfFailing() throws IOException {
        write();
        Path history = directory.resolve("fibre-cut/1/history.jsonl.gz");
        Files.delete(history);
        Recheck recheck = EvidenceCheck.recheck(EvidenceDirectory.open(directory));
        assertThat(recheck.trials().get(0).recomputed()).isEmpty();
        assertThat(recheck.trials().get(0).differences().get(0)).startsWith("expected the history of fibre-cut/1");
        assertThat(recheck.trials().get(1).same()).isTrue();
    }

    @Test
    void isNeverWrittenOverOtherEvidenceOrOutsideItsDirectory() throws IOException {
        write();
        assertThatThrownBy(() -> EvidenceWriter.create(directory, RUN, spec, topology))
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("evidence is never overwritten");
        try (EvidenceWriter writer = EvidenceWriter.create(temporary.resolve("other"), RUN, spec, topology)) {
            assertThatThrownBy(() -> writer.attach("../outside.txt", "x")).isInstanceOf(IllegalArgumentException.class);
            keep(writer, 1, 350);
            assertThatThrownBy(() -> writer.history("fibre-cut", 1)).isInstanceOf(EvidenceException.class);
        }
        assertThat(temporary.resolve("outside.txt")).doesNotExist();
    }

    @Test
    void saysWhatIsMissingWhereThereIsNone() {
        assertThatThrownBy(() -> EvidenceDirectory.open(temporary.resolve("nothing")))
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("expected an evidence directory with a run.json");
    }

    @Test
    void writesVerdictsForPeopleToo() throws IOException {
        write();
        assertThat(Files.readString(directory.resolve("fibre-cut/2/verdict.json"), StandardCharsets.UTF_8))
                .contains("\"gw-north: recovered after 2.00 s ± 0.02 s (still watched), budget 1 s\"")
                .contains("\"recovery\" : \"recovered\"");
    }
}
