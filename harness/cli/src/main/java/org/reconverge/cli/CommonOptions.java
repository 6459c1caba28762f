package org.reconverge.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.ProgressListener;
import org.reconverge.model.json.JsonForm;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has; mixed into each. */
public final class CommonOptions {

    /** How results are written. */
    public enum Format {
        /** For people. */
        text,
        /** For programs. */
        json
    }

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-v", "--verbose"},
            description = "Explain errors with a stack trace and log what is done.")
    private boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    private boolean quiet;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How results are written to standard output (default: ${DEFAULT-VALUE}).")
    private Format format = Format.text;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    private @Nullable ConsoleProgress progress;

    /** Returns whether stack traces are wanted. */
    public boolean isVerbose() {
        return verbose;
    }

    /** Returns whether results are wanted as JSON. */
    public boolean isJson() {
        return format == Format.json;
    }

    /** Returns where results go. */
    public PrintWriter out() {
        return spec().commandLine().getOut();
    }

    /** Returns where everything else goes. */
    public PrintWriter err() {
        return spec().commandLine().getErr();
    }

    /** Returns the listener that shows progress as the user asked; the same one at every call. */
    public ProgressListener progress() {
        return console();
    }

    /** Says one line on standard error, without tearing a live progress line apart. Silent with {@code --quiet}. */
    public void say(String line) {
        console().say(line);
    }

    /** Writes a result as JSON, in the form that evidence has: {@link JsonForm}. */
    public void json(Object result) {
        out().println(JsonForm.text(result));
    }

    ConsoleProgress console() {
        if (progress == null) {
            progress = ConsoleProgress.on(err(), quiet);
        }
        return progress;
    }

    private CommandSpec spec() {
        if (command == null) {
            throw new IllegalStateException("used before the command line was parsed");
        }
        return command;
    }
}
