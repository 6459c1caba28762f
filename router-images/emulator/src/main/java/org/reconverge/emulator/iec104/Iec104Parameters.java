package org.reconverge.emulator.iec104;

import java.time.Duration;

/**
 * The parameters of a session that both stations must agree on (§9.6). The standard's ranges for times are whole seconds
 * from 1 to 255; shorter ones are allowed here, since a lab may want to find out what they would do.
 *
 * @param k the most I frames sent and not acknowledged, 1 to 32767 (§5.5)
 * @param w an acknowledgement is sent at the latest after this many I frames received, 1 to k (§5.5, which recommends at
 *     most two thirds of k)
 * @param t0 how long establishing a connection may take
 * @param t1 how long a peer may take to acknowledge an I frame or to confirm a U frame
 * @param t2 how long an acknowledgement may wait for more to acknowledge; less than t1
 * @param t3 after how long without a frame received a connection is tested
 */
public record Iec104Parameters(int k, int w, Duration t0, Duration t1, Duration t2, Duration t3) {

    /** What the standard proposes: k = 12, w = 8, t0 = 30 s, t1 = 15 s, t2 = 10 s, t3 = 20 s. */
    public static final Iec104Parameters DEFAULT = new Iec104Parameters(
            12, 8, Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(20));

    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if they cannot work; the message says which and why
     */
    public Iec104Parameters {
        if (k < 1 || k >= Apdu.MODULO) {
            throw new IllegalArgumentException("expected k from 1 to 32767, but found " + k);
        }
        if (w < 1 || w > k) {
            throw new IllegalArgumentException(
                    "expected w from 1 to k = " + k + ", beyond which the peer would wait for t2, but found " + w);
        }
        for (Duration time : new Duration[] {t0, t1, t2, t3}) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("expected t0, t1, t2 and t3 above zero, but found " + time);
            }
        }
        if (t2.compareTo(t1) >= 0) {
            throw new IllegalArgumentException(
                    "expected t2 below t1 = " + t1 + ", after which the peer ends the connection, but found " + t2);
        }
    }
}
