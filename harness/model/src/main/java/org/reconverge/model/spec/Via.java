package org.reconverge.model.spec;

/** The way to the platform. */
public enum Via {
    /** Outside, to a service address. */
    NETWORK,
    /** Inside the client's tunnel, to the platform's inner address. */
    TUNNEL
}
