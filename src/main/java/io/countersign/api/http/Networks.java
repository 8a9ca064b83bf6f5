package io.countersign.api.http;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddress.DualIPv4Pv6Arrays;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * IP addresses and networks. Text is read strictly, as a slip would let the wrong callers in: leading zeros, shortened
 * IPv4 addresses, zones, IPv4 in IPv6 and bits beyond the prefix are refused.
 */
public final class Networks {

    /** The rule in words, read after a field's name. */
    public static final String RULE =
            "must be an IPv4 or IPv6 address, or a network such as 10.0.0.0/8 without bits beyond the" + " prefix";

    /** Excludes other forms that the parser accepts: ranges, wildcards, zones, other scripts' digits, blanks, "/08". */
    private static final Pattern CHARACTERS = Pattern.compile("[0-9a-fA-F.:]+(/(0|[1-9][0-9]*))?");

    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowPrefixOnly(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .allow_inet_aton(false)
            .getIPv4AddressParametersBuilder()
            .allowLeadingZeros(false)
            .allowPrefixesBeyondAddressSize(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowMixed(false)
            .allowPrefixesBeyondAddressSize(false)
            .getParentBuilder()
            .toParams();

    /** Networks that are not part of the public Internet (IANA's special-purpose address registries), and multicast. */
    private static final List<IPAddress> SPECIAL = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/3",
                    "::/96",
                    "64:ff9b::/32",
                    "2001::/32",
                    "fc00::/7",
                    "fe80::/9",
                    "ff00::/8")
            .map(text -> new IPAddressString(text).getAddress())
            .toList();

    private Networks() {}

    /**
     * @param text an address or a network; null breaks the rule
     * @return the network in CIDR notation, in the one form that RFC 5952 recommends; empty if it breaks the rule
     */
    public static Optional<String> parse(String text) {
        return network(text).map(IPAddress::toCanonicalString);
    }

    /**
     * @param networks addresses and networks; none cover nothing
     * @param others addresses and networks
     * @return whether each of the others lies within the networks taken together; false if one of them breaks the rule
     */
    public static boolean covers(Collection<String> networks, Collection<String> others) {
        // Two halves become one network, which contains what spans them.
        DualIPv4Pv6Arrays merged = IPAddress.mergeToDualPrefixBlocks(
                networks.stream().flatMap(text -> network(text).stream()).toArray(IPAddress[]::new));
        return others.stream()
                .map(Networks::network)
                .allMatch(other -> other.isPresent()
                        && Stream.<IPAddress[]>of(merged.addressesIPv4, merged.addressesIPv6)
                                .flatMap(Arrays::stream)
                                .anyMatch(network -> network.contains(other.get())));
    }

    /**
     * @param address an IP address, also with a zone
     * @return what one customer of a provider has: an IPv4 address itself, the network of 64 bits of an IPv6 address;
     *     the text as it is if it is no address
     */
    public static String customerOf(String address) {
        IPAddress parsed = new IPAddressString(address).getAddress();
        return parsed instanceof IPv6Address v6 && !v6.isIPv4Mapped()
                ? v6.removeZone().toPrefixBlock(64).toCanonicalString()
                : address;
    }

    /**
     * @param address any address
     * @return whether it is one of the public Internet, and leads to no other address by translation or a tunnel
     */
    public static boolean isPublic(InetAddress address) {
        return isPublic(new IPAddressGenerator().from(address));
    }

    private static boolean isPublic(IPAddress address) {
        if (address instanceof IPv6Address v6 && v6.isWellKnownIPv4Translatable()) {
            return isPublic(v6.getEmbeddedIPv4Address());
        }
        if (address instanceof IPv6Address v6 && v6.is6To4()) {
            return isPublic(v6.get6To4IPv4Address());
        }
        return SPECIAL.stream().noneMatch(network -> network.contains(address));
    }

    private static Optional<IPAddress> network(String text) {
        return Optional.ofNullable(text)
                .filter(some -> CHARACTERS.matcher(some).matches())
                .map(some -> new IPAddressString(some, STRICT).getAddress())
                .map(address -> address.isPrefixed() ? address : address.toPrefixBlock(address.getBitCount()))
                .filter(IPAddress::isPrefixBlock)
                .filter(network -> !(network instanceof IPv6Address v6 && v6.isIPv4Mapped()));
    }
}
