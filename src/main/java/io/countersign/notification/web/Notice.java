package io.countersign.notification.web;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.ModelAndView;

/**
 * A page with a single message: success, or why it failed.
 *
 * @param good whether it succeeded
 * @param title the message in short
 * @param text the full message
 */
record Notice(boolean good, String title, String text) {

    static ModelAndView page(HttpStatus status, String title, String text) {
        ModelAndView page = new ModelAndView("notification/notice", status);
        page.addObject("notice", new Notice(status.is2xxSuccessful(), title, text));
        return page;
    }

    /** Keeps the token in the page's address out of caches and away from other servers. */
    static void keepTokenHere(HttpServletResponse response) {
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
    }
}
