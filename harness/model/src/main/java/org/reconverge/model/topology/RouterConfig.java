package org.reconverge.model.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routing configuration that a node is given by its binds and its exec.
 *
 * @param node the node
 * @param frr the file that FRR reads: {@code frr.conf}, or {@code bgpd.conf} of the split form
 * @param bird the file that BIRD reads
 * @param daemons the file that says which of FRR's daemons run
 * @param asNumbers the node's own autonomous system numbers, in the order of the configuration
 */
public record RouterConfig(
        String node, Optional<Path> frr, Optional<Path> bird, Optional<Path> daemons, List<Long> asNumbers) {

    private static final List<String> FRR_FILES = List.of("/etc/frr/frr.conf", "/etc/frr/bgpd.conf");
    private static final List<String> BIRD_FILES =
            List.of("/etc/bird/bird.conf", "/etc/bird.conf", "/usr/local/etc/bird.conf");
    private static final List<String> DAEMON_FILES = List.of("/etc/frr/daemons");

    private static final String AS_NUMBER = "([0-9]{1,10}(?:\\.[0-9]{1,5})?)";

    /** The number may also come from exec: {@code vtysh -c 'conf t' -c 'router bgp 65001'}. */
    private static final Pattern FRR_AS = Pattern.compile("(?m)(?:^|['\"])[ \\t]*router bgp " + AS_NUMBER + "\\b");

    private static final Pattern FRR_COMMENT = Pattern.compile("(?m)^[ \\t]*[!#].*$");

    /** {@code local as 65001;} and {@code local 192.0.2.1 port 179 as OWN_AS;} (BIRD 2 user's guide, BGP). */
    private static final Pattern BIRD_AS =
            Pattern.compile("\\blocal\\s+(?:[0-9A-Fa-f.:]+\\s+)?(?:port\\s+[0-9]+\\s+)?as\\s+(\\w+)\\b");

    private static final Pattern BIRD_DEFINE = Pattern.compile("\\bdefine\\s+(\\w+)\\s*=\\s*([0-9]{1,10})\\s*;");
    private static final Pattern BIRD_COMMENT = Pattern.compile("#.*|(?s:/\\*.*?\\*/)");

    /** Copies the list, so that a configuration never changes. */
    public RouterConfig {
        asNumbers = List.copyOf(asNumbers);
    }

    /**
     * Finds the routing configuration of every container of a topology.
     *
     * @return by node, in the order of the topology; a node without any has empty files and no numbers
     * @throws UncheckedIOException if a bound file cannot be read
     */
    public static Map<String, RouterConfig> of(Topology topology) {
        Map<String, RouterConfig> configs = new LinkedHashMap<>();
        topology.nodes().values().stream()
                .filter(node -> node.kind() == NodeKind.LINUX)
                .forEach(node -> configs.put(node.name(), of(node)));
        return configs;
    }

    /**
     * Finds the routing configuration of one node.
     *
     * @throws UncheckedIOException if a bound file cannot be read
     */
    public static RouterConfig of(Node node) {
        Optional<Path> frr = bound(node, FRR_FILES);
        Optional<Path> bird = bound(node, BIRD_FILES);
        Set<Long> numbers = new LinkedHashSet<>();
        frr.ifPresent(file -> numbers.addAll(frrNumbers(text(file))));
        bird.ifPresent(file -> numbers.addAll(birdNumbers(text(file))));
        node.exec().forEach(command -> numbers.addAll(frrNumbers(command)));
        return new RouterConfig(node.name(), frr, bird, bound(node, DAEMON_FILES), List.copyOf(numbers));
    }

    /** Returns the own AS numbers of an FRR configuration. */
    static Set<Long> frrNumbers(String configuration) {
        Set<Long> numbers = new LinkedHashSet<>();
        Matcher matcher = FRR_AS.matcher(FRR_COMMENT.matcher(configuration).replaceAll(""));
        while (matcher.find()) {
            asNumber(matcher.group(1)).ifPresent(numbers::add);
        }
        return numbers;
    }

    /** Returns the own AS numbers of a BIRD configuration, those behind a {@code define} included. */
    static Set<Long> birdNumbers(String configuration) {
        String text = BIRD_COMMENT.matcher(configuration).replaceAll("");
        Map<String, String> defined = new HashMap<>();
        Matcher define = BIRD_DEFINE.matcher(text);
        while (define.find()) {
            defined.put(define.group(1), define.group(2));
        }
        Set<Long> numbers = new LinkedHashSet<>();
        Matcher matcher = BIRD_AS.matcher(text);
        while (matcher.find()) {
            asNumber(defined.getOrDefault(matcher.group(1), matcher.group(1))).ifPresent(numbers::add);
        }
        return numbers;
    }

    /** Reads a number in asplain or asdot (RFC 5396). */
    private static Optional<Long> asNumber(String text) {
        if (!text.matches(AS_NUMBER)) {
            return Optional.empty();
        }
        int dot = text.indexOf('.');
        return Optional.of(
                dot < 0
                        ? Long.parseLong(text)
                        : Long.parseLong(text.substring(0, dot)) << 16 | Long.parseLong(text.substring(dot + 1)));
    }

    /** Returns the file of the host that stands at the first of some paths in the node. */
    private static Optional<Path> bound(Node node, List<String> targets) {
        return targets.stream().flatMap(target -> bound(node, target).stream()).findFirst();
    }

    private static Optional<Path> bound(Node node, String target) {
        return node.binds().stream()
                .filter(bind -> target.equals(bind.target()) || target.startsWith(stripSlash(bind.target()) + "/"))
                // A bind further down hides what one further up shows.
                .max(Comparator.comparingInt(bind -> bind.target().length()))
                .map(bind -> target.equals(bind.target())
                        ? bind.source()
                        : bind.source()
                                .resolve(target.substring(
                                        stripSlash(bind.target()).length() + 1)))
                .filter(Files::isRegularFile);
    }

    private static String stripSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String text(Path file) {
        try {
            // Any octet is a character, so that a comment in an old encoding does no harm.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
