package org.reconverge.model.check;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an event did to the telecontrol sessions of one probe.
 *
 * <p>A session is restored when STARTDT is confirmed, the general interrogation is complete, and a first spontaneous value
 * has passed.
 *
 * @param name the probe's name
 * @param verdict the verdict on them alone
 * @param reasons why it is not {@code PASS}
 * @param sessions how many there are, {@code kept + restored + down}
 * @param kept how many went on over the connection that they had
 * @param restored how many were restored over a new connection
 * @param down how many were not, or are not known to have been
 * @param fastest from the event until the first of the interrupted sessions carried values again; empty if none was
 *     interrupted or none came back
 * @param median the same of the median
 * @param p95 the same of the one that was slower than 95 of 100
 * @param recovery the same of the last; empty, too, if one is down
 * @param inTime how many were back within the budget, for certain: kept ones, and restored ones whose time and accuracy fit
 * @param reconnects how the client's connections came back; empty if nothing told of attempts
 * @param share from the recovery of their way, the tunnel or the network, to {@code recovery}: what the sessions
 *     themselves took
 * @param breaks why connections ended, as the client saw it, and how many for each reason, such as {@code connection reset}
 * @param starts how sessions were opened again where there is more than one way, and how many in each, such as
 *     {@code TLSv1.3, full handshake}
 * @param values what became of the values
 * @param commands what became of the commands
 */
public record SessionResult(
        String name,
        Verdict verdict,
        List<String> reasons,
        int sessions,
        int kept,
        int restored,
        int down,
        Optional<Measured> fastest,
        Optional<Measured> median,
        Optional<Measured> p95,
        Optional<Measured> recovery,
        int inTime,
        Optional<Reconnects> reconnects,
        Optional<Measured> share,
        Map<String, Integer> breaks,
        Map<String, Integer> starts,
        Values values,
        Commands commands) {

    /** Copies list and maps, so that a result never changes. */
    public SessionResult {
        reasons = List.copyOf(reasons);
        breaks = Collections.unmodifiableMap(new TreeMap<>(breaks));
        starts = Collections.unmodifiableMap(new TreeMap<>(starts));
    }

    /**
     * The attempts to open connections between the event and the next. Kernels' repetitions of a SYN are not counted.
     *
     * @param attempts how many there were
     * @param busiestSecond the most in any one second
     */
    public record Reconnects(int attempts, int busiestSecond) {}

    /**
     * What became of the values of the controlled stations. Only values whose whole life lies in the history count.
     *
     * @param arose how many there were
     * @param acknowledged how many of them the controlled stations were told that they need not keep
     * @param missing how many of {@code acknowledged} no controlling station ever received: lost for good
     * @param duplicated surplus receptions, at any site
     * @param outOfOrder values that were received after a later one of their station
     * @param discarded values that did not fit into an event buffer, which nobody had acknowledged
     */
    public record Values(
            long arose, long acknowledged, long missing, long duplicated, long outOfOrder, long discarded) {}

    /**
     * What became of the commands.
     *
     * @param executed how many were carried out
     * @param repeated how many of them more than once
     * @param stray how many were carried out after their selection had ended
     * @param unanswered commands whose fate their controlling station was not told
     */
    public record Commands(long executed, long repeated, long stray, long unanswered) {}
}
