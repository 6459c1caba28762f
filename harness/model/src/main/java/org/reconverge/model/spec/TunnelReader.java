package org.reconverge.model.spec;

import static org.reconverge.model.spec.SpecForm.checkKeys;
import static org.reconverge.model.spec.SpecForm.choice;
import static org.reconverge.model.spec.SpecForm.duration;
import static org.reconverge.model.spec.SpecForm.required;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;
import org.reconverge.model.topology.IpAddress;
import org.reconverge.model.topology.Prefix;

/** Reads the tunnels of clients, and gives each its inner address. */
final class TunnelReader {

    private static final Set<String> KEYS = Set.of("type", "profile", "keepalive", "from", "to", "networks");
    private static final Duration LONGEST_KEEPALIVE = Duration.ofSeconds(65535);

    private final SpecReader.Service service;
    private final Collection<Site> sites;
    private int given;
    private final Map<String, Integer> byNode = new HashMap<>();

    TunnelReader(SpecReader.Service service, Collection<Site> sites) {
        this.service = service;
        this.sites = sites;
    }

    /**
     * Reads the tunnel of a client.
     *
     * @param node the client's node; several clients may have one on the same node, each from an address of its own
     */
    Optional<TunnelSpec> read(YamlMapping client, String node) {
        return client.get("tunnel").flatMap(value -> tunnel(value, node));
    }

    private Optional<TunnelSpec> tunnel(YamlValue value, String node) {
        Optional<YamlMapping> written = required(value, "a tunnel, such as '{type: wireguard}'");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        YamlMapping tunnel = written.get();
        checkKeys(tunnel, KEYS);
        Optional<TunnelSpec.Type> type = tunnel.require("type", "wireguard, openvpn or ipsec")
                .flatMap(text -> choice(
                        text,
                        Map.of(
                                "wireguard", TunnelSpec.Type.WIREGUARD,
                                "openvpn", TunnelSpec.Type.OPENVPN,
                                "ipsec", TunnelSpec.Type.IPSEC)));
        TunnelSpec.Profile profile = tunnel.get("profile")
                .flatMap(text -> choice(
                        text,
                        Map.of(
                                "stock", TunnelSpec.Profile.STOCK,
                                "tuned", TunnelSpec.Profile.TUNED,
                                "assisted", TunnelSpec.Profile.ASSISTED)))
                .orElse(TunnelSpec.Profile.TUNED);
        Optional<Duration> keepalive = duration(tunnel, "keepalive");
        tunnel.get("keepalive").ifPresent(place -> checkKeepalive(keepalive, type, place));
        Optional<String> peer = tunnel.get("to").flatMap(place -> peer(place, type));
        boolean hasIpv4 = service.addresses().stream()
                .anyMatch(address -> address.family().equals("ipv4"));
        if (!hasIpv4 && !service.addresses().isEmpty()) {
            tunnel.error(
                    "expected an IPv4 service address for the tunnel to run to, but the service has none; add one to "
                            + "service.addresses");
        }
        sites.stream()
                .filter(site -> site.hosts().size() > 1)
                .findFirst()
                .ifPresent(site -> tunnel.error("expected sites with one 'service' host each, where tunnels end, but "
                        + site.name() + " has " + site.hosts().size()
                        + "; the keys of a tunnel are known to one host alone"));
        Optional<String> from = tunnel.get("from")
                .flatMap(place -> place.parsed("an IPv4 address of the node", IpAddress::parse)
                        .filter(address -> isIpv4(address, place)))
                .map(IpAddress::text);
        List<String> networks = tunnel.get("networks").stream()
                .flatMap(list -> list.items("a list of networks").stream())
                .flatMap(item -> item.parsed("a network, such as 198.18.200.0/24", Prefix::parse).stream())
                .map(Prefix::toString)
                .toList();
        int number = byNode.merge(node, 1, Integer::sum) - 1;
        type.filter(known -> known == TunnelSpec.Type.IPSEC && from.isPresent())
                .ifPresent(known -> tunnel.error(
                        "expected wireguard or openvpn; a node runs one charon, which keeps to no" + " access line"));
        type.filter(known -> known != TunnelSpec.Type.WIREGUARD && !networks.isEmpty())
                .ifPresent(known ->
                        tunnel.error("expected no 'networks' beside this type; it is for wireguard, whose peers"
                                + " are routed by them"));
        String innerAddress = innerAddress(given++);
        return type.map(known -> new TunnelSpec(known, profile, keepalive, innerAddress, from, networks, number, peer));
    }

    private static boolean isIpv4(IpAddress address, YamlValue place) {
        boolean is = address.family().equals("ipv4");
        if (!is) {
            place.error("expected an IPv4 address, as tunnels run over IPv4, but found '" + address.text() + "'");
        }
        return is;
    }

    /** A peer that is configured by the address of one site ends there, however anycast moves. */
    private Optional<String> peer(YamlValue place, Optional<TunnelSpec.Type> type) {
        if (type.isPresent() && type.get() != TunnelSpec.Type.WIREGUARD) {
            place.error("expected no 'to' beside 'type: "
                    + type.get().name().toLowerCase(java.util.Locale.ROOT)
                    + "', whose concentrators listen on the service address alone; it is for wireguard");
            return Optional.empty();
        }
        List<String> known = sites.stream()
                .flatMap(site -> site.addresses().stream())
                .filter(address -> !address.contains(":"))
                .toList();
        return place.parsed("an address", IpAddress::parse).map(IpAddress::text).filter(address -> {
            if (address.startsWith("198.18.") || address.startsWith("198.19.")) {
                place.error(
                        "expected an address outside 198.18.0.0/15, which is inside the tunnels; give the site another"
                                + " one");
            }
            boolean isKnown = known.contains(address);
            if (!isKnown) {
                place.error("expected an IPv4 address of a site (sites.<name>.addresses), but found '" + address + "'"
                        + Suggestion.or(address, known, "they are"));
            }
            return isKnown;
        });
    }

    private static void checkKeepalive(Optional<Duration> keepalive, Optional<TunnelSpec.Type> type, YamlValue place) {
        if (type.isPresent() && type.get() != TunnelSpec.Type.WIREGUARD) {
            place.error("expected no 'keepalive' beside 'type: "
                    + type.get().name().toLowerCase(java.util.Locale.ROOT)
                    + "', whose profile sets it; it is for wireguard");
        } else if (keepalive.isPresent()
                && (keepalive.get().getNano() != 0 || keepalive.get().compareTo(LONGEST_KEEPALIVE) > 0)) {
            place.error("expected whole seconds up to 65535s, as WireGuard counts them, but found "
                    + DurationText.format(keepalive.get()));
        }
    }

    /** Returns 198.18.1.1, 198.18.1.2, and so on, without the last octets 0 and 255. */
    private static String innerAddress(int number) {
        return "198.18." + (1 + number / 254) + "." + (1 + number % 254);
    }
}
