package org.reconverge.lab.engine;

/**
 * The labels by which Reconverge knows its own containers and images. What does not carry them is never touched.
 *
 * <p>Every container of a lab carries {@link #LAB}, {@link #ROLE} and the labels of {@link Owner#labels()}.
 */
public final class Labels {

    /** The id of the lab that a container, network or volume belongs to. */
    public static final String LAB = "org.reconverge.lab";

    /** The topology's node that a container realises. */
    public static final String NODE = "org.reconverge.node";

    /** What a container is for: {@code node}, {@code panel}, {@code probe}, {@code reaper}, {@code throw-away}. */
    public static final String ROLE = "org.reconverge.role";

    /** The name of the host that the owning process runs on. */
    public static final String OWNER_HOST = "org.reconverge.owner.host";

    /** Identifies the owner's host since its last boot. */
    public static final String OWNER_BOOT_ID = "org.reconverge.owner.boot-id";

    /** The PID namespace in which the owner's process id holds. */
    public static final String OWNER_PID_NAMESPACE = "org.reconverge.owner.pid-namespace";

    /** The owner's process id. */
    public static final String OWNER_PID = "org.reconverge.owner.pid";

    /** When the owner started, in a unit of the host's choice; tells it from a later process with the same id. */
    public static final String OWNER_START_TIME = "org.reconverge.owner.start-time";

    /** The name of a router image. */
    public static final String IMAGE = "org.reconverge.image";

    /** The tag under which a router image was finished. */
    public static final String IMAGE_TAG = "org.reconverge.image.tag";

    /** The name of the image that a layer is being built for; empty on a finished image and on what is built on it. */
    static final String IMAGE_UNFINISHED = "org.reconverge.image.unfinished";

    private Labels() {}
}
