package org.reconverge.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.reports.ReportInput;
import org.reconverge.reports.html.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of an evidence directory. */
@Command(
        name = "report",
        description = {
            "Writes the report of an evidence directory: one HTML page that needs nothing else.",
            "Needs no container engine. Every verdict is computed again from its history. Ends with 3 if the evidence"
                    + " was changed or a verdict differs; the page then says so."
        })
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file to write (default: report.html in the evidence directory).")
    private Optional<Path> output = Optional.empty();

    @Parameters(paramLabel = "DIR", description = "An evidence directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() {
        EvidenceDirectory evidence = EvidenceDirectory.open(directory);
        ReportInput input = ReportInput.of(evidence);
        Path file = output.orElseGet(evidence::report);
        HtmlReport.write(input, file);
        if (options.isJson()) {
            options.json(Map.of("report", file.toString(), "problems", input.problems()));
        } else {
            input.problems().forEach(problem -> options.err().println("problem: " + problem));
            options.out().println("report: " + file);
        }
        return input.problems().isEmpty() ? ExitCode.PASS : ExitCode.INCONCLUSIVE;
    }
}
