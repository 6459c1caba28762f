package org.reconverge.model.topology;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address.
 *
 * @param text the one text form of the address: dotted decimal, or IPv6 as RFC 5952 writes it, without brackets or zone;
 *     two equal addresses have equal texts
 */
public record IpAddress(String text) {

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** Brings the text into its one form. */
    public IpAddress {
        text = canonical(text);
    }

    /**
     * Parses a literal; names are not looked up.
     *
     * @throws IllegalArgumentException if the text is no address; the message says what is expected
     */
    public static IpAddress parse(String text) {
        return new IpAddress(text);
    }

    /** Returns whether this is an IPv6 address. */
    public boolean isIpv6() {
        return text.indexOf(':') >= 0;
    }

    /** Returns {@code ipv4} or {@code ipv6}. */
    public String family() {
        return isIpv6() ? "ipv6" : "ipv4";
    }

    /** Returns the address for the JDK. */
    public InetAddress toInetAddress() {
        return lookUp(text);
    }

    /** Renders the address alone. */
    @Override
    public String toString() {
        return text;
    }

    private static String canonical(String text) {
        if (IPV4.matcher(text).matches()) {
            return lookUp(text).getHostAddress();
        }
        if (IPV6_CHARACTERS.matcher(text).matches() && lookUp(text) instanceof Inet6Address address) {
            return rfc5952(address.getAddress());
        }
        throw notAnAddress(text);
    }

    /** Resolves a literal; what was checked above cannot be a name, so nothing is asked of DNS. */
    private static InetAddress lookUp(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw notAnAddress(literal);
        }
    }

    private static IllegalArgumentException notAnAddress(String text) {
        String advice = text.startsWith("[")
                ? "; write it without brackets"
                : text.indexOf('/') >= 0 ? "; write it without a prefix length" : "";
        return new IllegalArgumentException(
                "expected an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8:a::10, but found '" + text + "'"
                        + advice);
    }

    /** Writes the longest run of two or more zero groups as {@code ::}, and no leading zeros (RFC 5952 §4). */
    private static String rfc5952(byte[] octets) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (octets[2 * i] & 0xff) << 8 | (octets[2 * i + 1] & 0xff);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                out.append("::");
                i += runLength - 1;
                continue;
            }
            if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }
}
