package org.reconverge.model.topology;

/**
 * An IP prefix, such as {@code 203.0.113.0/24}. Bits behind the length are ignored.
 *
 * @param address the address
 * @param length how many of its bits count
 */
public record Prefix(IpAddress address, int length) {

    /** Checks the length. */
    public Prefix {
        if (length < 0 || length > (address.isIpv6() ? 128 : 32)) {
            throw new IllegalArgumentException(
                    "expected a prefix length that fits " + address + ", but found " + length);
        }
    }

    /**
     * Parses a prefix; an address alone is one of full length.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        String length = slash < 0 ? (address.isIpv6() ? "128" : "32") : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("expected a prefix, such as 203.0.113.0/24, but found '" + text + "'");
        }
        return new Prefix(address, Integer.parseInt(length));
    }

    /** Returns whether every address of {@code other} is one of this prefix. */
    public boolean contains(Prefix other) {
        if (address.isIpv6() != other.address.isIpv6() || other.length < length) {
            return false;
        }
        byte[] mine = address.toInetAddress().getAddress();
        byte[] others = other.address.toInetAddress().getAddress();
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (others[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
