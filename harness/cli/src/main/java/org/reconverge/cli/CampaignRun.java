package org.reconverge.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.Campaign;
import org.reconverge.lab.HarnessVersion;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.ClientResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.evidence.EvidenceWriter;
import org.reconverge.model.evidence.Run;
import org.reconverge.model.spec.Scenario;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.reports.ReportInput;
import org.reconverge.reports.graph.TopologyGraph;
import org.reconverge.reports.html.HtmlReport;

/** Runs one campaign for a command: evidence, progress, and what is said while it goes. */
final class CampaignRun implements Campaign.Listener {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneId.systemDefault());

    private final CommonOptions options;
    private final String label;
    private final boolean watch;
    private String trial = "";
    private @Nullable LiveView view;
    private Consumer<LiveView> underWay = shown -> {};
    private ConsoleProgress.@Nullable Picture picture;

    /**
     * Prepares a run.
     *
     * @param label what its lines begin with, where a command runs several; may be empty
     * @param watch whether to show the clients while it goes, where there is a terminal
     */
    CampaignRun(CommonOptions options, String label, boolean watch) {
        this.options = options;
        this.label = label;
        this.watch = watch && options.console().canDraw();
    }

    /** Returns the default place of the evidence of a run that starts now. */
    static Path defaultEvidence(String lab) {
        return Path.of("evidence", STAMP.format(Instant.now()) + "-" + lab);
    }

    /**
     * Runs scenarios and keeps the evidence.
     *
     * @param seed where all random choices come from, whatever the options say
     * @param command the command that runs it again
     */
    CampaignSummary run(
            LabChoice lab,
            Engine engine,
            List<Scenario> scenarios,
            CampaignOptions campaign,
            long seed,
            Path directory,
            List<String> command) {
        String id = STAMP.format(Instant.now()) + "-" + lab.topology().name();
        Run run =
                new Run(id, Instant.now(), seed, command, versions(engine), engine.describe(), engine.kernelRelease());
        try (EvidenceWriter evidence = EvidenceWriter.create(directory, run, lab.spec(), lab.topology())) {
            Campaign.Plan plan = new Campaign.Plan(id, scenarios, campaign.trials, seed, campaign.capture);
            LabOptions start = new LabOptions(lab.spec(), lab.topology(), engine, options.progress());
            new Campaign(start, plan, evidence, this).run();
            TopologyGraph graph =
                    TopologyGraph.of(lab.topology(), Optional.of(lab.spec()), RouterConfig.of(lab.topology()));
            evidence.attach("topology.svg", graph.svg());
            CampaignSummary summary = evidence.finish();
            EvidenceDirectory finished = EvidenceDirectory.open(directory);
            HtmlReport.write(ReportInput.of(finished), finished.report());
            return summary;
        } finally {
            endPicture();
        }
    }

    private void show(Lab lab) {
        LiveView shown = new LiveView(lab.spec(), System.getenv("NO_COLOR") == null);
        view = shown;
        underWay.accept(shown);
        // It ends with the lab, which ends before the run or when it is built anew.
        var unused = lab.watch(shown::take);
        ConsoleProgress console = options.console();
        endPicture();
        picture = console.draw(() -> shown.draw(lab.now(), console.width()));
    }

    private void endPicture() {
        if (picture != null) {
            picture.close();
            picture = null;
        }
    }

    private static Map<String, String> versions(Engine engine) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("reconverge", HarnessVersion.current());
        versions.put("java", Runtime.version().toString());
        new ImageStore(engine, ProgressListener.silent())
                .status()
                .forEach(image -> versions.put("image " + image.name(), image.tag()));
        return versions;
    }

    @Override
    public void labReady(Lab lab) {
        StringBuilder phases = new StringBuilder();
        lab.startupPhases()
                .forEach((phase, time) -> phases.append(phases.isEmpty() ? "" : ", ")
                        .append(phase)
                        .append(String.format(java.util.Locale.ROOT, " %.1f s", time.toMillis() / 1000.0)));
        options.say(label + "lab " + lab.id() + " is in steady state (" + phases + ")");
        if (watch) {
            show(lab);
        }
    }

    @Override
    public void trialStarts(Scenario scenario, int number, int done, int total) {
        trial = scenario.name() + (number > 1 ? " #" + number : "");
        underWay = shown -> shown.trial(scenario.name(), scenario.fault().describe(), done, total);
        if (view != null) {
            underWay.accept(view);
        }
        options.progress()
                .progress("scenarios", label + trial + ": " + scenario.fault().describe(), done - 1, total);
    }

    @Override
    public void trialEnded(TrialResult result) {
        StringBuilder line = new StringBuilder(label + String.format("%-28s %-12s", trial, result.verdict()));
        for (ClientResult client : result.clients()) {
            client.event()
                    .flatMap(event -> event.outage())
                    .ifPresent(outage -> line.append("  ")
                            .append(client.client())
                            .append(' ')
                            .append(outage.value().isZero() ? "no loss" : "out for " + outage));
        }
        options.say(line.toString());
    }

    @Override
    public void trialRepeated(TrialResult result) {
        options.say(label + trial + " proved nothing and is repeated: "
                + (result.reasons().isEmpty()
                        ? "no reason was given"
                        : result.reasons().get(0)));
    }

    @Override
    public void labRebuilt(String reason) {
        options.say(
                label + "the lab is built anew: " + reason.lines().findFirst().orElse(""));
    }
}
