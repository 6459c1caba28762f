package org.reconverge.lab.engine;

/** Something that labs use if the engine and its kernel have it. */
public enum KernelCapability {
    /** A container may see the processes of the engine's host; the patch panel reaches the nodes' namespaces so. */
    PID_HOST("host's process ids", true, ""),
    /** A pair of Ethernet interfaces, and moving one into another network namespace. */
    VETH("veth pairs", true, ""),
    /** nftables forwards frames from one interface to another at ingress. */
    NFT_FORWARD("nftables netdev fwd", true, ""),
    /** nftables forgets set elements by itself. */
    NFT_TIMEOUT("nftables set timeouts", true, ""),
    /** A layer-2 bridge. */
    BRIDGE("bridge", false, "none: topologies with bridge nodes cannot run"),
    /** nftables compares the time of day. */
    NFT_META_TIME("nftables meta time", false, "set timeouts, which every lab has"),
    /** nftables numbers packets at random or in turn. */
    NFT_NUMGEN("nftables numgen", false, "none: loss cannot be injected unless the kernel has netem"),
    /** Delay, loss, duplication and reordering in the kernel. */
    NETEM("netem", false, "loss by nftables numgen, delay by a relay between two TAPs"),
    /** A rate limit in the kernel. */
    TBF("token bucket filter", false, "nftables limit rate"),
    /** A user-space network interface. */
    TUN("TUN/TAP", false, "none: tunnels that live in user space cannot run"),
    /** Layer 2 over UDP. */
    VXLAN("VXLAN", false, "none: topologies with VXLAN cannot run"),
    /** Several routing tables with interfaces of their own. */
    VRF("VRF", false, "none: topologies with VRFs cannot run"),
    /** WireGuard in the kernel. */
    WIREGUARD("WireGuard", false, "wireguard-go in user space, over TUN"),
    /** IPsec ESP in the kernel. */
    ESP("IPsec ESP", false, "strongSwan's kernel-libipsec in user space, over TUN");

    private final String title;
    private final boolean required;
    private final String fallback;

    KernelCapability(String title, boolean required, String fallback) {
        this.title = title;
        this.required = required;
        this.fallback = fallback;
    }

    /** Returns its name for people. */
    public String title() {
        return title;
    }

    /** Returns whether no lab runs without it. */
    public boolean isRequired() {
        return required;
    }

    /** Returns what is used where it is missing; empty if nothing can take its place. */
    public String fallback() {
        return fallback;
    }
}
