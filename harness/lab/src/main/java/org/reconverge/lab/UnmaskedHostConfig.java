package org.reconverge.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.HostConfig;
import java.util.List;

/**
 * A host configuration with nothing of {@code /proc} masked or read-only: what the Docker command line makes of
 * {@code --security-opt systempaths=unconfined}. Published labs call {@code sysctl -w}, which needs it without
 * {@code --privileged}.
 */
final class UnmaskedHostConfig extends HostConfig {

    private static final long serialVersionUID = 1;

    @JsonProperty("MaskedPaths")
    List<String> maskedPaths() {
        return List.of();
    }

    @JsonProperty("ReadonlyPaths")
    List<String> readonlyPaths() {
        return List.of();
    }
}
