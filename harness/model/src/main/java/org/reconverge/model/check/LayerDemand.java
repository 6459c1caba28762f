package org.reconverge.model.check;

import java.time.Duration;
import java.util.Optional;
import org.reconverge.model.spec.Continuity;

/**
 * What is demanded of a client's tunnel and of its telecontrol sessions after an event, beyond the time to recover in.
 *
 * @param continuity the least that must survive of the tunnel
 * @param tunnelShare the most that the tunnel may take after the network has recovered; empty for any
 * @param sessionShare the most that the sessions may take after their way has recovered; empty for any
 */
public record LayerDemand(Continuity continuity, Optional<Duration> tunnelShare, Optional<Duration> sessionShare) {}
