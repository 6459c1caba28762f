package org.reconverge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineUnavailableException;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.model.json.JsonForm;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.spec.FailoverSpecFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Uses what most commands use, so that the launcher can have the JVM archive those classes (class data sharing) and
 * later starts find them ready.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", description = "A failover spec to read.")
    private Path spec = Path.of("");

    @Override
    public Integer call() throws IOException {
        CommandLine commandLine = Reconverge.commandLine();
        commandLine.usage(new PrintWriter(Writer.nullWriter()));
        commandLine.getSubcommands().values().forEach(command -> command.usage(new PrintWriter(Writer.nullWriter())));
        JsonForm.text(ExitCode.PASS);
        try {
            FailoverSpecFile.parse(spec);
        } catch (InvalidFileException e) {
            // The classes are loaded all the same.
        }
        try (Engine engine = Engine.connect()) {
            new ImageStore(engine, ProgressListener.silent()).status();
            engine.client().listContainersCmd().exec();
        } catch (EngineUnavailableException e) {
            // Then there is less to archive, which the launcher wants to know.
            return ExitCode.INCONCLUSIVE;
        }
        return ExitCode.PASS;
    }
}
