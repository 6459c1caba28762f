package org.reconverge.lab;

/** Which Reconverge this is, for evidence and for people. */
public final class HarnessVersion {

    /** The system property in which the launcher says from which sources it was built: a digest over all of them. */
    private static final String SOURCES = "reconverge.sources";

    private HarnessVersion() {}

    /**
     * Returns the version as released, with the digest of the sources where the launcher has built it, such as
     * {@code 0.1.0 (sources 0d8efc1738faff85)}; {@code development} if it runs from class files that no build has packed.
     */
    public static String current() {
        String released = HarnessVersion.class.getPackage().getImplementationVersion();
        String sources = System.getProperty(SOURCES, "");
        return (released == null ? "development" : released) + (sources.isEmpty() ? "" : " (sources " + sources + ")");
    }
}
