package io.countersign.console.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** Links to the pages of a list. */
class PagingTest {

    @Test
    void next_page_keeps_the_filters_as_they_were_sent() {
        Paging paging = on("GET", "scope=organization%3Aacme&q=M%C3%BCller&from=2026-06-01T12%3A00&cursor=old");

        assertThat(paging.next("/audit", "a+b/c="))
                .isEqualTo(
                        "/audit?scope=organization%3Aacme&q=M%C3%BCller&from=2026-06-01T12%3A00&cursor=a%2Bb%2Fc%3D");
    }

    @Test
    void first_page_keeps_the_filters_and_drops_the_cursor() {
        Paging paging = on("GET", "cursor=old&scope=organization%3Aacme");

        assertThat(paging.first("/audit")).isEqualTo("/audit?scope=organization%3Aacme");
        assertThat(paging.first()).isFalse();
    }

    @Test
    void list_without_filters_has_a_plain_first_page_and_no_page_after_its_last() {
        Paging paging = on("GET", null);

        assertThat(paging.first("/audit")).isEqualTo("/audit");
        assertThat(paging.next("/audit", null)).isNull();
        assertThat(paging.first()).isTrue();
    }

    @Test
    void list_shown_again_after_a_refused_form_begins_with_its_first_page() {
        Paging paging = on("POST", "q=ignored");

        assertThat(paging.first("/people")).isEqualTo("/people");
    }

    private static Paging on(String method, String query) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/list");
        request.setQueryString(query);
        if (query != null && query.contains("cursor=old")) {
            request.setParameter("cursor", "old");
        }
        return new Paging(request);
    }
}
