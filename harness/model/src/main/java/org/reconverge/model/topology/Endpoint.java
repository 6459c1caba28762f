package org.reconverge.model.topology;

/**
 * One end of a link, written {@code node:interface} as in containerlab.
 *
 * @param node the node's name in the topology
 * @param interfaceName the interface inside the node, such as {@code eth1}
 */
public record Endpoint(String node, String interfaceName) {

    /**
     * Parses {@code node:interface}.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static Endpoint parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1 || text.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException(
                    "expected an endpoint 'node:interface', such as 'ber-edge1:eth1', but found '" + text + "'");
        }
        return new Endpoint(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return node + ":" + interfaceName;
    }
}
