package org.reconverge.model.spec;

/**
 * How a client that knows the service by name finds its address: what a platform without anycast would count on.
 *
 * @param name the name that it looks up
 * @param resolver the address of the resolver that it asks
 * @param policy how long it believes an answer
 */
public record NameLookup(String name, String resolver, Policy policy) {

    /** How long a client believes an answer. */
    public enum Policy {
        /** For its time to live (RFC 1035 §3.2.1). */
        TTL,
        /** For ever, as most firewalls, VPN peers and telecontrol clients do. */
        ONCE
    }
}
