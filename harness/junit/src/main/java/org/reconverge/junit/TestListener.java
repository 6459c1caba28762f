package org.reconverge.junit;

/**
 * Told what each test on a lab leaves behind, for example to attach it to a report. Found by
 * {@link java.util.ServiceLoader}; called on the test's thread after its {@code @AfterEach} methods.
 */
@FunctionalInterface
public interface TestListener {

    /** A test has ended, or an attempt that proved nothing and is repeated. */
    void ended(TestRecord test);
}
