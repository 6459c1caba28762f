package org.reconverge.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the tests of a class on a lab. Every test method (and {@code @BeforeEach}) may take the
 * {@link org.reconverge.lab.Lab} as a parameter.
 *
 * <pre>{@code
 * @FailoverTest("two-site")
 * class FibreCutTest {
 *
 *     @Test
 *     void northSurvivesSilentLossOfItsHomeSite(Lab lab) {
 *         Client north = lab.client("gw-north");
 *         assertThat(north).isServedBy("berlin");
 *         try (Injection cut = lab.inject(silentDrop("transit-a:eth2"))) {
 *             assertThat(north.outageAfter(cut)).isRecoveredWithin(lab.budget().rto()).isServedBy("frankfurt");
 *         }
 *         assertThat(lab).returnsToSteadyState().hasNoResidualFault();
 *     }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>The class shares one lab, which is started for its first test and removed after its last one.
 *   <li>Every test starts from verified steady state. A lab that does not come back to it is built anew, which the log and
 *       the test's report entries say.
 *   <li>A fault that a test leaves in force is taken back after it. That it could not be fails the test.
 *   <li>Every test is recorded from its steady state on, and leaves its history and what was asserted as evidence, in
 *       {@code target/failover/<time>-<topology>/}; JUnit publishes both files.
 *   <li>A test that proves nothing ({@link InconclusiveError}: the host stalled, say) is repeated up to twice, from steady
 *       state and without its {@code @BeforeEach} methods, and says so in its report entries. If the last one is
 *       inconclusive still, the test fails: it is never green.
 *   <li>Without a container engine the tests fail with the reason, unless they were not asked for: with the system property
 *       {@value FailoverExtension#SKIP_LABS} they are skipped.
 * </ul>
 *
 * <p>Tests of one class run one after another. Classes may run in parallel; their labs do not meet.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FailoverExtension.class)
public @interface FailoverTest {

    /**
     * Names the lab: a bundled topology such as {@code two-site}, or a {@code *.failover.yml} file, or a directory that holds
     * one. A path is looked for in the working directory, which is the module's in Maven and in an IDE, then on the class
     * path.
     */
    String value();
}
