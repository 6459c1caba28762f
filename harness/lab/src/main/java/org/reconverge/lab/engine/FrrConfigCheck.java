package org.reconverge.lab.engine;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.reconverge.model.source.Position;
import org.reconverge.model.source.Problem;
import org.reconverge.model.topology.Bind;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.Topology;

/** Lets FRR itself read router configurations, {@code vtysh -C}, in one container for all of them. */
public final class FrrConfigCheck {

    private static final String DIRECTORY = "/etc/frr";
    private static final String COUNT_LINE = "== ";
    private static final Pattern COMPLAINT = Pattern.compile("line (\\d+): (.*)");

    private final Engine engine;
    private final ImageStore images;

    /** Creates a check by the version of FRR that our image has. */
    public FrrConfigCheck(Engine engine, ImageStore images) {
        this.engine = engine;
        this.images = images;
    }

    /** Returns the FRR configurations that the nodes of a topology bind, each once. */
    public static List<Path> configurations(Topology topology) {
        Set<Path> files = new LinkedHashSet<>();
        for (Node node : topology.nodes().values()) {
            for (Bind bind : node.binds()) {
                Path target = Path.of(bind.target());
                if (target.startsWith(DIRECTORY) && isConfiguration(target)) {
                    files.add(bind.source());
                } else if (target.equals(Path.of(DIRECTORY))) {
                    files.addAll(configurationsIn(bind.source()));
                }
            }
        }
        return List.copyOf(files);
    }

    private static List<Path> configurationsIn(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(FrrConfigCheck::isConfiguration).sorted().toList();
        } catch (IOException e) {
            return List.of(); // the topology's reader has said that it does not exist
        }
    }

    private static boolean isConfiguration(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".conf") && !name.equals("vtysh.conf");
    }

    /**
     * Checks configurations.
     *
     * @return every line that FRR does not understand, in the order of the files
     * @throws IOException if a file cannot be read
     */
    public List<Problem> check(Collection<Path> files) throws IOException {
        if (files.isEmpty()) {
            return List.of();
        }
        List<Path> ordered = List.copyOf(files);
        String script = "for i in $(seq 0 " + (ordered.size() - 1) + "); do echo \"" + COUNT_LINE
                + "$i\"; vtysh -C -f /check/$i.conf; done";
        String output = OneShotContainer.run(
                engine,
                images.ensure("frr"),
                script,
                archive(ordered),
                HostConfig.newHostConfig().withCapDrop(Capability.ALL));
        return read(output, ordered);
    }

    static List<Problem> read(String output, List<Path> files) {
        List<Problem> problems = new ArrayList<>();
        Optional<Path> file = Optional.empty();
        for (String line : output.lines().toList()) {
            Matcher complaint = COMPLAINT.matcher(line);
            if (line.startsWith(COUNT_LINE)) {
                file = Optional.of(files.get(Integer.parseInt(line.substring(COUNT_LINE.length()))));
            } else if (file.isPresent() && complaint.matches()) {
                Position position = new Position(file.get(), Integer.parseInt(complaint.group(1)), 1);
                problems.add(new Problem(
                        Problem.Severity.ERROR,
                        position,
                        "",
                        "FRR does not take this line: " + said(complaint.group(2))));
            }
        }
        return List.copyOf(problems);
    }

    /** Turns {@code % Unknown command[28]:  bgp routr-id 192.0.2.1} into what a person would say. */
    private static String said(String complaint) {
        return complaint
                .replaceFirst("^%\\s*", "")
                .replaceFirst("\\[\\d+]:\\s*", ": ")
                .strip();
    }

    private static byte[] archive(List<Path> files) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(octets, StandardCharsets.UTF_8.name())) {
            for (int i = 0; i < files.size(); i++) {
                byte[] content = Files.readAllBytes(files.get(i));
                TarArchiveEntry entry = new TarArchiveEntry("check/" + i + ".conf");
                entry.setSize(content.length);
                entry.setMode(0644);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return octets.toByteArray();
    }
}
