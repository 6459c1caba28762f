package org.reconverge.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.reconverge.lab.HarnessVersion;
import org.reconverge.model.source.InvalidFileException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code reconverge}. */
@Command(
        name = "reconverge",
        description = "Tests whether the clients of a BGP-anycast platform come back in time when it breaks.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Reconverge.Version.class,
        subcommands = {
            RunCommand.class,
            UpCommand.class,
            DiffCommand.class,
            CheckCommand.class,
            ReportCommand.class,
            GraphCommand.class,
            ValidateCommand.class,
            DoctorCommand.class,
            ImagesCommand.class,
            EngineCommand.class,
            CleanCommand.class,
            Reconverge.CompletionCommand.class,
            WarmUpCommand.class
        },
        footerHeading = "%nAlso, by the launcher:%n",
        footer = {
            "  verify      Builds Reconverge and runs all of its tests, labs included.",
            "",
            "Exit codes: 0 pass, 1 budget missed, 2 bad input, 3 inconclusive or error."
        },
        exitCodeOnInvalidInput = ExitCode.BAD_INPUT,
        exitCodeOnExecutionException = ExitCode.INCONCLUSIVE)
public final class Reconverge implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // for its help
    private final CommonOptions options = new CommonOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    /** Runs a command and ends the process with its exit code; see {@link ExitCode}. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Returns the command line with every command. */
    public static CommandLine commandLine() {
        return new CommandLine(new Reconverge())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setExecutionStrategy(Reconverge::execute)
                .setParameterExceptionHandler(Reconverge::correct)
                .setExecutionExceptionHandler(Reconverge::explain);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which command to run.");
    }

    private static int execute(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        optionsOf(last(parsed)).ifPresent(common -> Logging.configure(common.isVerbose()));
        return new CommandLine.RunLast().execute(parsed);
    }

    /** A wrong command line is answered with what is wrong, not with a page of help. */
    private static int correct(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' shows how it is used.");
        err.flush();
        return ExitCode.BAD_INPUT;
    }

    /** An error is a sentence; the stack trace is for those who ask. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        boolean verbose = optionsOf(command).map(CommonOptions::isVerbose).orElse(false);
        if (failure instanceof InvalidFileException invalid) {
            invalid.problems().forEach(err::println);
        } else if (verbose) {
            failure.printStackTrace(err);
        } else {
            err.println(describe(failure));
            err.println("('" + command.getCommandSpec().qualifiedName() + " --verbose' shows where it happened.)");
        }
        err.flush();
        return failure instanceof InvalidFileException ? ExitCode.BAD_INPUT : ExitCode.INCONCLUSIVE;
    }

    private static String describe(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.toString() : message;
    }

    private static CommandLine last(ParseResult parsed) {
        return parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
    }

    private static Optional<CommonOptions> optionsOf(CommandLine command) {
        return command.getCommandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(CommonOptions.class::isInstance)
                .map(CommonOptions.class::cast)
                .findFirst();
    }

    /** Says which Reconverge this is. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"Reconverge " + HarnessVersion.current()};
        }
    }

    /** Prints the completion script. */
    @Command(
            name = "completion",
            description = "Prints the completion script for bash and zsh.",
            footer = {"%nFor this shell: source <(./reconverge completion)"})
    static final class CompletionCommand implements Runnable {

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private final CommonOptions options = new CommonOptions();

        @Override
        public void run() {
            options.out().print(AutoComplete.bash("reconverge", spec.root().commandLine()));
        }
    }
}
