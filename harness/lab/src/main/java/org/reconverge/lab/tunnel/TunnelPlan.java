package org.reconverge.lab.tunnel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.reconverge.lab.LabException;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Site;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.TunnelSpec.Profile;
import org.reconverge.model.spec.TunnelSpec.Type;

/**
 * The tunnels of one lab, with keys and certificates made for it alone. Every site gets the same ones: to a client the
 * platform is one peer, whichever site answers.
 *
 * @param concentrators the ends at the sites, one for each site, protocol and profile in use
 * @param clients the ends at the clients
 * @param interfaces the name of each client's tunnel interface, by client
 * @param ports the UDP ports that concentrators listen on, by the node they run beside
 */
public record TunnelPlan(
        List<TunnelEnd> concentrators,
        List<TunnelEnd> clients,
        Map<String, String> interfaces,
        Map<String, List<Integer>> ports) {

    /** Where a service host finds {@link #ports}, one in a line, if tunnels end at it. */
    public static final String PORTS = "/etc/reconverge-vpn/ports";

    private static final String DIRECTORY = "/etc/reconverge-vpn/";

    /** RFC 2544: what all inner addresses are from. */
    private static final String INNER_NETWORK = "198.18.0.0/15";

    /** The name under which every site is known to clients. */
    private static final String PLATFORM = "platform";

    /** Copies the collections, so that a plan never changes. */
    public TunnelPlan {
        concentrators = List.copyOf(concentrators);
        clients = List.copyOf(clients);
        interfaces = Map.copyOf(interfaces);
        ports = Map.copyOf(ports);
    }

    /**
     * Plans the tunnels of a spec, and makes their keys.
     *
     * @throws LabException if IPsec is asked for in two profiles: one network namespace holds one of each
     */
    public static TunnelPlan of(FailoverSpec spec) {
        return new Planner(spec).plan();
    }

    /** Returns whether there is no tunnel at all. */
    public boolean isEmpty() {
        return clients.isEmpty();
    }

    private record Kind(Type type, Profile profile, int number) implements Comparable<Kind> {

        static Kind of(TunnelSpec tunnel) {
            return new Kind(tunnel.type(), tunnel.profile(), tunnel.number());
        }

        @Override
        public int compareTo(Kind other) {
            int byType = type.compareTo(other.type);
            int byProfile = byType != 0 ? byType : profile.compareTo(other.profile);
            return byProfile != 0 ? byProfile : Integer.compare(number, other.number);
        }

        String typeName() {
            return type.name().toLowerCase(Locale.ROOT);
        }

        String profileName() {
            return profile.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return typeName() + "-" + profileName() + (number == 0 ? "" : "-" + (number + 1));
        }
    }

    private static final class Planner {

        private final FailoverSpec spec;
        private final WireGuardKey platformKey = WireGuardKey.generate();
        private final Map<String, WireGuardKey> clientKeys = new HashMap<>();
        private final Map<Kind, List<ClientSpec>> kinds = new TreeMap<>();
        /** Several profiles of a protocol stand side by side at a site, so each has its port and its interface. */
        private final Map<Kind, Integer> numbers = new HashMap<>();

        Planner(FailoverSpec spec) {
            this.spec = spec;
            for (ClientSpec client : spec.clients().values()) {
                client.tunnel()
                        .ifPresent(tunnel -> kinds.computeIfAbsent(Kind.of(tunnel), kind -> new ArrayList<>())
                                .add(client));
            }
            Map<Type, Integer> used = new EnumMap<>(Type.class);
            for (Kind kind : kinds.keySet()) {
                int number = used.merge(kind.type(), 1, Integer::sum) - 1;
                numbers.put(kind, number);
                if (kind.type() == Type.IPSEC && number > 0) {
                    throw new LabException("IPsec is asked for in two profiles, but a site runs one charon, which"
                            + " retransmits for all of its clients alike; choose one profile for every IPsec client");
                }
            }
        }

        TunnelPlan plan() {
            Optional<CertificateAuthority> authority =
                    kinds.keySet().stream().anyMatch(kind -> kind.type() != Type.WIREGUARD)
                            ? Optional.of(new CertificateAuthority())
                            : Optional.empty();
            Optional<CertificateAuthority.Credential> platform =
                    authority.map(one -> one.issue(PLATFORM, CertificateAuthority.Purpose.SERVER));
            List<TunnelEnd> sites = new ArrayList<>();
            List<TunnelEnd> ends = new ArrayList<>();
            Map<String, String> interfaces = new HashMap<>();
            kinds.forEach((kind, clients) -> {
                clients.forEach(client -> {
                    Map<String, String> files = secrets(
                            kind,
                            key(client),
                            authority,
                            authority.map(one -> one.issue(client.name(), CertificateAuthority.Purpose.CLIENT)));
                    files.put(
                            DIRECTORY + "tunnel.json",
                            clientSettings(kind, client).toString());
                    ends.add(new TunnelEnd(client.node(), kind.toString(), files));
                    interfaces.put(client.name(), interfaceName(kind, kind.number()));
                });
                for (Site site : spec.sites().values()) {
                    Map<String, String> files = secrets(kind, platformKey, authority, platform);
                    files.put(
                            DIRECTORY + "tunnel.json",
                            siteSettings(kind, site, clients).toString());
                    sites.add(new TunnelEnd(site.concentrator(), kind.toString(), files));
                }
            });
            Map<String, List<Integer>> ports = new HashMap<>();
            List<Integer> all = kinds.keySet().stream().map(this::port).toList();
            if (!all.isEmpty()) {
                spec.sites().values().forEach(site -> ports.put(site.concentrator(), all));
            }
            return new TunnelPlan(sites, ends, interfaces, ports);
        }

        private static Map<String, String> secrets(
                Kind kind,
                WireGuardKey key,
                Optional<CertificateAuthority> authority,
                Optional<CertificateAuthority.Credential> credential) {
            Map<String, String> files = new LinkedHashMap<>();
            if (kind.type() == Type.WIREGUARD) {
                files.put(DIRECTORY + "private.key", key.privateKey() + "\n");
            } else {
                files.put(DIRECTORY + "ca.pem", authority.orElseThrow().certificate());
                files.put(DIRECTORY + "cert.pem", credential.orElseThrow().certificate());
                files.put(DIRECTORY + "key.pem", credential.orElseThrow().privateKey());
            }
            return files;
        }

        private WireGuardKey key(ClientSpec client) {
            return clientKeys.computeIfAbsent(client.name(), name -> WireGuardKey.generate());
        }

        private ObjectNode settings(Kind kind, int interfaceNumber) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("type", kind.typeName())
                    .put("profile", kind.profileName())
                    .put("interface", interfaceName(kind, interfaceNumber))
                    .put("service", spec.tunnelAddress().orElseThrow())
                    .put("port", port(kind))
                    .put("platform", TunnelSpec.platformAddress(kind.number()))
                    .put("network", INNER_NETWORK);
        }

        private ObjectNode clientSettings(Kind kind, ClientSpec client) {
            TunnelSpec tunnel = client.tunnel().orElseThrow();
            ObjectNode settings = settings(kind, kind.number())
                    .put("role", "client")
                    .put("side", TunnelChanged.CLIENT)
                    .put("client", client.name())
                    .put("innerAddress", tunnel.innerAddress());
            tunnel.from().ifPresent(address -> settings.put("from", address));
            if (!tunnel.networks().isEmpty()) {
                settings.put("routed", true);
            }
            if (kind.type() == Type.WIREGUARD) {
                settings.put("publicKey", platformKey.publicKey());
                // Both ends of a pinned tunnel are as any others; only the client was told another address.
                tunnel.peer().ifPresent(address -> settings.put("service", address));
                tunnel.keepalive().ifPresent(keepalive -> settings.put("keepalive", keepalive.toSeconds()));
            }
            return settings;
        }

        private ObjectNode siteSettings(Kind kind, Site site, List<ClientSpec> clients) {
            ObjectNode settings =
                    settings(kind, number(kind)).put("role", "concentrator").put("side", site.name());
            ArrayNode peers = settings.putArray("peers");
            for (ClientSpec client : clients) {
                ObjectNode peer = peers.addObject()
                        .put("client", client.name())
                        .put("innerAddress", client.tunnel().orElseThrow().innerAddress());
                client.tunnel().orElseThrow().networks().forEach(peer.withArray("networks")::add);
                if (kind.type() == Type.WIREGUARD) {
                    peer.put("publicKey", key(client).publicKey());
                }
            }
            return settings;
        }

        private int number(Kind kind) {
            return Objects.requireNonNull(numbers.get(kind));
        }

        private int port(Kind kind) {
            // As registered with IANA; WireGuard has none, and this is the one its documentation uses.
            int first = switch (kind.type()) {
                case WIREGUARD -> 51820;
                case OPENVPN -> 1194;
                case IPSEC -> 4500;
            };
            return first + number(kind);
        }

        private static String interfaceName(Kind kind, int number) {
            String prefix = switch (kind.type()) {
                case WIREGUARD -> "wg";
                case OPENVPN -> "tun";
                case IPSEC -> "ipsec";
            };
            return prefix + number;
        }
    }
}
