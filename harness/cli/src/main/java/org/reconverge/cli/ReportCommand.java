package org.reconverge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.reports.ReportInput;
import org.reconverge.reports.html.HtmlReport;
import org.reconverge.reports.markdown.MarkdownResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of an evidence directory. */
@Command(
        name = "report",
        description = {
            "Writes the report of an evidence directory: one HTML page that needs nothing else, or with --markdown the table"
                    + " of its results, for a README or a ticket.",
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

    @Option(
            names = "--markdown",
            description = "Print the results as a Markdown table instead; with --output, write it into that file.")
    private boolean markdown;

    @Parameters(paramLabel = "DIR", description = "An evidence directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws IOException {
        EvidenceDirectory evidence = EvidenceDirectory.open(directory);
        ReportInput input = ReportInput.of(evidence);
        if (markdown) {
            return markdown(input);
        }
        Path file = output.orElseGet(evidence::report);
        HtmlReport.write(input, file);
        if (options.isJson()) {
            options.json(Map.of("report", file.toString(), "problems", input.problems()));
        } else {
            input.problems().forEach(problem -> options.err().println("problem: " + problem));
            options.out().println("report: " + file);
        }
        return exitCode(input);
    }

    private int markdown(ReportInput input) throws IOException {
        input.problems().forEach(problem -> options.err().println("problem: " + problem));
        String results = MarkdownResults.of(input);
        if (output.isPresent()) {
            Files.writeString(output.get(), results);
        } else {
            options.out().print(results);
            options.out().flush();
        }
        return exitCode(input);
    }

    private static int exitCode(ReportInput input) {
        return input.problems().isEmpty() ? ExitCode.PASS : ExitCode.INCONCLUSIVE;
    }
}
