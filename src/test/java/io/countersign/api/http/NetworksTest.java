package io.countersign.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "192.0.2.7, 192.0.2.7/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255, 255.255.255.255/32",
        "2001:db8::/32, 2001:db8::/32",
        "2001:0DB8:0:0:0:0:0:1, 2001:db8::1/128",
        "::/0, ::/0",
        "::1, ::1/128",
        "fe80:0:0:1:0:0:0:0/64, fe80:0:0:1::/64",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1/128",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8/128",
        "10:0:0:10:0:0:0:1, 10:0:0:10::1/128",
        "2001:db8:100:0:0:0:0:0/48, 2001:db8:100::/48",
    })
    void address_or_network_is_written_in_one_form(String text, String network) {
        assertThat(Networks.parse(text)).hasValue(network);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1 ",
                "167772160",
                "0x0a.0.0.1",
                "example.com",
                "localhost",
                "fe80::1%eth0",
                "2001:db8::1/32",
                "2001:db8::/129",
                "2001:db8:::1",
                "::ffff:10.0.0.1",
                "::ffff:a00:1",
                "::ffff:0:0/96",
                "10.0.0.0/255.0.0.0",
                "10.*",
                "10.0.0.0-10.0.0.9",
                "/8",
                "8/8",
                "10.0.0.0/8/",
                "10/8",
                "20010db8000000000000000000000001",
                "2001:db8::10.0.0.0/128",
                "*",
                "10.0.0.0/8 ",
                "0b1010.0.0.0",
                "2001:db8::/032",
                "1:2:3:4:5:6:7",
                "12345::",
                ":",
                "١٠.0.0.1",
            })
    void anything_else_is_refused(String text) {
        assertThat(Networks.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16",
        "10.0.0.0/8, 10.0.0.0/8",
        "10.0.0.0/8, 10.255.255.255",
        "10.0.0.0/9 10.128.0.0/9, 10.0.0.0/8",
        "10.0.0.0/8 192.0.2.0/24, 192.0.2.7 10.9.9.9",
        "0.0.0.0/0, 255.255.255.255",
        "2001:db8::/32, 2001:db8:1::/48",
        "2001:db8::/33 2001:db8:8000::/33 10.0.0.0/8, 2001:0DB8::/32 10.0.0.1",
        "::/0, ::1",
    })
    void networks_cover_what_lies_within_them_together(String networks, String others) {
        assertThat(Networks.covers(List.of(networks.split(" ")), List.of(others.split(" "))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.0.0.0/8",
        "10.0.0.0/8, 11.0.0.0",
        "10.0.0.0/8, 10.0.0.1 11.0.0.1",
        "10.0.0.0/9 10.128.0.0/10, 10.0.0.0/8",
        "0.0.0.0/0, ::1",
        "::/0, 10.0.0.1",
        "10.0.0.0/8, ::ffff:10.0.0.1",
        "10.0.0.0/8, fe80::1%eth0",
        "10.0.0.0/8, proxy",
    })
    void networks_do_not_cover_what_is_outside_of_them_or_no_address(String networks, String others) {
        assertThat(Networks.covers(List.of(networks.split(" ")), List.of(others.split(" "))))
                .isFalse();
    }

    @Test
    void no_network_covers_nothing() {
        assertThat(Networks.covers(List.of(), List.of("10.0.0.1"))).isFalse();
        assertThat(Networks.covers(List.of(), List.of())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2:ffff:0:0:1, 2001:db8:1:2::/64",
        "0:0:0:0:0:0:0:1, ::/64",
        "fe80:0:0:0:1:2:3:4%eth0, fe80::/64",
        "::ffff:192.0.2.7, ::ffff:192.0.2.7",
        "unknown, unknown",
    })
    void one_customer_has_an_address_of_ipv4_or_a_network_of_64_bits(String address, String customer) {
        assertThat(Networks.customerOf(address)).isEqualTo(customer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "172.32.0.1",
                "192.0.2.1",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "::ffff:8.8.8.8"
            })
    void address_of_the_internet_is_public(String address) throws Exception {
        assertThat(Networks.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1.2.3",
                "100.127.255.255",
                "192.0.0.255",
                "198.19.255.255",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::8.8.8.8",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::808:808",
                "64:ff9b::1:808:808",
                "2001:0:1::1",
                "2002:a00:1::1",
                "fdff::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void special_address_is_not_public(String address) throws Exception {
        assertThat(Networks.isPublic(InetAddress.getByName(address))).isFalse();
    }
}
