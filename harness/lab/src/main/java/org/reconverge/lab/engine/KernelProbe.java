package org.reconverge.lab.engine;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what the engine and its kernel can do by doing it, in a container with the rights of a patch panel that is
 * thrown away afterwards. Version numbers and configuration files are not asked: they lie about modules.
 */
public final class KernelProbe {

    private static final byte[] NO_FILES = {};

    private final Engine engine;
    private final ImageStore images;

    /** Creates a probe. */
    public KernelProbe(Engine engine, ImageStore images) {
        this.engine = engine;
        this.images = images;
    }

    /**
     * What was found.
     *
     * @param capability what was tried
     * @param present whether it worked
     * @param detail what the kernel or the engine said if not; may be empty
     */
    public record Finding(KernelCapability capability, boolean present, String detail) {}

    /**
     * Tries every capability.
     *
     * @return one finding for each, in their order
     * @throws ImageBuildException if the image to try them in cannot be built
     */
    public List<Finding> run() {
        String image = images.ensure("panel");
        try {
            return read(OneShotContainer.run(engine, image, script(), NO_FILES, rights().withDevices(tun())));
        } catch (DockerException withDevice) {
            // A host without /dev/net/tun refuses the container: then TUN is what is missing, and the rest can be
            // tried.
            try {
                return read(OneShotContainer.run(engine, image, script(), NO_FILES, rights()));
            } catch (DockerException e) {
                return refused(EngineMessage.of(e));
            }
        }
    }

    private static HostConfig rights() {
        return HostConfig.newHostConfig()
                .withPidMode("host")
                .withCapDrop(Capability.ALL)
                .withCapAdd(Capability.NET_ADMIN, Capability.SYS_ADMIN, Capability.SYS_PTRACE)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"));
    }

    private static Device tun() {
        return new Device("rwm", "/dev/net/tun", "/dev/net/tun");
    }

    /** Reads lines such as {@code NETEM missing Error: Specified qdisc kind is unknown.} */
    static List<Finding> read(String output) {
        List<String> lines = output.lines().toList();
        List<Finding> findings = new ArrayList<>();
        for (KernelCapability capability : KernelCapability.values()) {
            String present = capability.name() + " present";
            String missing = capability.name() + " missing";
            String line = lines.stream()
                    .filter(text -> text.startsWith(present) || text.startsWith(missing))
                    .findFirst()
                    .orElse(missing + " the probe did not get that far: " + String.join(" ", lines));
            findings.add(new Finding(
                    capability,
                    line.startsWith(present),
                    line.substring(present.length()).strip()));
        }
        return List.copyOf(findings);
    }

    private static List<Finding> refused(String reason) {
        List<Finding> findings = new ArrayList<>();
        for (KernelCapability capability : KernelCapability.values()) {
            findings.add(new Finding(capability, false, "the engine refuses the patch panel: " + reason));
        }
        return List.copyOf(findings);
    }

    private static String script() {
        try (InputStream in = KernelProbe.class.getResourceAsStream("kernel-probe.sh")) {
            if (in == null) {
                throw new IllegalStateException("kernel-probe.sh is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
