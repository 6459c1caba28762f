package org.reconverge.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.reconverge.lab.panel.PanelException;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.model.topology.Bind;

/**
 * The files that nodes find in their containers. Those bound from below the topology's directory are copied in, not
 * mounted. So a lab cannot change the files it was started from, and a remote engine, which does not see them, works
 * alike.
 *
 * <p>The patch panel writes them: through the engine it costs a process of the engine for every node, and as much time as
 * the start of the node itself.
 */
final class NodeFiles {

    private static final String NAME_SERVERS = "/etc/resolv.conf";

    /** What the engine mounts over the image's own, and writes anew at every start. */
    private static final Set<String> MANAGED_BY_ENGINE = Set.of("/etc/hosts", "/etc/hostname", NAME_SERVERS);

    /**
     * What a node finds in place of its engine's name servers, which no lab can reach: nobody, who says so at once (the C
     * library asks the node itself then). A service that looks up its own name at its start would wait 10 s and longer.
     */
    private static final String NO_NAME_SERVER = "# A lab has no name server but its own.\n";

    /** So many characters go to the panel at once, or one file, if that is more. */
    private static final int CHUNK = 1 << 20;

    private static final HexFormat HEX = HexFormat.of();

    private final Path topologyDirectory;

    NodeFiles(Path topologyDirectory) {
        this.topologyDirectory = topologyDirectory;
    }

    /** Returns whether a bound file is copied into its node. */
    boolean isPlaced(Bind bind) {
        return bind.source().startsWith(topologyDirectory);
    }

    /**
     * Writes a node's files into its container, which waits at its gate for the first time.
     *
     * @throws LabException if one cannot be written
     */
    void place(LabNode node, PatchPanel panel) {
        place(node, panel, bind -> !MANAGED_BY_ENGINE.contains(bind.target()));
    }

    /**
     * Writes those of a node's files into its container that the engine would have otherwise: at every start, before the
     * gate is opened.
     *
     * @throws LabException if one cannot be written
     */
    void placeOverEngines(LabNode node, PatchPanel panel) {
        if (node.definition().binds().stream().noneMatch(bind -> bind.target().equals(NAME_SERVERS))) {
            write(node, panel, NAME_SERVERS, NO_NAME_SERVER);
        }
        place(node, panel, bind -> MANAGED_BY_ENGINE.contains(bind.target()));
    }

    private void place(LabNode node, PatchPanel panel, Predicate<Bind> which) {
        Delivery delivery = new Delivery(node, panel);
        try {
            for (Bind bind : node.definition().binds()) {
                if (isPlaced(bind) && which.test(bind)) {
                    add(bind, delivery);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files of node " + node.name() + " could not be read", e);
        }
        delivery.send();
    }

    /**
     * Writes a text into a node that runs.
     *
     * @throws LabException if it cannot be written
     */
    void write(LabNode node, PatchPanel panel, String path, String text) {
        Delivery delivery = new Delivery(node, panel);
        delivery.add(0644, path, text.getBytes(StandardCharsets.UTF_8));
        delivery.send();
    }

    private static void add(Bind bind, Delivery delivery) throws IOException {
        String target = bind.target().replaceFirst("^/*", "/").replaceFirst("/+$", "");
        try (Stream<Path> files = Files.walk(bind.source())) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String relative = bind.source().relativize(file).toString().replace('\\', '/');
                String path = relative.isEmpty() ? target : target + "/" + relative;
                if (Files.isDirectory(file)) {
                    delivery.add(mode(file), path + "/", new byte[0]);
                } else if (Files.isRegularFile(file)) {
                    delivery.add(mode(file), path, Files.readAllBytes(file));
                }
            }
        }
    }

    /** Owner rights as on the host, and readable by all: a daemon's own user must be able to read its configuration. */
    private static int mode(Path file) throws IOException {
        int mode = 0444;
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            mode |= permissions.contains(PosixFilePermission.OWNER_WRITE) ? 0200 : 0;
            mode |= permissions.contains(PosixFilePermission.OWNER_EXECUTE) ? 0111 : 0;
        }
        return Files.isDirectory(file) ? mode | 0111 : mode;
    }

    /** What is on its way to a node. */
    private static final class Delivery {

        private final LabNode node;
        private final PatchPanel panel;
        private final StringBuilder files = new StringBuilder();

        Delivery(LabNode node, PatchPanel panel) {
            this.node = node;
            this.panel = panel;
        }

        void add(int mode, String path, byte[] content) {
            files.append(' ').append(Integer.toOctalString(mode)).append(' ');
            files.append(HEX.formatHex(path.getBytes(StandardCharsets.UTF_8))).append(" x");
            files.append(HEX.formatHex(content));
            if (files.length() > CHUNK) {
                send();
            }
        }

        void send() {
            if (files.isEmpty()) {
                return;
            }
            try {
                panel.run("put " + node.pid() + files + "\n");
            } catch (PanelException e) {
                throw new LabException(
                        node.isRunning()
                                ? "node " + node.name() + " ("
                                        + node.definition().position() + "): its files could not be written: "
                                        + e.getMessage()
                                : node.diedMessage(),
                        e);
            }
            files.setLength(0);
        }
    }
}
