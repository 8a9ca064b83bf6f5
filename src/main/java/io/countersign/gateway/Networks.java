package io.countersign.gateway;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads addresses and networks, strictly: a slip in one would let the wrong callers in. Leading zeros, shortened
 * addresses, zones, IPv4 in IPv6 and bits beyond the prefix are refused.
 */
final class Networks {

    /** The rule in words, read after a field's name. */
    static final String RULE =
            "must be an IPv4 or IPv6 address, or a network such as 10.0.0.0/8 whose address has no bits"
                    + " beyond the prefix";

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]{2,39}");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

    /** The longest run of zero groups, from two on, in an address of full groups (RFC 5952, section 4.2). */
    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])");

    private Networks() {}

    /**
     * @param text an address or a network
     * @return the network in CIDR notation, in the one form that RFC 5952 recommends; empty if it breaks the rule
     */
    static Optional<String> parse(String text) {
        if (text == null) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        int bits = address.length * 8;
        String prefixText = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!PREFIX.matcher(prefixText).matches() || Integer.parseInt(prefixText) > bits) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(prefixText);
        for (int bit = prefix; bit < bits; bit++) {
            if ((address[bit / 8] >> (7 - bit % 8) & 1) == 1) {
                return Optional.empty();
            }
        }
        return Optional.of(format(address) + "/" + prefix);
    }

    private static byte[] address(String text) {
        boolean four = IPV4.matcher(text).matches();
        if (!four && !(IPV6.matcher(text).matches() && text.contains(":"))) {
            return null;
        }
        try {
            // A literal: nothing is looked up.
            InetAddress address = InetAddress.getByName(text);
            return four || address instanceof Inet6Address ? address.getAddress() : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static String format(byte[] address) {
        StringBuilder text = new StringBuilder();
        if (address.length == 4) {
            for (byte octet : address) {
                text.append(text.isEmpty() ? "" : ".").append(octet & 0xff);
            }
            return text.toString();
        }
        for (int i = 0; i < address.length; i += 2) {
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((address[i] & 0xff) << 8 | address[i + 1] & 0xff));
        }
        String longest = "";
        for (Matcher zeros = ZEROS.matcher(text); zeros.find(); ) {
            longest = zeros.group().length() > longest.length() ? zeros.group() : longest;
        }
        if (longest.isEmpty()) {
            return text.toString();
        }
        Matcher run =
                Pattern.compile("(?<![0-9a-f])" + longest + "(?![0-9a-f])").matcher(text);
        return run.replaceFirst("::").replaceAll(":{3,}", "::");
    }
}
